package org.narthex.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonValue.ValueType;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A contract in the terms of Swagger 2.0, as far as Alertmanager's goes. What it does not name in an object is not allowed there. */
final class OpenApi {
    private final Map<?, ?> document;

    OpenApi(Path file) throws IOException {
        document = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
    }

    private static Map<?, ?> map(Object node, String... keys) {
        Object at = node;
        for (String key : keys) {
            at = at instanceof Map<?, ?> map && map.containsKey(key) ? map.get(key) : Map.of();
        }
        return (Map<?, ?>) at;
    }

    private static List<?> list(Map<?, ?> node, String key) {
        return node.containsKey(key) ? (List<?>) node.get(key) : List.of();
    }

    /** What a node stands for, if it only refers to another. */
    private Map<?, ?> resolved(Map<?, ?> node) {
        if (!node.containsKey("$ref")) {
            return node;
        }
        String[] keys = node.get("$ref").toString().substring(2).split("/", -1);
        Map<?, ?> target = map(document, keys);
        assertThat(target).as(node.toString()).isNotEmpty();
        return target;
    }

    /** All operations, as {@code get /status}. */
    Set<String> operations() {
        Set<String> operations = new LinkedHashSet<>();
        map(document, "paths").forEach((path, methods) -> map(methods).keySet().stream()
                .filter(key -> !key.equals("parameters"))
                .forEach(method -> operations.add(method + " " + path)));
        return operations;
    }

    /** Checks an answer to an operation, which must be in the contract with that status. */
    void check(String operation, int status, JsonValue body) {
        String[] parts = operation.split(" ", -1);
        Map<?, ?> response = map(document, "paths", parts[1], parts[0], "responses", Integer.toString(status));
        assertThat(response).as("%s may answer %s", operation, status).isNotEmpty();
        Map<?, ?> schema = map(resolved(response), "schema");
        if (!schema.isEmpty()) {
            check(schema, body, operation + " " + status);
        }
    }

    private void check(Map<?, ?> node, JsonValue value, String at) {
        Map<?, ?> schema = resolved(node);
        if (schema.containsKey("allOf")) {
            checkObject(properties(schema), required(schema), Map.of(), value, at);
            return;
        }
        switch (schema.get("type").toString()) {
            case "object" ->
                checkObject(properties(schema), required(schema), map(schema, "additionalProperties"), value, at);
            case "array" -> {
                assertThat(value.getValueType()).as(at).isEqualTo(ValueType.ARRAY);
                JsonArray items = value.asJsonArray();
                Object least = schema.containsKey("minItems") ? schema.get("minItems") : 0;
                assertThat(items.size()).as(at).isGreaterThanOrEqualTo((Integer) least);
                for (int i = 0; i < items.size(); i++) {
                    check(map(schema, "items"), items.get(i), at + "[" + i + "]");
                }
            }
            case "boolean" -> assertThat(value.getValueType()).as(at).isIn(ValueType.TRUE, ValueType.FALSE);
            case "string" -> checkText(schema, value, at);
            default -> throw new AssertionError("a type this test does not know: " + schema);
        }
    }

    private static void checkText(Map<?, ?> schema, JsonValue value, String at) {
        assertThat(value.getValueType()).as(at).isEqualTo(ValueType.STRING);
        String text = ((JsonString) value).getString();
        if (schema.containsKey("enum")) {
            assertThat(list(schema, "enum").contains(text))
                    .as("%s: %s", at, text)
                    .isTrue();
        }
        if (schema.containsKey("pattern")) {
            assertThat(text).as(at).containsPattern(schema.get("pattern").toString());
        }
        switch (schema.containsKey("format") ? schema.get("format").toString() : "") {
            case "" -> {
                // Any text.
            }
            case "date-time" -> OffsetDateTime.parse(text);
            case "uri" -> assertThat(URI.create(text).isAbsolute()).as(at).isTrue();
            default -> throw new AssertionError("a format this test does not know: " + schema);
        }
    }

    private void checkObject(
            Map<String, Map<?, ?>> properties, Set<Object> required, Map<?, ?> others, JsonValue value, String at) {
        assertThat(value.getValueType()).as(at).isEqualTo(ValueType.OBJECT);
        JsonObject object = value.asJsonObject();
        required.forEach(key ->
                assertThat(object.containsKey(key)).as("%s has %s", at, key).isTrue());
        object.forEach((key, entry) -> {
            Map<?, ?> schema = properties.getOrDefault(key, others);
            assertThat(schema).as("%s may have %s", at, key).isNotEmpty();
            check(schema, entry, at + "." + key);
        });
    }

    private Map<String, Map<?, ?>> properties(Map<?, ?> schema) {
        Map<String, Map<?, ?>> all = new LinkedHashMap<>();
        list(schema, "allOf").forEach(part -> all.putAll(properties(resolved(map(part)))));
        map(schema, "properties").forEach((key, property) -> all.put(key.toString(), map(property)));
        return all;
    }

    private Set<Object> required(Map<?, ?> schema) {
        Set<Object> all = new LinkedHashSet<>(list(schema, "required"));
        list(schema, "allOf").forEach(part -> all.addAll(required(resolved(map(part)))));
        return all;
    }
}
