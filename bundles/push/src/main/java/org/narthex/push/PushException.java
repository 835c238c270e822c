package org.narthex.push;

/** A request that cannot be done; the message is the answer. */
final class PushException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status of HTTP */
    PushException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
