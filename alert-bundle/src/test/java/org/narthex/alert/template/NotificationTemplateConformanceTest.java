package org.narthex.alert.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.narthex.alert.Json;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.model.Labels;

/** Runs Alertmanager's own cases, read from where {@code conformance.dir} points. */
class NotificationTemplateConformanceTest {
    private static final String URL = "http://example.com/";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final NotificationTemplates TEMPLATES = NotificationTemplates.none(InstantSource.fixed(NOW));

    private static Map<String, Object> cases() throws IOException {
        return map(Json.conformance("alertmanager", "templates.json"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Object value) {
        return value == null ? List.of() : (List<Map<String, Object>>) value;
    }

    @Test
    void expandsAsAlertmanagerDoes() throws IOException {
        List<String> failed = new ArrayList<>();
        List<Map<String, Object>> cases = maps(cases().get("cases"));
        for (Map<String, Object> each : cases) {
            String difference = difference(each);
            if (!difference.isEmpty()) {
                failed.add(each.get("name") + " " + each.get("text") + ": " + difference);
            }
        }
        assertThat(cases).hasSizeGreaterThanOrEqualTo(70);
        assertThat(failed).isEmpty();
    }

    private static String difference(Map<String, Object> each) {
        boolean ok = Boolean.TRUE.equals(each.get("ok"));
        String text = (String) each.get("text");
        Object data = data(map(each.get("data")));
        try {
            String output = Boolean.TRUE.equals(each.get("html"))
                    ? TEMPLATES.executeHtml(text, data)
                    : data instanceof NotificationData notification
                            ? TEMPLATES.execute(
                                    text, notification, Boolean.TRUE.equals(each.get("route_labels_rendered")))
                            : TEMPLATES.execute(text, data);
            return ok && output.equals(each.get("output")) ? "" : output;
        } catch (TemplateException e) {
            return !ok && (!each.containsKey("error") || e.getMessage().equals(each.get("error")))
                    ? ""
                    : e.getMessage();
        }
    }

    private static Object data(Map<String, Object> data) {
        Object value = data.get("value");
        String type = (String) data.getOrDefault("go_type", "nil");
        return switch (type) {
            case "Data" -> notification(map(value));
            case "time.Time" ->
                new GoTime(value.equals("now - 1h") ? NOW.minus(Duration.ofHours(1)) : Instant.parse((String) value));
            case "[]float64" ->
                ((List<?>) value)
                        .stream().map(number -> ((Number) number).doubleValue()).toList();
            default -> value;
        };
    }

    private static NotificationData notification(Map<String, Object> value) {
        List<NotificationAlert> alerts = new ArrayList<>();
        for (Map<String, Object> alert : maps(value.get("alerts"))) {
            alerts.add(new NotificationAlert(
                    (String) alert.get("status"),
                    labels(alert.get("labels")),
                    labels(alert.get("annotations")),
                    GoTime.ZERO,
                    GoTime.ZERO,
                    "",
                    ""));
        }
        return new NotificationData(
                "",
                "",
                new NotificationAlert.Alerts(alerts),
                "",
                labels(value.get("groupLabels")),
                labels(value.get("commonLabels")),
                labels(value.get("commonAnnotations")),
                labels(value.get("routeLabels")),
                "");
    }

    private static KeyValues labels(Object value) {
        return new KeyValues(value == null ? null : apiLabels(value));
    }

    private static Labels apiLabels(Object value) {
        Map<String, String> texts = new HashMap<>();
        map(value).forEach((name, text) -> texts.put(name, (String) text));
        return Labels.of(texts);
    }

    @Test
    void makesTheDataOfNotifications() throws Exception {
        int ran = 0;
        for (Map<String, Object> each : maps(cases().get("template_data"))) {
            List<Alert> alerts = new ArrayList<>();
            for (Map<String, Object> alert : maps(each.get("alerts"))) {
                alerts.add(new Alert(
                        apiLabels(alert.get("labels")),
                        apiLabels(alert.get("annotations")),
                        Instant.parse((String) alert.get("startsAt")).toEpochMilli(),
                        ((String) alert.get("endsAt")).equals("0001-01-01T00:00:00Z")
                                ? 0
                                : Instant.parse((String) alert.get("endsAt")).toEpochMilli(),
                        ""));
            }
            String receiver = (String) each.get("receiver");
            Labels groupLabels = apiLabels(each.get("group_labels"));
            Labels routeLabels = apiLabels(each.get("route_labels"));
            String reason = "first notification";
            NotificationData data = alerts.isEmpty()
                    ? NotificationData.of(
                            receiver, alerts, reason, groupLabels, Labels.EMPTY, Labels.EMPTY, routeLabels, URL)
                    : NotificationData.of(
                            new Notification(receiver, "", groupLabels, alerts, URL), reason, routeLabels);
            ran++;
            assertThat(Json.parse(GoJson.write(data))).isEqualTo(each.get("expected"));
        }
        assertThat(ran).isGreaterThanOrEqualTo(4);
    }
}
