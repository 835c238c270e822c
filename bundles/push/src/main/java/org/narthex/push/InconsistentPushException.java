package org.narthex.push;

/** What was pushed cannot be exposed beside what is there; the message says why. */
final class InconsistentPushException extends Exception {
    private static final long serialVersionUID = 1L;

    InconsistentPushException(String message) {
        super(message);
    }
}
