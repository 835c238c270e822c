package org.narthex.push;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricFamily;

/**
 * What was pushed under one set of labels. Immutable.
 *
 * @param families by name; their samples carry the labels of the group
 * @param pushedAtMs when the last push was taken, in milliseconds since the epoch; 0 if none was
 * @param failedAtMs when the last push was refused for what it said; 0 if none was
 * @param ttlMs how long after its last push the group goes, as that push asked for; 0 if it did not
 */
record PushedGroup(Labels labels, Map<String, Pushed> families, long pushedAtMs, long failedAtMs, long ttlMs) {
    static final String PUSH_TIME = "push_time_seconds";
    static final String FAILURE_TIME = "push_failure_time_seconds";

    /** A family, and when it was pushed. */
    record Pushed(MetricFamily family, long pushedAtMs) {}

    PushedGroup {
        families = Collections.unmodifiableMap(new LinkedHashMap<>(families));
    }

    static PushedGroup empty(Labels labels) {
        return new PushedGroup(labels, Map.of(), 0, 0, 0);
    }

    /** The group after a push that was taken; those of its families that are pushed again are replaced. */
    PushedGroup with(List<MetricFamily> pushed, long nowMs, long newTtlMs) {
        Map<String, Pushed> all = new LinkedHashMap<>(families);
        for (MetricFamily family : pushed) {
            all.put(family.name(), new Pushed(family, nowMs));
        }
        return new PushedGroup(labels, all, nowMs, failedAtMs, newTtlMs);
    }

    PushedGroup withoutFamilies() {
        return new PushedGroup(labels, Map.of(), pushedAtMs, failedAtMs, ttlMs);
    }

    PushedGroup failed(long nowMs) {
        return new PushedGroup(labels, families, pushedAtMs, nowMs, ttlMs);
    }

    boolean lastPushSucceeded() {
        return pushedAtMs > failedAtMs;
    }

    /** @param defaultTtlMs of groups whose push did not ask for one; 0 for ever */
    boolean isOver(long nowMs, long defaultTtlMs) {
        long ttl = ttlMs > 0 ? ttlMs : defaultTtlMs;
        return ttl > 0 && nowMs - Math.max(pushedAtMs, failedAtMs) >= ttl;
    }

    /** All that is exposed: what was pushed, and when. */
    List<Pushed> exposed() {
        List<Pushed> exposed = new ArrayList<>(families.values());
        exposed.add(
                time(PUSH_TIME, "Last Unix time when changing this group in the Pushgateway succeeded.", pushedAtMs));
        exposed.add(
                time(FAILURE_TIME, "Last Unix time when changing this group in the Pushgateway failed.", failedAtMs));
        return exposed;
    }

    private Pushed time(String name, String help, long timeMs) {
        return new Pushed(
                new MetricFamily(
                        name,
                        MetricType.GAUGE,
                        help,
                        List.of(new MetricFamily.Sample(name, labels, timeMs / 1e3, OptionalLong.empty()))),
                timeMs);
    }
}
