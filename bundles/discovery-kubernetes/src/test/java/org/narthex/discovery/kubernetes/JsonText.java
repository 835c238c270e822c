package org.narthex.discovery.kubernetes;

import java.util.stream.Collectors;

import org.narthex.api.discovery.Json;

/** Writes what was read. */
final class JsonText {
    private JsonText() {}

    static String of(Json value) {
        if (value.isMap()) {
            return value.entries().entrySet().stream()
                    .map(entry -> quoted(entry.getKey()) + ":" + of(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value.isList()) {
            return value.items().stream().map(JsonText::of).collect(Collectors.joining(",", "[", "]"));
        }
        return !value.isPresent() ? "null" : value.isText() ? quoted(value.text()) : value.text();
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
