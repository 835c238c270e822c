package org.narthex.rest;

import java.util.Locale;

/** Why a request failed, in the API's words, with the HTTP status that goes with it. */
enum ErrorType {
    BAD_DATA(400),
    EXECUTION(422),
    /** 499 is no registered status, but what Prometheus and its clients use. */
    CANCELED(499),
    TIMEOUT(503),
    INTERNAL(500),
    /** Prometheus answers 500 here; a part that is just being swapped is worth another try, which 503 says. */
    UNAVAILABLE(503),
    /** Switched off by a flag; Prometheus calls it unavailable as well, but another try will not help. */
    DISABLED(500),
    NOT_FOUND(404);

    private final int status;

    ErrorType(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    String word() {
        return this == DISABLED ? UNAVAILABLE.word() : name().toLowerCase(Locale.ROOT);
    }
}
