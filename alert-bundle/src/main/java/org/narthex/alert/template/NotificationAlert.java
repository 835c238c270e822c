package org.narthex.alert.template;

import java.time.Instant;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.alert.Alert;

/** An alert as notification templates see it. */
record NotificationAlert(
        String status,
        KeyValues labels,
        KeyValues annotations,
        GoTime startsAt,
        GoTime endsAt,
        String generatorUrl,
        String fingerprint)
        implements Members, GoJson.Fields {
    static final String FIRING = "firing";
    static final String RESOLVED = "resolved";

    static NotificationAlert of(Alert alert) {
        return new NotificationAlert(
                alert.isResolved() ? RESOLVED : FIRING,
                new KeyValues(alert.labels()),
                new KeyValues(alert.annotations()),
                new GoTime(Instant.ofEpochMilli(alert.startsAtMs())),
                alert.isResolved() ? new GoTime(Instant.ofEpochMilli(alert.endsAtMs())) : GoTime.ZERO,
                alert.generatorUrl(),
                alert.fingerprint());
    }

    @Override
    public Object member(String name, List<Object> arguments) throws TemplateException {
        return switch (name) {
            case "Status" -> status;
            case "Labels" -> labels;
            case "Annotations" -> annotations;
            case "StartsAt" -> startsAt;
            case "EndsAt" -> endsAt;
            case "GeneratorURL" -> generatorUrl;
            case "Fingerprint" -> fingerprint;
            default -> throw Members.unknown(name, typeName());
        };
    }

    @Override
    public String typeName() {
        return "template.Alert";
    }

    @Override
    public Map<String, Object> jsonFields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", status);
        fields.put("labels", labels);
        fields.put("annotations", annotations);
        fields.put("startsAt", startsAt);
        fields.put("endsAt", endsAt);
        fields.put("generatorURL", generatorUrl);
        fields.put("fingerprint", fingerprint);
        return fields;
    }

    /** As Go prints a struct. */
    @Override
    public String toString() {
        return "{" + status + " " + labels + " " + annotations + " " + startsAt + " " + endsAt + " " + generatorUrl
                + " " + fingerprint + "}";
    }

    /** All of a notification. */
    static final class Alerts extends AbstractList<NotificationAlert> implements Members {
        private final List<NotificationAlert> alerts;

        Alerts(List<NotificationAlert> alerts) {
            this.alerts = List.copyOf(alerts);
        }

        @Override
        public NotificationAlert get(int index) {
            return alerts.get(index);
        }

        @Override
        public int size() {
            return alerts.size();
        }

        @Override
        public Object member(String name, List<Object> arguments) throws TemplateException {
            return switch (name) {
                case "Firing" -> ofStatus(FIRING);
                case "Resolved" -> ofStatus(RESOLVED);
                default -> throw Members.unknown(name, typeName());
            };
        }

        private List<NotificationAlert> ofStatus(String wanted) {
            return alerts.stream().filter(alert -> alert.status.equals(wanted)).toList();
        }

        @Override
        public String typeName() {
            return "template.Alerts";
        }

        @Override
        public String toString() {
            return "["
                    + String.join(
                            " ",
                            alerts.stream().map(NotificationAlert::toString).toList()) + "]";
        }
    }
}
