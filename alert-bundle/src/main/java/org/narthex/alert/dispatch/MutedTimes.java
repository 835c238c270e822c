package org.narthex.alert.dispatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.TimeInterval;

/** Says when a route tells nothing. */
record MutedTimes(Map<String, List<TimeInterval>> intervals) {
    /** The names of the intervals that mute the route now: those to be quiet in, or those to speak in if it is none of them. */
    List<String> muting(Route route, long nowMs) {
        Instant now = Instant.ofEpochMilli(nowMs);
        List<String> muting = new ArrayList<>();
        for (String name : route.muteTimeIntervals()) {
            if (contains(name, now)) {
                muting.add(name);
            }
        }
        boolean active = route.activeTimeIntervals().isEmpty()
                || route.activeTimeIntervals().stream().anyMatch(name -> contains(name, now));
        if (!active) {
            muting.addAll(route.activeTimeIntervals());
        }
        return muting;
    }

    private boolean contains(String name, Instant now) {
        return intervals.getOrDefault(name, List.of()).stream().anyMatch(interval -> interval.contains(now));
    }
}
