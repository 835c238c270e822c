package org.narthex.channel.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import jakarta.json.JsonObject;

import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.Labels;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Posts alerts to an alert source of incident.io. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=incidentio")
public final class IncidentIoChannel extends ForgetfulChannel {
    private static final int MAX_BYTES = 512 * 1024;

    @Activate
    public IncidentIoChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        long most = settings.node().integer("max_alerts", 0);
        int shown = most == 0
                ? notification.alerts().size()
                : (int) Math.min(most, notification.alerts().size());
        JsonObject message = message(notification, shown);
        if (message.toString().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            // One is enough for the incident to be made.
            message = message(notification, 1);
        }
        Call call = Call.post(settings.url("url"), message);
        if (settings.isGiven("alert_source_token")) {
            call = call.with("Authorization", "Bearer " + settings.secret("alert_source_token"));
        }
        call(settings, call).accepted();
    }

    private static JsonObject message(Notification notification, int shown) {
        List<JsonObject> alerts = new ArrayList<>();
        for (Alert alert : notification.alerts().subList(0, shown)) {
            alerts.add(new Fields()
                    .put("status", status(alert.isResolved()))
                    .put("labels", labels(alert.labels()))
                    .put("annotations", labels(alert.annotations()))
                    .put("startsAt", Instant.ofEpochMilli(alert.startsAtMs()).toString())
                    .put(
                            "endsAt",
                            alert.isResolved()
                                    ? Instant.ofEpochMilli(alert.endsAtMs()).toString()
                                    : "0001-01-01T00:00:00Z")
                    .put("generatorURL", alert.generatorUrl())
                    .put("fingerprint", alert.fingerprint())
                    .done());
        }
        return new Fields()
                .put("receiver", notification.receiver())
                .put("status", status(notification.isResolved()))
                .put("alerts", Fields.list(alerts))
                .put("notification_reason", notification.reason())
                .put("groupLabels", labels(notification.groupLabels()))
                .put("commonLabels", labels(notification.commonLabels()))
                .put("commonAnnotations", labels(notification.commonAnnotations()))
                .put("routeLabels", labels(notification.routeLabels()))
                .put("externalURL", notification.externalUrl())
                .put("version", "1")
                .put("groupKey", notification.groupKey())
                .put("truncatedAlerts", notification.alerts().size() - shown)
                .done();
    }

    private static String status(boolean resolved) {
        return resolved ? "resolved" : "firing";
    }

    private static JsonObject labels(Labels labels) {
        Fields fields = new Fields();
        for (int i = 0; i < labels.size(); i++) {
            fields.put(labels.name(i), labels.value(i));
        }
        return fields.done();
    }
}
