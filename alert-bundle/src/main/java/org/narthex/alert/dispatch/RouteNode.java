package org.narthex.alert.dispatch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.narthex.api.alert.AlertMatchers;
import org.narthex.api.config.AlertingConfig.Route;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** A node of the routing tree with its key, the path of matchers from the root: {@code {}/{team="a"}/{severity=~"page|ticket"}}. */
record RouteNode(Route route, String key, List<RouteNode> children) {
    private static final Comparator<Matcher> ORDER =
            Comparator.comparing(Matcher::name).thenComparing(Matcher::value).thenComparing(Matcher::type);

    static RouteNode root(Route route) {
        return of(route, "");
    }

    private static RouteNode of(Route route, String parentKey) {
        StringBuilder key = new StringBuilder(parentKey).append(parentKey.isEmpty() ? "{" : "/{");
        List<Matcher> sorted = new ArrayList<>(route.matchers());
        sorted.sort(ORDER);
        for (int i = 0; i < sorted.size(); i++) {
            key.append(i > 0 ? "," : "").append(AlertMatchers.format(sorted.get(i)));
        }
        String path = key.append('}').toString();
        return new RouteNode(
                route,
                path,
                route.routes().stream().map(child -> of(child, path)).toList());
    }

    /** The nodes that alerts of these labels go to, in the order of the configuration; none if this node does not match. */
    List<RouteNode> match(Labels labels) {
        if (!AlertMatchers.matchAll(route.matchers(), labels)) {
            return List.of();
        }
        List<RouteNode> found = new ArrayList<>();
        for (RouteNode child : children) {
            List<RouteNode> below = child.match(labels);
            found.addAll(below);
            if (!below.isEmpty() && !child.route.continueMatching()) {
                break;
            }
        }
        return found.isEmpty() ? List.of(this) : found;
    }

    /** The labels that alerts of one group have in common. */
    Labels groupLabels(Labels labels) {
        return route.groupByAll()
                ? labels
                : labels.without(name -> !route.groupBy().contains(name));
    }

    /** Identifies the group over time, as Alertmanager writes it: {@code {}/{team="a"}:{alertname="Down"}}. */
    String groupKey(Labels groupLabels) {
        return key + ':' + groupLabels;
    }
}
