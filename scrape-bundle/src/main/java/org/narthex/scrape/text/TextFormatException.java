package org.narthex.scrape.text;

/** The text does not follow the format; the message names line, column and what was found. */
public final class TextFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    TextFormatException(String message) {
        super(message);
    }
}
