package org.narthex.alert.dispatch;

/**
 * What became of one attempt to deliver.
 *
 * @param reason why it failed; empty if it did not
 * @param memo what the channel wants to know next time, if it was delivered
 */
record Outcome(Delivery delivery, Kind kind, String reason, double seconds, String memo) {
    enum Kind {
        DELIVERED,
        /** Refused for good. */
        REJECTED,
        /** Worth trying again. */
        FAILED
    }
}
