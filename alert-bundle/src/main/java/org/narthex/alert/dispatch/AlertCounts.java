package org.narthex.alert.dispatch;

import java.util.HashMap;
import java.util.Map;

import org.narthex.api.alert.Alert;

/** How many alerts fire, and how many of those are suppressed; counted as they change, for there may be very many. Belongs to the dispatcher's thread. */
final class AlertCounts {
    private final Map<String, Integer> firingByName = new HashMap<>();
    private int firing;
    private int suppressed;

    /** To be called whenever an alert became another: new, over, suppressed, or not so any more. */
    void update(StoredAlert alert) {
        boolean fires = !alert.isResolved();
        boolean isSuppressed = fires && alert.suppressed;
        int more = difference(fires, alert.countedAsFiring);
        firing += more;
        if (more != 0) {
            firingByName.merge(name(alert.alert), more, (a, b) -> a + b == 0 ? null : a + b);
        }
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

    static String name(Alert alert) {
        return alert.labels().get("alertname");
    }

    /** How many of one {@link #name} fire. */
    int firing(String name) {
        return firingByName.getOrDefault(name, 0);
    }

    int suppressed() {
        return suppressed;
    }
}
