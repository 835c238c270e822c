package org.narthex.remote;

/** The request is not what it says it is; sending it again does not help. The message says what is wrong, and in which byte. */
final class BadRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }
}
