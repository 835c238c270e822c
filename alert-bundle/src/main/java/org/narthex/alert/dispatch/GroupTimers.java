package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Groups by when they want to be looked at: there may be thousands, and most turns concern few. Belongs to the dispatcher's thread. */
final class GroupTimers {
    private static final Comparator<AlertGroup> ORDER =
            Comparator.<AlertGroup>comparingLong(group -> group.timerMs).thenComparingLong(group -> group.number);

    private final NavigableSet<AlertGroup> groups = new TreeSet<>(ORDER);

    /** To be called whenever a group is new or became another. */
    void update(AlertGroup group) {
        long wakeMs = group.wakeMs();
        if (wakeMs != group.timerMs) {
            groups.remove(group);
            group.timerMs = wakeMs;
            groups.add(group);
        }
    }

    void remove(AlertGroup group) {
        groups.remove(group);
    }

    void clear() {
        groups.clear();
    }

    /** Those whose time has come, the earliest first. */
    List<AlertGroup> due(long nowMs) {
        List<AlertGroup> due = new ArrayList<>();
        for (AlertGroup group : groups) {
            if (group.timerMs > nowMs) {
                break;
            }
            due.add(group);
        }
        return due;
    }

    /** When the next one wants to be looked at, in milliseconds since the epoch. */
    long nextMs() {
        return groups.isEmpty() ? Long.MAX_VALUE : groups.first().timerMs;
    }
}
