package org.narthex.channel.http;

import java.io.StringReader;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/** Makes a JSON object, field by field. */
final class Fields {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private final JsonObjectBuilder out = Json.createObjectBuilder();

    Fields put(String key, String value) {
        out.add(key, value);
        return this;
    }

    Fields put(String key, boolean value) {
        out.add(key, value);
        return this;
    }

    Fields put(String key, long value) {
        out.add(key, value);
        return this;
    }

    Fields put(String key, JsonValue value) {
        out.add(key, value);
        return this;
    }

    Fields putAll(JsonObject fields) {
        fields.forEach(out::add);
        return this;
    }

    Fields given(String key, String value) {
        return value.isEmpty() ? this : put(key, value);
    }

    /** True or absent. */
    Fields given(String key, boolean value) {
        return value ? put(key, true) : this;
    }

    /** The text of the settings under its own key, unless empty. */
    Fields given(Settings settings, String... keys) throws ConfigException {
        for (String key : keys) {
            given(key, settings.text(key));
        }
        return this;
    }

    JsonObject done() {
        return out.build();
    }

    static JsonValue list(Iterable<? extends JsonValue> items) {
        JsonArrayBuilder list = Json.createArrayBuilder();
        items.forEach(list::add);
        return list.build();
    }

    static JsonValue texts(Iterable<String> texts) {
        JsonArrayBuilder list = Json.createArrayBuilder();
        texts.forEach(list::add);
        return list.build();
    }

    /** What is written in a configuration, with texts that read as a number, a truth value, a list or an object taken for that. */
    static JsonValue of(ConfigNode node) throws ConfigException {
        if (node.isMapping()) {
            return object(node);
        }
        if (node.isSequence()) {
            JsonArrayBuilder list = Json.createArrayBuilder();
            for (ConfigNode item : node.items()) {
                list.add(of(item));
            }
            return list.build();
        }
        return of(node.text());
    }

    static JsonObject object(ConfigNode node) throws ConfigException {
        JsonObjectBuilder object = Json.createObjectBuilder();
        for (Map.Entry<String, ConfigNode> entry : node.entries().entrySet()) {
            object.add(entry.getKey(), of(entry.getValue()));
        }
        return object.build();
    }

    private static JsonValue of(String text) {
        switch (text) {
            case "null" -> {
                return JsonValue.NULL;
            }
            case "true" -> {
                return JsonValue.TRUE;
            }
            case "false" -> {
                return JsonValue.FALSE;
            }
            default -> {
                // Below.
            }
        }
        if (NUMBER.matcher(text).matches()) {
            return Json.createValue(new BigDecimal(text));
        }
        if (text.startsWith("[") || text.startsWith("{")) {
            try (JsonReader reader = Json.createReader(new StringReader(text))) {
                return reader.read();
            } catch (JsonException e) {
                return Json.createValue(text);
            }
        }
        return Json.createValue(text);
    }
}
