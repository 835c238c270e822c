package org.narthex.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;

/** Reads the routing tree; children inherit receiver, grouping and intervals. */
final class RouteReader {
    private static final Route DEFAULTS =
            new Route("", List.of(), false, 30_000, 300_000, 14_400_000, List.of(), false, List.of());
    private static final String ALL_LABELS = "...";

    private final Set<String> receivers;
    private final Set<String> timeIntervals;

    private final boolean classicNames;

    /** @param classicNames whether label names must be classic ones, as once; otherwise any text will do */
    RouteReader(Set<String> receivers, Set<String> timeIntervals, boolean classicNames) {
        this.classicNames = classicNames;
        this.receivers = receivers;
        this.timeIntervals = timeIntervals;
    }

    Route root(Section root) throws ConfigException {
        checkKeys(root);
        groupBy(root);
        if (!root.has("receiver")) {
            throw root.error("root route must specify a default receiver");
        }
        if (root.count("match", "match_re", "matchers") > 0) {
            throw root.error("root route must not have any matchers");
        }
        for (String key : new String[] {"mute_time_intervals", "active_time_intervals"}) {
            if (root.has(key)) {
                throw root.error(key, "root route must not have any " + key.replace('_', ' '));
            }
        }
        if (root.bool("continue", false)) {
            throw root.error("continue", "cannot have continue in root route");
        }
        return route(root, DEFAULTS);
    }

    private static void checkKeys(Section route) throws ConfigException {
        route.only(
                "receiver",
                "group_by",
                "match",
                "match_re",
                "matchers",
                "mute_time_intervals",
                "active_time_intervals",
                "continue",
                "routes",
                "group_wait",
                "group_interval",
                "repeat_interval",
                "labels");
    }

    private Route route(Section route, Route parent) throws ConfigException {
        checkKeys(route);
        String receiver = route.has("receiver") ? route.text("receiver", "") : parent.receiver();
        if (!receivers.contains(receiver)) {
            throw route.error("receiver", "undefined receiver \"" + receiver + "\" used in route");
        }
        checkTimeIntervals(route);
        List<String> groupBy = groupBy(route);
        boolean own = route.has("group_by");
        boolean everything = own ? groupBy.contains(ALL_LABELS) : parent.groupByAll();
        Route node = new Route(
                receiver,
                !own ? parent.groupBy() : groupBy.contains(ALL_LABELS) ? List.of() : groupBy,
                everything,
                route.duration("group_wait", parent.groupWaitMs()),
                positive(route, "group_interval", parent.groupIntervalMs()),
                positive(route, "repeat_interval", parent.repeatIntervalMs()),
                AlertMatcherReader.read(route, ""),
                route.bool("continue", false),
                route.texts("mute_time_intervals"),
                route.texts("active_time_intervals"),
                labels(route, parent.labels()),
                List.of());
        List<Route> children = new ArrayList<>();
        for (ConfigNode item : route.list("routes", "empty or null route")) {
            children.add(route(Section.of(item), node));
        }
        return new Route(
                node.receiver(),
                node.groupBy(),
                node.groupByAll(),
                node.groupWaitMs(),
                node.groupIntervalMs(),
                node.repeatIntervalMs(),
                node.matchers(),
                node.continueMatching(),
                node.muteTimeIntervals(),
                node.activeTimeIntervals(),
                node.labels(),
                children);
    }

    /** Those of the parent, with its own in place of equal names. */
    private Labels labels(Section route, Labels inherited) throws ConfigException {
        Labels.Builder labels = Labels.builder().reset(inherited);
        for (Map.Entry<String, ConfigNode> entry :
                route.section("labels").node().entries().entrySet()) {
            if (!isLabelName(entry.getKey())) {
                throw entry.getValue().error("invalid label name \"" + entry.getKey() + "\" in route labels");
            }
            labels.set(entry.getKey(), entry.getValue().text());
        }
        return labels.build();
    }

    private List<String> groupBy(Section route) throws ConfigException {
        List<String> labels = route.texts("group_by");
        Set<String> seen = new HashSet<>();
        for (String label : labels) {
            if (!label.equals(ALL_LABELS) && !isLabelName(label)) {
                throw route.error("group_by", "invalid label name \"" + label + "\" in group_by list");
            }
            if (!seen.add(label)) {
                throw route.error("group_by", "duplicated label \"" + label + "\" in group_by");
            }
        }
        if (labels.size() > 1 && seen.contains(ALL_LABELS)) {
            throw route.error("group_by", "cannot have wildcard group_by (`...`) and other labels at the same time");
        }
        return labels;
    }

    private boolean isLabelName(String name) {
        return classicNames ? Labels.isLabelName(name) : !name.isEmpty();
    }

    private static long positive(Section route, String key, long inherited) throws ConfigException {
        long value = route.duration(key, inherited);
        if (value == 0) {
            throw route.error(key, key + " cannot be zero");
        }
        return value;
    }

    private void checkTimeIntervals(Section route) throws ConfigException {
        for (String key : new String[] {"mute_time_intervals", "active_time_intervals"}) {
            for (String name : route.texts(key)) {
                if (!timeIntervals.contains(name)) {
                    throw route.error(key, "undefined time interval \"" + name + "\" used in route");
                }
            }
        }
    }
}
