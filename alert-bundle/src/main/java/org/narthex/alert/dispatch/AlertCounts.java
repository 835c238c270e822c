package org.narthex.alert.dispatch;

/** How many alerts fire, and how many of those are suppressed; counted as they change, for there may be very many. Belongs to the dispatcher's thread. */
final class AlertCounts {
    private int firing;
    private int suppressed;

    /** To be called whenever an alert became another: new, over, suppressed, or not so any more. */
    void update(StoredAlert alert) {
        boolean fires = !alert.isResolved();
        boolean isSuppressed = fires && alert.suppressed;
        firing += difference(fires, alert.countedAsFiring);
        suppressed += difference(isSuppressed, alert.countedAsSuppressed);
        alert.countedAsFiring = fires;
        alert.countedAsSuppressed = isSuppressed;
    }

    private static int difference(boolean now, boolean before) {
        return (now ? 1 : 0) - (before ? 1 : 0);
    }

    int firing() {
        return firing;
    }

    int suppressed() {
        return suppressed;
    }
}
