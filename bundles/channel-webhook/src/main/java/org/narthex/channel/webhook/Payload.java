package org.narthex.channel.webhook;

import java.io.StringReader;
import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Pattern;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/** Writes a {@code payload} as JSON; texts that read as a number, a truth value, a list or an object are taken for that. */
final class Payload {
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");

    private Payload() {}

    static JsonValue of(ConfigNode node) throws ConfigException {
        if (node.isMapping()) {
            JsonObjectBuilder object = Json.createObjectBuilder();
            for (Map.Entry<String, ConfigNode> entry : node.entries().entrySet()) {
                object.add(entry.getKey(), of(entry.getValue()));
            }
            return object.build();
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

    private static JsonValue of(String text) {
        if (text.equals("null")) {
            return JsonValue.NULL;
        }
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true") ? JsonValue.TRUE : JsonValue.FALSE;
        }
        if (NUMBER.matcher(text).matches()) {
            return Json.createValue(new BigDecimal(text));
        }
        if (text.startsWith("[") || text.startsWith("{")) {
            try (JsonReader reader = Json.createReader(new StringReader(text))) {
                return reader.read();
            } catch (JsonException e) {
                // A text that only begins like one.
                return Json.createValue(text);
            }
        }
        return Json.createValue(text);
    }
}
