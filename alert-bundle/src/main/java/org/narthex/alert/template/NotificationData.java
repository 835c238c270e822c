package org.narthex.alert.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.model.Labels;

/** What notification templates are given as dot. */
record NotificationData(
        String receiver,
        String status,
        NotificationAlert.Alerts alerts,
        String reason,
        KeyValues groupLabels,
        KeyValues commonLabels,
        KeyValues commonAnnotations,
        KeyValues routeLabels,
        String externalUrl)
        implements Members, GoJson.Fields {
    private static final String SPECIAL_IN_REGEX = "\\.+*?()|[]{}^$";

    static NotificationData of(Notification notification, String reason, Labels routeLabels) {
        return of(
                notification.receiver(),
                notification.alerts(),
                reason,
                notification.groupLabels(),
                notification.commonLabels(),
                notification.commonAnnotations(),
                routeLabels,
                notification.externalUrl());
    }

    static NotificationData of(
            String receiver,
            List<Alert> alerts,
            String reason,
            Labels groupLabels,
            Labels commonLabels,
            Labels commonAnnotations,
            Labels routeLabels,
            String externalUrl) {
        boolean resolved = alerts.stream().allMatch(Alert::isResolved);
        return new NotificationData(
                quoteMeta(receiver),
                resolved ? NotificationAlert.RESOLVED : NotificationAlert.FIRING,
                new NotificationAlert.Alerts(
                        alerts.stream().map(NotificationAlert::of).toList()),
                reason,
                new KeyValues(groupLabels),
                new KeyValues(commonLabels),
                new KeyValues(commonAnnotations),
                new KeyValues(routeLabels),
                externalUrl);
    }

    /** Alertmanager gives the receiver's name so that it can be put into a link as a regular expression. */
    static String quoteMeta(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            out.append(SPECIAL_IN_REGEX.indexOf(text.charAt(i)) >= 0 ? "\\" : "")
                    .append(text.charAt(i));
        }
        return out.toString();
    }

    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        return switch (name) {
            case "Receiver" -> receiver;
            case "Status" -> status;
            case "Alerts" -> alerts;
            case "NotificationReason" -> reason;
            case "GroupLabels" -> groupLabels;
            case "CommonLabels" -> commonLabels;
            case "CommonAnnotations" -> commonAnnotations;
            case "RouteLabels" -> routeLabels;
            case "ExternalURL" -> externalUrl;
            default -> throw Members.unknown(name, typeName());
        };
    }

    @Override
    public String typeName() {
        return "*template.Data";
    }

    @Override
    public Map<String, Object> jsonFields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("receiver", receiver);
        fields.put("status", status);
        fields.put("alerts", alerts);
        fields.put("notification_reason", reason);
        fields.put("groupLabels", groupLabels);
        fields.put("commonLabels", commonLabels);
        fields.put("commonAnnotations", commonAnnotations);
        fields.put("routeLabels", routeLabels);
        fields.put("externalURL", externalUrl);
        return fields;
    }
}
