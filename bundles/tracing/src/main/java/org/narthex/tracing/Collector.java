package org.narthex.tracing;

import java.io.IOException;

/** Where spans are sent to. Used by one thread. */
interface Collector extends AutoCloseable {
    /** The request was understood, and refused for good. */
    final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Sends one request.
     *
     * @throws RefusedException it would be refused again
     * @throws IOException the collector was not reached, or is busy
     */
    void send(byte[] request) throws IOException, InterruptedException;

    @Override
    default void close() {}
}
