package org.narthex.alert.dispatch;

/**
 * What became of one attempt to deliver.
 *
 * @param reason why it failed; empty if it did not
 */
record Outcome(Delivery delivery, Kind kind, String reason, double seconds) {
    enum Kind {
        DELIVERED,
        /** Refused for good. */
        REJECTED,
        /** Worth trying again. */
        FAILED
    }
}
