package org.narthex.exporter.node;

import java.io.IOException;

/** This host does not have what a collector measures: no fault, so nothing is logged. */
final class NoDataException extends IOException {
    private static final long serialVersionUID = 1;

    NoDataException(String missing) {
        super("there is no " + missing);
    }

    /** Thrown by a dozen collectors in every scrape, and never looked at. */
    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
