package org.narthex.api.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A rule group with all defaults filled in; durations in milliseconds.
 *
 * @param file where it stands, as a path
 * @param limit the most series or alerts a rule may give, 0 for no limit
 */
public record RuleGroup(String file, String name, long intervalMs, int limit, long queryOffsetMs, List<Rule> rules) {
    public RuleGroup {
        rules = List.copyOf(rules);
    }

    /**
     * One rule.
     *
     * @param name of the series it records, or of the alert
     * @param line of its expression in the file
     * @param forMs how long a result must stand before it fires; alerts only
     * @param labels set on each result, by name; an empty value removes the label
     * @param annotations templates by name; alerts only
     * @param noData what is done when the expression finds no samples at all; alerts only
     */
    public record Rule(
            Kind kind,
            String name,
            String expression,
            int line,
            long forMs,
            long keepFiringForMs,
            Map<String, String> labels,
            Map<String, String> annotations,
            NoData noData) {
        /** One that does as Prometheus does when there is no data. */
        public Rule(
                Kind kind,
                String name,
                String expression,
                int line,
                long forMs,
                long keepFiringForMs,
                Map<String, String> labels,
                Map<String, String> annotations) {
            this(kind, name, expression, line, forMs, keepFiringForMs, labels, annotations, NoData.OK);
        }

        public Rule {
            labels = Collections.unmodifiableMap(new TreeMap<>(labels));
            annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
        }
    }

    /** What an alerting rule does when its expression gives nothing because there are no samples to look at. */
    public enum NoData {
        /** Its alerts are over, as in Prometheus. */
        OK,
        /** Its alerts stay as they are. */
        KEEP,
        /** Its alerts stay as they are, and one more says that there is no data. */
        ALERT
    }

    /** What a rule makes. */
    public enum Kind {
        RECORDING,
        ALERTING
    }
}
