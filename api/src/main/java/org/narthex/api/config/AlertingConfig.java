package org.narthex.api.config;

import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/**
 * The Alertmanager configuration; durations in milliseconds.
 *
 * @param receivers by name
 * @param timeIntervals by name; a time is in an interval of the name if one of its elements contains it
 * @param templates the files of templates, in their order
 * @param yaml the file's text with secrets masked, as the API shows it
 */
public record AlertingConfig(
        long resolveTimeoutMs,
        Route root,
        Map<String, Receiver> receivers,
        List<InhibitRule> inhibitRules,
        Map<String, List<TimeInterval>> timeIntervals,
        List<TemplateFile> templates,
        String yaml) {
    public AlertingConfig {
        receivers = Map.copyOf(receivers);
        inhibitRules = List.copyOf(inhibitRules);
        timeIntervals = Map.copyOf(timeIntervals);
        templates = List.copyOf(templates);
    }

    /** One that only routes. */
    public AlertingConfig(long resolveTimeoutMs, Route root, Map<String, Receiver> receivers) {
        this(resolveTimeoutMs, root, receivers, List.of(), Map.of(), List.of(), "");
    }

    /**
     * A node of the routing tree with what it inherits filled in.
     *
     * @param groupBy label names; with {@code groupByAll} every label
     * @param muteTimeIntervals names of intervals in which nothing is told
     * @param activeTimeIntervals names of intervals outside of which nothing is told; if there is none, any time is good
     * @param labels for templates, which they may be themselves
     */
    public record Route(
            String receiver,
            List<String> groupBy,
            boolean groupByAll,
            long groupWaitMs,
            long groupIntervalMs,
            long repeatIntervalMs,
            List<Matcher> matchers,
            boolean continueMatching,
            List<String> muteTimeIntervals,
            List<String> activeTimeIntervals,
            Labels labels,
            List<Route> routes) {
        public Route {
            groupBy = List.copyOf(groupBy);
            matchers = List.copyOf(matchers);
            muteTimeIntervals = List.copyOf(muteTimeIntervals);
            activeTimeIntervals = List.copyOf(activeTimeIntervals);
            routes = List.copyOf(routes);
        }

        /** One for any time, without labels. */
        public Route(
                String receiver,
                List<String> groupBy,
                boolean groupByAll,
                long groupWaitMs,
                long groupIntervalMs,
                long repeatIntervalMs,
                List<Matcher> matchers,
                boolean continueMatching,
                List<Route> routes) {
            this(
                    receiver,
                    groupBy,
                    groupByAll,
                    groupWaitMs,
                    groupIntervalMs,
                    repeatIntervalMs,
                    matchers,
                    continueMatching,
                    List.of(),
                    List.of(),
                    Labels.EMPTY,
                    routes);
        }
    }

    /**
     * Where notifications go: sections for channels.
     *
     * @param labels by which the API finds it; {@code name} is one of them
     */
    public record Receiver(String name, Labels labels, List<Section> sections) {
        public Receiver {
            sections = List.copyOf(sections);
        }

        public Receiver(String name, List<Section> sections) {
            this(name, Labels.of("name", name), sections);
        }
    }

    /**
     * One section for a channel plug-in; its type is what stands before {@code _configs}. Global defaults are filled in, for instance
     * {@code api_url} of Slack from {@code slack_api_url}.
     */
    public record Section(String type, boolean sendResolved, ConfigNode node) {}

    /**
     * Alerts that match {@code target} are not told while one that matches {@code source} fires.
     *
     * @param name empty if it has none
     * @param equal labels that both must have with the same value; an absent one counts as empty
     */
    public record InhibitRule(String name, List<Matcher> source, List<Matcher> target, List<String> equal) {
        public InhibitRule {
            source = List.copyOf(source);
            target = List.copyOf(target);
            equal = List.copyOf(equal);
        }
    }

    /** A file of notification templates, in Go's template language. */
    public record TemplateFile(String name, String text) {}
}
