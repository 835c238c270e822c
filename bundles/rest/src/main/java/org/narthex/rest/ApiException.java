package org.narthex.rest;

import java.io.IOException;

import org.narthex.api.query.QueryException;
import org.narthex.api.storage.StorageNotReadyException;

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

    /** A storage that is only starting or being replaced makes the request worth trying again. */
    static ApiException of(IOException failure) {
        return failure instanceof StorageNotReadyException
                ? new ApiException(ErrorType.UNAVAILABLE, failure.getMessage())
                : new ApiException(ErrorType.INTERNAL, failure.getMessage(), failure);
    }

    ErrorType type() {
        return type;
    }

    static ApiException of(QueryException e) {
        return switch (e.kind()) {
            case BAD_DATA -> badParameter("query", e.getMessage());
            case EXECUTION -> new ApiException(ErrorType.EXECUTION, e.getMessage());
            case TIMEOUT -> new ApiException(ErrorType.TIMEOUT, e.getMessage());
            case CANCELED -> new ApiException(ErrorType.CANCELED, e.getMessage());
            case INTERNAL -> new ApiException(ErrorType.INTERNAL, e.getMessage(), e);
            case UNAVAILABLE -> new ApiException(ErrorType.UNAVAILABLE, e.getMessage());
        };
    }
}
