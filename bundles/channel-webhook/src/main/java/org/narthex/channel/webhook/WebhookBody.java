package org.narthex.channel.webhook;

import java.time.Instant;
import java.util.List;

import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.model.Labels;

/**
 * Writes Alertmanager's webhook message, version 4:
 *
 * <pre>{@code
 * {"receiver": text, "status": "firing" or "resolved",
 *  "alerts": [{"status", "labels": {…}, "annotations": {…}, "startsAt", "endsAt", "generatorURL", "fingerprint"}, …],
 *  "groupLabels": {…}, "commonLabels": {…}, "commonAnnotations": {…}, "externalURL": text,
 *  "version": "4", "groupKey": text, "truncatedAlerts": how many are left out}
 * }</pre>
 *
 * Times are RFC 3339 in UTC; {@code endsAt} is the year 1 while an alert fires.
 */
final class WebhookBody {
    private static final String NO_TIME = "0001-01-01T00:00:00Z";

    private final StringBuilder out = new StringBuilder(1024);

    private WebhookBody() {}

    /** @param maxAlerts leave out alerts beyond so many; 0 for all */
    static String of(Notification notification, int maxAlerts) {
        return new WebhookBody().write(notification, maxAlerts);
    }

    private String write(Notification notification, int maxAlerts) {
        List<Alert> alerts = notification.alerts();
        int shown = maxAlerts == 0 ? alerts.size() : Math.min(maxAlerts, alerts.size());
        out.append('{');
        text("receiver", notification.receiver());
        text("status", status(notification.isResolved()));
        key("alerts").append('[');
        for (Alert alert : alerts.subList(0, shown)) {
            alert(alert);
        }
        out.append(']');
        text("notification_reason", notification.reason());
        labels("groupLabels", notification.groupLabels());
        labels("commonLabels", notification.commonLabels());
        labels("commonAnnotations", notification.commonAnnotations());
        labels("routeLabels", notification.routeLabels());
        text("externalURL", notification.externalUrl());
        text("version", "4");
        text("groupKey", notification.groupKey());
        key("truncatedAlerts").append(alerts.size() - shown);
        return out.append('}').toString();
    }

    private void alert(Alert alert) {
        comma();
        out.append('{');
        text("status", status(alert.isResolved()));
        labels("labels", alert.labels());
        labels("annotations", alert.annotations());
        text("startsAt", time(alert.startsAtMs()));
        text("endsAt", alert.isResolved() ? time(alert.endsAtMs()) : NO_TIME);
        text("generatorURL", alert.generatorUrl());
        text("fingerprint", alert.fingerprint());
        out.append('}');
    }

    private static String status(boolean resolved) {
        return resolved ? "resolved" : "firing";
    }

    private static String time(long epochMs) {
        String time = Instant.ofEpochMilli(epochMs).toString();
        // Java prints fractions by threes, the format wants no trailing zeros.
        int end = time.length() - 1;
        if (time.indexOf('.') >= 0) {
            while (time.charAt(end - 1) == '0') {
                end--;
            }
        }
        return time.substring(0, end) + 'Z';
    }

    private void labels(String key, Labels labels) {
        key(key).append('{');
        for (int i = 0; i < labels.size(); i++) {
            text(labels.name(i), labels.value(i));
        }
        out.append('}');
    }

    private void text(String key, String value) {
        key(key);
        quote(value);
    }

    private StringBuilder key(String key) {
        comma();
        quote(key);
        return out.append(':');
    }

    private void comma() {
        char last = out.charAt(out.length() - 1);
        if (last != '{' && last != '[') {
            out.append(',');
        }
    }

    private void quote(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                // The last five as Go escapes them, so that the text may stand in HTML and scripts.
                case '<', '>', '&', '\u2028', '\u2029' -> unicode(c);
                default -> {
                    if (c < ' ') {
                        unicode(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void unicode(char c) {
        out.append("\\u").append(Integer.toHexString(0x10000 + c), 1, 5);
    }
}
