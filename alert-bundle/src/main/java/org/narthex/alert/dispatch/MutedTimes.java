package org.narthex.alert.dispatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.TimeInterval;

/** Says when a route tells nothing. Belongs to the dispatcher's thread. */
final class MutedTimes {
    private final Map<String, List<TimeInterval>> intervals;
    /** What was found out about {@link #knownMs}: it is asked for every alert of an answer, and calendars are slow. */
    private final Map<String, Boolean> known = new HashMap<>();

    private long knownMs;

    MutedTimes(Map<String, List<TimeInterval>> intervals) {
        this.intervals = intervals;
    }

    /** The names of the intervals that mute the route now: those to be quiet in, or those to speak in if it is none of them. */
    List<String> muting(Route route, long nowMs) {
        if (route.muteTimeIntervals().isEmpty() && route.activeTimeIntervals().isEmpty()) {
            return List.of();
        }
        if (nowMs != knownMs) {
            known.clear();
            knownMs = nowMs;
        }
        List<String> muting = new ArrayList<>();
        for (String name : route.muteTimeIntervals()) {
            if (isNow(name)) {
                muting.add(name);
            }
        }
        boolean active = route.activeTimeIntervals().isEmpty()
                || route.activeTimeIntervals().stream().anyMatch(this::isNow);
        if (!active) {
            muting.addAll(route.activeTimeIntervals());
        }
        return muting;
    }

    private boolean isNow(String name) {
        return known.computeIfAbsent(name, unknown -> {
            Instant now = Instant.ofEpochMilli(knownMs);
            return intervals.getOrDefault(unknown, List.of()).stream().anyMatch(interval -> interval.contains(now));
        });
    }
}
