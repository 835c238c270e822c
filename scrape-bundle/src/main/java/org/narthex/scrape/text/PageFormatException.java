package org.narthex.scrape.text;

/** The page does not follow its format; the message names the place and what was found. */
public final class PageFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    public PageFormatException(String message) {
        super(message);
    }
}
