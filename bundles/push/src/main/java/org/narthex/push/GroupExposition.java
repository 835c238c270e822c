package org.narthex.push;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.api.scrape.MetricFamily;
import org.narthex.api.scrape.MetricSink;

/** Writes all groups as one page. */
final class GroupExposition {
    private static final String INSTANCE = "instance";

    private GroupExposition() {}

    static void write(List<PushedGroup> groups, MetricSink sink) {
        Map<String, List<PushedGroup.Pushed>> families = new TreeMap<>(Labels.UTF8_ORDER);
        for (PushedGroup group : groups) {
            for (PushedGroup.Pushed pushed : group.exposed()) {
                families.computeIfAbsent(pushed.family().name(), name -> new ArrayList<>())
                        .add(pushed);
            }
        }
        families.forEach((name, parts) -> {
            MetricFamily newest = parts.stream()
                    .reduce((a, b) -> a.pushedAtMs() > b.pushedAtMs() ? a : b)
                    .orElseThrow()
                    .family();
            sink.family(name, newest.type(), newest.help());
            for (PushedGroup.Pushed part : parts) {
                for (MetricFamily.Sample sample : part.family().samples()) {
                    sink.sample(sample.name(), sample.value(), pairs(sample.labels()));
                }
            }
        });
    }

    /** With an empty instance where there is none, so that a scrape that honors labels does not put its target's there. */
    static String[] pairs(Labels labels) {
        boolean bare = !labels.has(INSTANCE);
        String[] pairs = new String[2 * labels.size() + (bare ? 2 : 0)];
        for (int i = 0; i < labels.size(); i++) {
            pairs[2 * i] = labels.name(i);
            pairs[2 * i + 1] = labels.value(i);
        }
        if (bare) {
            pairs[pairs.length - 2] = INSTANCE;
            pairs[pairs.length - 1] = "";
        }
        return pairs;
    }
}
