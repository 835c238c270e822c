package org.narthex.api.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.model.PromDuration;

/**
 * A part of a configuration file: text, a list, or a map, which knows where it stands. Plug-ins get their own section as such a node and read it
 * with the methods below, whose errors name file, line and key. Immutable.
 */
public final class ConfigNode {
    /** In keys from this length on three letters may be wrong, in others two. */
    private static final int LONG_KEY = 12;

    private static final ConfigNode[] NO_ITEMS = {};

    private final String file;
    private final int line;
    private final String path;
    private final String text;
    private final List<ConfigNode> items;
    private final Map<String, ConfigNode> entries;

    private ConfigNode(
            String file, int line, String path, String text, List<ConfigNode> items, Map<String, ConfigNode> entries) {
        this.file = file;
        this.line = line;
        this.path = path;
        this.text = text;
        this.items = items;
        this.entries = entries;
    }

    /** @param path where in the document it stands, e.g. {@code scrape_configs[0].job_name} */
    public static ConfigNode scalar(String file, int line, String path, String text) {
        return new ConfigNode(file, line, path, text, null, null);
    }

    public static ConfigNode sequence(String file, int line, String path, List<ConfigNode> items) {
        return new ConfigNode(file, line, path, null, List.copyOf(items), null);
    }

    /** @param entries kept in their order */
    public static ConfigNode mapping(String file, int line, String path, Map<String, ConfigNode> entries) {
        return new ConfigNode(file, line, path, null, null, Collections.unmodifiableMap(new LinkedHashMap<>(entries)));
    }

    /** A map of texts that stands in no file; for tests and for defaults. */
    public static ConfigNode of(Map<String, String> entries) {
        Map<String, ConfigNode> nodes = new LinkedHashMap<>();
        entries.forEach((key, value) -> nodes.put(key, scalar("(memory)", 0, key, value)));
        return mapping("(memory)", 0, "", nodes);
    }

    public String file() {
        return file;
    }

    /** Counted from 1; 0 if it stands in no file. */
    public int line() {
        return line;
    }

    public String path() {
        return path;
    }

    public boolean isScalar() {
        return text != null;
    }

    public boolean isSequence() {
        return items != null;
    }

    public boolean isMapping() {
        return entries != null;
    }

    /** An exception that names this place. */
    public ConfigException error(String reason) {
        return new ConfigException(file, line, path.isEmpty() ? reason : path + ": " + reason);
    }

    /** The text of a scalar. */
    public String text() throws ConfigException {
        if (text == null) {
            throw error("expected a text, found a " + kind());
        }
        return text;
    }

    /** The elements of a sequence. */
    public List<ConfigNode> items() throws ConfigException {
        if (items == null) {
            throw error("expected a list, found a " + kind());
        }
        return items;
    }

    /** The entries of a mapping, in their order. */
    public Map<String, ConfigNode> entries() throws ConfigException {
        if (entries == null) {
            throw error("expected a map, found a " + kind());
        }
        return entries;
    }

    private String kind() {
        return text != null ? "text" : items != null ? "list" : "map";
    }

    /** The node under a key of a mapping. */
    public Optional<ConfigNode> get(String key) throws ConfigException {
        return Optional.ofNullable(entries().get(key));
    }

    /** The same, where a null of the file (here a scalar of empty text) counts as absent. */
    public Optional<ConfigNode> given(String key) throws ConfigException {
        return get(key).filter(node -> node.text == null || !node.text.isEmpty());
    }

    /** The node under a key that must be there. */
    public ConfigNode require(String key) throws ConfigException {
        ConfigNode node = entries().get(key);
        if (node == null) {
            throw error("missing key " + key);
        }
        return node;
    }

    /** Refuses keys other than the given ones, with a suggestion for a misspelt one. */
    public void onlyKeys(String... known) throws ConfigException {
        for (Map.Entry<String, ConfigNode> entry : entries().entrySet()) {
            if (!Arrays.asList(known).contains(entry.getKey())) {
                throw new ConfigException(file, entry.getValue().line, unknownKey(entry.getKey(), known));
            }
        }
    }

    private String unknownKey(String key, String... known) {
        String nearest = null;
        int best = key.length() < LONG_KEY ? 3 : 4;
        for (String candidate : known) {
            int distance = distance(key, candidate);
            if (distance < best) {
                best = distance;
                nearest = candidate;
            }
        }
        for (String candidate : known) {
            // A word too much or too little, such as a prefix that came with a later version.
            if (nearest == null && isPart(key, candidate)) {
                nearest = candidate;
            }
        }
        String where = path.isEmpty() ? "" : " in " + path;
        return "unknown key " + key + where + (nearest == null ? "" : ", did you mean " + nearest + "?");
    }

    /** Whether one is the other without some words at its beginning or its end. */
    private static boolean isPart(String a, String b) {
        String longer = a.length() > b.length() ? a : b;
        String shorter = a.length() > b.length() ? b : a;
        return longer.endsWith('_' + shorter) || longer.startsWith(shorter + '_');
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? diagonal : diagonal + 1;
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    public String string(String key, String otherwise) throws ConfigException {
        Optional<ConfigNode> node = get(key);
        return node.isPresent() ? node.get().text() : otherwise;
    }

    /** A truth value, in any of the spellings of YAML 1.1 that Prometheus takes; an empty value is false. */
    public boolean bool(String key, boolean otherwise) throws ConfigException {
        Optional<ConfigNode> node = get(key);
        if (node.isEmpty()) {
            return otherwise;
        }
        String value = node.get().text();
        return switch (value) {
            case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y" -> true;
            case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N", "" -> false;
            default -> throw node.get().error("expected true or false, found \"" + value + "\"");
        };
    }

    /** A whole number; where the key is absent or null, the other value. */
    public long integer(String key, long otherwise) throws ConfigException {
        Optional<ConfigNode> node = given(key);
        if (node.isEmpty()) {
            return otherwise;
        }
        try {
            return Long.parseLong(node.get().text());
        } catch (NumberFormatException e) {
            throw node.get().error("expected an integer, found \"" + node.get().text() + "\"");
        }
    }

    /** A duration such as {@code 1m30s}, in milliseconds. */
    public long durationMs(String key, long otherwise) throws ConfigException {
        Optional<ConfigNode> node = given(key);
        if (node.isEmpty()) {
            return otherwise;
        }
        try {
            return PromDuration.parse(node.get().text());
        } catch (IllegalArgumentException e) {
            throw node.get().error(e.getMessage());
        }
    }

    /** The elements of a list; none if the key is absent. */
    public List<ConfigNode> list(String key) throws ConfigException {
        Optional<ConfigNode> node = given(key);
        return node.isPresent() ? node.get().items() : List.of(NO_ITEMS);
    }

    /** The texts of a list; none if the key is absent. */
    public List<String> strings(String key) throws ConfigException {
        List<String> texts = new ArrayList<>();
        for (ConfigNode item : list(key)) {
            texts.add(item.text());
        }
        return texts;
    }

    /** A map of texts; empty if the key is absent. */
    public Map<String, String> stringMap(String key) throws ConfigException {
        Map<String, String> map = new LinkedHashMap<>();
        Optional<ConfigNode> node = given(key);
        if (node.isPresent()) {
            for (Map.Entry<String, ConfigNode> entry : node.get().entries().entrySet()) {
                map.put(entry.getKey(), entry.getValue().text());
            }
        }
        return map;
    }

    /** The content without places, so that equal sections are equal text whatever line they stand on. */
    public String content() {
        if (text != null) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        StringBuilder out = new StringBuilder();
        if (items != null) {
            items.forEach(item -> out.append(out.isEmpty() ? "" : ",").append(item.content()));
            return "[" + out + "]";
        }
        entries.forEach((key, value) ->
                out.append(out.isEmpty() ? "" : ",").append(key).append(':').append(value.content()));
        return "{" + out + "}";
    }

    @Override
    public String toString() {
        // Not the content: it may hold secrets.
        return kind() + " at " + file + ":" + line + (path.isEmpty() ? "" : " " + path);
    }

    /** Same content; where it stands does not matter. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ConfigNode that && content().equals(that.content());
    }

    @Override
    public int hashCode() {
        return content().hashCode();
    }
}
