package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Triggers and resolves incidents of PagerDuty, by its events API 2 or, for a {@code service_key}, 1. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=pagerduty")
public final class PagerDutyChannel extends ForgetfulChannel {
    private static final int MAX_SUMMARY = 1024;
    private static final int MAX_EVENT_BYTES = 512_000;
    /** How version 1 says that there are too many requests. */
    private static final int FORBIDDEN = 403;

    private final URI firstApi;

    @Activate
    public PagerDutyChannel(@Reference(name = "clients") HttpClients clients) {
        this(clients, URI.create("https://events.pagerduty.com/generic/2010-04-15/create_event.json"));
    }

    PagerDutyChannel(HttpClients clients, URI firstApi) {
        super(clients);
        this.firstApi = firstApi;
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        if (settings.isGiven("service_key")) {
            JsonObject event = fitting(details -> first(notification, settings, details), details(settings));
            call(settings, Call.post(firstApi, event)).accepted(FORBIDDEN);
        } else {
            JsonObject event = fitting(details -> second(notification, settings, details), details(settings));
            call(settings, Call.post(settings.url("url"), event)).accepted();
        }
    }

    @FunctionalInterface
    private interface Event {
        JsonObject with(JsonObject details) throws ConfigException, IOException;
    }

    /** Without the details if it would be too large with them. */
    private static JsonObject fitting(Event event, JsonObject details) throws ConfigException, IOException {
        JsonObject whole = event.with(details);
        if (whole.toString().getBytes(StandardCharsets.UTF_8).length <= MAX_EVENT_BYTES) {
            return whole;
        }
        return event.with(new Fields()
                .put(
                        "error",
                        "Custom details have been removed because the original event exceeds the maximum size of 512KB")
                .done());
    }

    private static JsonObject details(Settings settings) throws ConfigException {
        return settings.node().given("details").isPresent()
                ? Fields.object(settings.node().require("details"))
                : JsonValue.EMPTY_JSON_OBJECT;
    }

    private static JsonObject first(Notification notification, Settings settings, JsonObject details)
            throws ConfigException, IOException {
        boolean resolved = notification.isResolved();
        Fields event = new Fields()
                .put("service_key", settings.secret("service_key"))
                .put("incident_key", Text.hash(notification.groupKey()))
                .put("event_type", resolved ? "resolve" : "trigger")
                .put("description", Text.first(settings.text("description"), MAX_SUMMARY))
                .put("details", details);
        if (!resolved) {
            event.given(settings, "client", "client_url");
        }
        return event.done();
    }

    private static JsonObject second(Notification notification, Settings settings, JsonObject details)
            throws ConfigException, IOException {
        String severity = settings.text("severity");
        Fields payload = new Fields()
                .put("summary", Text.first(settings.text("description"), MAX_SUMMARY))
                .put("source", settings.text("source"))
                .put("severity", severity.isEmpty() ? "error" : severity)
                .given(settings, "class", "component", "group")
                .put("custom_details", details);
        Fields event = new Fields()
                .put("routing_key", settings.secret("routing_key"))
                .put("dedup_key", Text.hash(notification.groupKey()))
                .put("event_action", notification.isResolved() ? "resolve" : "trigger")
                .put("payload", payload.done())
                .given(settings, "client", "client_url");
        items(event, settings, "images", "src", "alt", "href");
        items(event, settings, "links", "href", "text");
        return event.done();
    }

    /** Images or links; those whose first field comes to nothing are left out. */
    private static void items(Fields event, Settings settings, String key, String... fields) throws ConfigException {
        List<JsonObject> items = new ArrayList<>();
        for (ConfigNode each : settings.node().list(key)) {
            Fields item = new Fields();
            for (String field : fields) {
                item.put(field, each.string(field, ""));
            }
            if (!each.string(fields[0], "").isEmpty()) {
                items.add(item.done());
            }
        }
        if (!items.isEmpty()) {
            event.put(key, Fields.list(items));
        }
    }
}
