package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

import org.narthex.api.alert.Alert;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.model.Labels;

/** Alerts that are notified together, and when that is due next. Belongs to the dispatcher's thread. */
final class AlertGroup {
    /** An empty group is forgotten after so long; until then its timer goes on. */
    private static final long EMPTY_MS = 30_000;

    private static final Comparator<Alert> ORDER = Comparator.comparing(Alert::isResolved)
            .thenComparing(alert -> alert.labels().get("job"), Labels.UTF8_ORDER)
            .thenComparing(alert -> alert.labels().get("instance"), Labels.UTF8_ORDER)
            .thenComparing(Alert::labels);

    /** By age. */
    final long number;
    /** What {@link GroupTimers} knows of {@link #wakeMs}; nothing yet. */
    long timerMs = Long.MIN_VALUE;

    private final String key;
    private final Labels labels;
    private final Route route;
    private final List<String> receivers;
    private final List<StoredAlert> alerts = new ArrayList<>();
    private long nextFlushMs;
    private boolean flushed;
    private long emptySinceMs;

    AlertGroup(long number, String key, Labels labels, Route route, long nowMs) {
        this.number = number;
        this.key = key;
        this.labels = labels;
        this.route = route;
        this.receivers = List.of(route.receiver());
        this.nextFlushMs = nowMs + route.groupWaitMs();
    }

    String key() {
        return key;
    }

    Labels labels() {
        return labels;
    }

    Route route() {
        return route;
    }

    /** The one it is told to. */
    List<String> receivers() {
        return receivers;
    }

    /** Goes on with the timer of the group as it was before a reload. */
    void continueTimer(AlertGroup before) {
        flushed = before.flushed;
        nextFlushMs = before.nextFlushMs - interval(before.route) + interval(route);
    }

    private long interval(Route of) {
        return flushed ? of.groupIntervalMs() : of.groupWaitMs();
    }

    void add(StoredAlert alert, long nowMs) {
        if (alert.join(this)) {
            alerts.add(alert);
        }
        if (!flushed && alert.alert.startsAtMs() + route.groupWaitMs() < nowMs) {
            // It has waited long enough, for instance before a restart.
            nextFlushMs = nowMs;
        }
    }

    boolean isDue(long nowMs) {
        return nextFlushMs <= nowMs && !alerts.isEmpty();
    }

    boolean isOver(long nowMs) {
        return alerts.isEmpty() && flushed && nowMs >= emptySinceMs + EMPTY_MS;
    }

    /** When it wants to be looked at next, in milliseconds since the epoch. */
    long wakeMs() {
        return alerts.isEmpty() ? emptySinceMs + EMPTY_MS : nextFlushMs;
    }

    /** Firing ones first. */
    static List<Alert> sorted(List<StoredAlert> alerts) {
        List<Alert> sorted = new ArrayList<>();
        alerts.forEach(stored -> sorted.add(stored.alert));
        sorted.sort(ORDER);
        return sorted;
    }

    List<StoredAlert> all() {
        return Collections.unmodifiableList(alerts);
    }

    /** Notes a flush and lets resolved alerts go; returns them. */
    List<StoredAlert> flushed(long nowMs) {
        flushed = true;
        nextFlushMs = nowMs + route.groupIntervalMs();
        List<StoredAlert> gone = new ArrayList<>();
        alerts.removeIf(alert -> alert.isResolved() && gone.add(alert));
        gone.forEach(alert -> alert.leave(this));
        if (alerts.isEmpty()) {
            emptySinceMs = nowMs;
        }
        return gone;
    }
}
