package org.narthex.api.config;

import java.util.List;
import java.util.Map;

import org.narthex.api.model.Matcher;

/**
 * The Alertmanager configuration; durations in milliseconds.
 *
 * @param receivers by name
 */
public record AlertingConfig(long resolveTimeoutMs, Route root, Map<String, Receiver> receivers) {
    public AlertingConfig {
        receivers = Map.copyOf(receivers);
    }

    /**
     * A node of the routing tree with what it inherits filled in.
     *
     * @param groupBy label names; with {@code groupByAll} every label
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
            List<Route> routes) {
        public Route {
            groupBy = List.copyOf(groupBy);
            matchers = List.copyOf(matchers);
            routes = List.copyOf(routes);
        }
    }

    /** Where notifications go: sections for channels. */
    public record Receiver(String name, List<Section> sections) {
        public Receiver {
            sections = List.copyOf(sections);
        }
    }

    /** One section for a channel plug-in; its type is what stands before {@code _configs}. */
    public record Section(String type, boolean sendResolved, ConfigNode node) {}
}
