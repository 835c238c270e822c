package org.narthex.rest;

/** A request that gets an error answer; the message is meant for its author. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorType type;

    ApiException(ErrorType type, String message) {
        this(type, message, null);
    }

    ApiException(ErrorType type, String message, Throwable cause) {
        // Most are mistakes of callers, whose stack says nothing.
        super(message, cause, false, cause != null);
        this.type = type;
    }

    static ApiException badParameter(String name, String reason) {
        return new ApiException(ErrorType.BAD_DATA, "invalid parameter \"" + name + "\": " + reason);
    }

    ErrorType type() {
        return type;
    }
}
