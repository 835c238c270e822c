package org.narthex.remote;

import org.narthex.api.storage.AppendResult;

/** Why a sample was refused, in the words of Prometheus' receiver. */
enum Rejection {
    OUT_OF_ORDER("out of order sample"),
    OUT_OF_BOUNDS("out of bounds"),
    TOO_FAR_AHEAD("out of bounds: timestamp is too far in the future"),
    TOO_OLD("too old sample"),
    DUPLICATE("duplicate sample for timestamp"),
    INVALID_LABELS("invalid metric name or labels"),
    INVALID_VALUE("invalid histogram"),
    SERIES_LIMIT("the storage takes no more series"),
    /** The storage says neither yes nor no; it breaks its contract. */
    UNSETTLED("the storage did not say what became of the sample");

    private final String text;

    Rejection(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    static Rejection of(AppendResult result) {
        return switch (result) {
            case OUT_OF_ORDER -> OUT_OF_ORDER;
            case OUT_OF_BOUNDS -> OUT_OF_BOUNDS;
            case TOO_OLD -> TOO_OLD;
            case DUPLICATE -> DUPLICATE;
            case INVALID_LABELS -> INVALID_LABELS;
            case INVALID_VALUE -> INVALID_VALUE;
            case SERIES_LIMIT -> SERIES_LIMIT;
            case OK, PENDING, UNKNOWN_REF -> UNSETTLED;
        };
    }
}
