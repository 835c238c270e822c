package org.narthex.api.discovery;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A JSON value, read leniently: what is absent or null reads as empty, so that a path through an answer needs no checks on its way. Numbers keep the
 * text they were written with. Immutable.
 */
public final class Json {
    /** What is not there. */
    public static final Json ABSENT = new Json(null);

    private final Object value;

    /** @param value a String (a text), a Number-like {@link Scalar}, a List or a Map of Json, or null */
    private Json(Object value) {
        this.value = value;
    }

    /** A number, or true or false, by its text. */
    private record Scalar(String text) {}

    /**
     * Reads a document of UTF-8.
     *
     * @throws IOException if it is not valid JSON; the message says where
     */
    public static Json parse(byte[] utf8) throws IOException {
        return parse(new String(utf8, StandardCharsets.UTF_8));
    }

    /** Reads a document. */
    public static Json parse(String text) throws IOException {
        return new Json(new JsonParser(text).document());
    }

    static Object scalar(String text) {
        return new Scalar(text);
    }

    static Object map(Map<String, Object> entries) {
        Map<String, Json> wrapped = new LinkedHashMap<>();
        entries.forEach((key, entry) -> wrapped.put(key, new Json(entry)));
        return Collections.unmodifiableMap(wrapped);
    }

    static Object list(List<Object> items) {
        List<Json> wrapped = new ArrayList<>(items.size());
        items.forEach(item -> wrapped.add(new Json(item)));
        return Collections.unmodifiableList(wrapped);
    }

    /** Whether there is a value that is not null. */
    public boolean isPresent() {
        return value != null;
    }

    public boolean isList() {
        return value instanceof List;
    }

    public boolean isMap() {
        return value instanceof Map;
    }

    /** Whether it is a text, not a number. */
    public boolean isText() {
        return value instanceof String;
    }

    /** The value under a key; absent if this is no map or does not have it. */
    public Json get(String key) {
        return entries().getOrDefault(key, ABSENT);
    }

    /** The value at the end of a path of keys. */
    public Json get(String key, String... more) {
        Json at = get(key);
        for (String next : more) {
            at = at.get(next);
        }
        return at;
    }

    /** The entries of a map, in their order; none if this is no map. */
    @SuppressWarnings("unchecked")
    public Map<String, Json> entries() {
        return value instanceof Map ? (Map<String, Json>) value : Map.of();
    }

    /** The items of a list; none if this is no list. */
    @SuppressWarnings("unchecked")
    public List<Json> items() {
        return value instanceof List ? (List<Json>) value : List.of();
    }

    /** The items of the list under a key. */
    public List<Json> items(String key) {
        return get(key).items();
    }

    /** The text of a scalar, for a number as it was written; empty for anything else. */
    public String text() {
        return value instanceof String text ? text : value instanceof Scalar scalar ? scalar.text() : "";
    }

    /** The text of the scalar under a key. */
    public String text(String key) {
        return get(key).text();
    }

    public boolean isTrue() {
        return text().equals("true");
    }

    /** A whole number; the other value if this is none. */
    public long integer(long otherwise) {
        String text = text();
        try {
            return text.isEmpty() ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    /** A map of texts; entries that are no scalars are left out. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        entries().forEach((key, entry) -> {
            if (entry.isPresent() && !entry.isMap() && !entry.isList()) {
                texts.put(key, entry.text());
            }
        });
        return texts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json that && java.util.Objects.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hashCode(value);
    }

    /** The kind of value, not the value: it may hold secrets. */
    @Override
    public String toString() {
        return value == null ? "nothing" : isMap() ? "a map" : isList() ? "a list" : isText() ? "a text" : "a scalar";
    }
}
