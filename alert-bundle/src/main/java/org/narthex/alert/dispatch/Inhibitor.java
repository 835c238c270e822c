package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.config.AlertingConfig.InhibitRule;
import org.narthex.api.model.Labels;

/**
 * Knows which alerts keep others from being told. For each rule its source alerts are kept by the values of the labels that must be equal, so that the
 * question for one alert costs the same whatever their number. Belongs to the dispatcher's thread.
 */
final class Inhibitor {
    private record Sources(InhibitRule rule, Map<List<String>, Map<Labels, StoredAlert>> byValues) {
        List<String> values(Labels labels) {
            List<String> values = new ArrayList<>();
            for (String name : rule.equal()) {
                values.add(labels.get(name));
            }
            return values;
        }
    }

    private final List<Sources> rules = new ArrayList<>();

    Inhibitor(List<InhibitRule> rules) {
        rules.forEach(rule -> this.rules.add(new Sources(rule, new HashMap<>())));
    }

    /** Takes an alert that is new; what becomes of it is seen when it counts. */
    void add(StoredAlert alert) {
        Labels labels = alert.alert.labels();
        for (Sources sources : rules) {
            if (AlertMatchers.matchAll(sources.rule.source(), labels)) {
                sources.byValues
                        .computeIfAbsent(sources.values(labels), values -> new LinkedHashMap<>())
                        .put(labels, alert);
            }
        }
    }

    void remove(StoredAlert alert) {
        Labels labels = alert.alert.labels();
        for (Sources sources : rules) {
            List<String> values = sources.values(labels);
            Map<Labels, StoredAlert> equal = sources.byValues.get(values);
            if (equal != null) {
                equal.remove(labels);
                if (equal.isEmpty()) {
                    sources.byValues.remove(values);
                }
            }
        }
    }

    /** The fingerprints of alerts that inhibit the one with the labels, one for each rule; none if it may be told. */
    List<String> inhibiting(Labels target) {
        List<String> found = new ArrayList<>();
        for (Sources sources : rules) {
            if (!AlertMatchers.matchAll(sources.rule.target(), target)) {
                continue;
            }
            Map<Labels, StoredAlert> equal = sources.byValues.getOrDefault(sources.values(target), Map.of());
            // One that is on both sides is not inhibited by another that is on both, nor by itself.
            boolean both = !equal.isEmpty() && AlertMatchers.matchAll(sources.rule.source(), target);
            for (StoredAlert source : equal.values()) {
                boolean counts = !source.isResolved()
                        && !(both && AlertMatchers.matchAll(sources.rule.target(), source.alert.labels()));
                if (counts) {
                    String fingerprint = source.alert.fingerprint();
                    if (!found.contains(fingerprint)) {
                        found.add(fingerprint);
                    }
                    break;
                }
            }
        }
        return found;
    }
}
