package org.narthex.channel.http;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.Notification;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;

/** A fake service and what to tell it. */
abstract class ChannelTesting {
    static final String GROUP = "{}:{job=\"api\"}";
    /** Of the text above, by another program. */
    static final String HASH = "3c6f6b81d4e9347da42049f1c7c2e7eedff4a6fbc71dc9d88aa37e702e002e19";

    static final Notification FIRING = notification(0);
    static final Notification RESOLVED = notification(1_700_000_060_000L);

    FakeService service;

    @BeforeEach
    void startService() throws IOException {
        service = new FakeService();
    }

    @AfterEach
    void stopService() {
        service.close();
    }

    private static Notification notification(long endsAtMs) {
        Alert alert = new Alert(
                Labels.of("alertname", "Down", "job", "api"),
                Labels.of("summary", "gone"),
                1_700_000_000_000L,
                endsAtMs,
                "http://n/graph");
        return new Notification("team", GROUP, Labels.of("job", "api"), List.of(alert), "http://n");
    }

    /** A section written as JSON, with {@code URL} for the service's address. */
    ConfigNode section(String json) {
        try (JsonReader reader = Json.createReader(new StringReader(json.replace("URL", service.url())))) {
            return node("", reader.readObject());
        }
    }

    private static ConfigNode node(String path, JsonValue value) {
        if (value instanceof JsonObject object) {
            Map<String, ConfigNode> entries = new LinkedHashMap<>();
            object.forEach((key, each) -> entries.put(key, node(path.isEmpty() ? key : path + "." + key, each)));
            return ConfigNode.mapping("/etc/am.yml", 1, path, entries);
        }
        if (value instanceof jakarta.json.JsonArray array) {
            List<ConfigNode> items = new ArrayList<>();
            array.forEach(each -> items.add(node(path + "[]", each)));
            return ConfigNode.sequence("/etc/am.yml", 1, path, items);
        }
        String text = value instanceof JsonString string ? string.getString() : value.toString();
        return ConfigNode.scalar("/etc/am.yml", 1, path, text);
    }

    static JsonObject json(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }
}
