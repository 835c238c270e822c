package org.narthex.api.alert;

import java.util.List;

import org.narthex.api.model.Labels;

/**
 * What is delivered at once: the alerts of one group for one receiver.
 *
 * @param receiver its name in the Alertmanager configuration
 * @param groupKey identifies the group over time
 * @param groupLabels the labels it is grouped by
 * @param alerts never empty, firing ones first
 * @param externalUrl where people reach Narthex
 * @param reason why it is sent now, e.g. {@code new alerts added}
 * @param routeLabels those of the route, their templates executed
 */
public record Notification(
        String receiver,
        String groupKey,
        Labels groupLabels,
        List<Alert> alerts,
        String externalUrl,
        String reason,
        Labels routeLabels) {
    /** Why the first one of a group is sent. */
    public static final String FIRST = "first notification";

    /** The first one of a route without labels. */
    public Notification(String receiver, String groupKey, Labels groupLabels, List<Alert> alerts, String externalUrl) {
        this(receiver, groupKey, groupLabels, alerts, externalUrl, FIRST, Labels.EMPTY);
    }

    public Notification {
        if (alerts.isEmpty()) {
            throw new IllegalArgumentException("a notification without alerts, group " + groupKey);
        }
        alerts = List.copyOf(alerts);
    }

    /** Whether nothing fires any more. */
    public boolean isResolved() {
        return alerts.stream().allMatch(Alert::isResolved);
    }

    /** The labels that all alerts have with the same value. */
    public Labels commonLabels() {
        return common(alerts.stream().map(Alert::labels).toList());
    }

    /** The annotations that all alerts have with the same value. */
    public Labels commonAnnotations() {
        return common(alerts.stream().map(Alert::annotations).toList());
    }

    private static Labels common(List<Labels> sets) {
        Labels first = sets.get(0);
        return first.without(
                name -> !sets.stream().allMatch(labels -> labels.get(name).equals(first.get(name))));
    }
}
