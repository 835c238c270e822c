package org.narthex.exporter.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.PromDuration;

/** The exporter's settings: node_exporter's flags without their dashes, such as {@code collector.netdev.device-exclude}. */
final class Settings {
    static final String PID = "org.narthex.exporter.node";

    private final Map<String, ?> properties;
    private final Set<String> known = new HashSet<>();

    Settings(Map<String, ?> properties) {
        this.properties = properties;
    }

    String text(String key, String fallback) {
        known.add(key);
        Object value = properties.get(key);
        return value == null ? fallback : value.toString();
    }

    boolean isOn(String key, boolean fallback) {
        String value = text(key, Boolean.toString(fallback));
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(key, "\"" + value + "\" is neither true nor false");
        };
    }

    Path path(String key, String fallback) {
        return Path.of(text(key, fallback));
    }

    long durationMs(String key, String fallback) {
        String value = text(key, fallback);
        try {
            return PromDuration.parse(value);
        } catch (IllegalArgumentException e) {
            throw invalid(key, e.getMessage());
        }
    }

    /** Of the keys that end in -include and -exclude; only one of them may be given. */
    Filter filter(String prefix, String excludedByDefault) {
        String includeKey = prefix + "-include";
        String excludeKey = prefix + "-exclude";
        String include = text(includeKey, "");
        String exclude = text(excludeKey, include.isEmpty() ? excludedByDefault : "");
        if (!include.isEmpty() && !exclude.isEmpty()) {
            throw invalid(includeKey, "excludes " + excludeKey);
        }
        return filter(include.isEmpty() ? excludeKey : includeKey, include, exclude);
    }

    /** Of a key that names what is measured. */
    Filter including(String key, String fallback) {
        return filter(key, text(key, fallback), "");
    }

    /** Of a key that names what is left out. */
    Filter excluding(String key, String fallback) {
        return filter(key, "", text(key, fallback));
    }

    private static Filter filter(String key, String include, String exclude) {
        try {
            return new Filter(include, exclude);
        } catch (IllegalArgumentException e) {
            throw invalid(key, e.getMessage());
        }
    }

    /** Whether a collector is turned on: all are, unless {@code collector.disable-defaults} is set. */
    boolean collects(String collector) {
        boolean byDefault = !isOn("collector.disable-defaults", false);
        return isOn("collector." + collector, byDefault) && !isOn("no-collector." + collector, false);
    }

    /** The keys that nothing asked for; to be called last. */
    List<String> unknown() {
        List<String> unknown = new ArrayList<>();
        for (String key : properties.keySet()) {
            boolean ours = key.startsWith("collector.") || key.startsWith("no-collector.") || key.startsWith("path.");
            if (ours && !known.contains(key)) {
                unknown.add(key);
            }
        }
        return unknown;
    }

    static IllegalArgumentException invalid(String key, String why) {
        return new IllegalArgumentException(PID + ": " + key + ": " + why);
    }
}
