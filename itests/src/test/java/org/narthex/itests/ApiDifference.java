package org.narthex.itests;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/**
 * Where two answers of the HTTP API differ. Order counts in all arrays but those of series. Annotations are left out: they are
 * texts for people, and each version of Prometheus has its own.
 */
final class ApiDifference {
    private final double tolerance;

    private ApiDifference(double tolerance) {
        this.tolerance = tolerance;
    }

    /**
     * The path of the first difference with both sides; empty if there is none.
     *
     * @param tolerance by how much numbers may differ, as a share of the larger one
     */
    static Optional<String> between(JsonObject expected, JsonObject actual, double tolerance) {
        ApiDifference difference = new ApiDifference(tolerance);
        return difference
                .values("/status", expected.get("status"), actual.get("status"))
                .or(() -> difference.values("/data", expected.get("data"), actual.get("data")));
    }

    private Optional<String> values(String path, JsonValue expected, JsonValue actual) {
        if (expected instanceof JsonObject theirs && actual instanceof JsonObject ours) {
            return objects(path, theirs, ours);
        }
        if (expected instanceof JsonArray theirs && actual instanceof JsonArray ours) {
            return arrays(path, theirs, ours);
        }
        if (expected == null ? actual == null : expected.equals(actual)) {
            return Optional.empty();
        }
        // 1.5 and 1.500 are the same time.
        if (expected instanceof JsonNumber theirs
                && actual instanceof JsonNumber ours
                && theirs.bigDecimalValue().compareTo(ours.bigDecimalValue()) == 0) {
            return Optional.empty();
        }
        boolean close = expected instanceof JsonString theirs
                && actual instanceof JsonString ours
                && areClose(theirs.getString(), ours.getString());
        return close ? Optional.empty() : Optional.of(path + ": expected " + expected + " but was " + actual);
    }

    private boolean areClose(String expected, String actual) {
        try {
            double theirs = Double.parseDouble(expected);
            double ours = Double.parseDouble(actual);
            return Math.abs(theirs - ours) <= tolerance * Math.max(Math.abs(theirs), Math.abs(ours));
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private Optional<String> objects(String path, JsonObject expected, JsonObject actual) {
        TreeSet<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        return keys.stream()
                .flatMap(key -> values(path + '/' + key, expected.get(key), actual.get(key)).stream())
                .findFirst();
    }

    private Optional<String> arrays(String path, JsonArray expected, JsonArray actual) {
        List<JsonValue> theirs = sorted(expected);
        List<JsonValue> ours = sorted(actual);
        for (int i = 0; i < Math.min(theirs.size(), ours.size()); i++) {
            Optional<String> difference = values(path + '/' + i, theirs.get(i), ours.get(i));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return theirs.size() == ours.size()
                ? Optional.empty()
                : Optional.of(path + ": expected " + theirs.size() + " but were " + ours.size() + ": " + expected
                        + " but was " + actual);
    }

    /** Series in the order of their labels; anything else, samples above all, as it is. */
    private static List<JsonValue> sorted(JsonArray array) {
        List<JsonValue> elements = new ArrayList<>(array);
        if (elements.stream().allMatch(JsonObject.class::isInstance)) {
            elements.sort(Comparator.comparing(element -> labels(element.asJsonObject())));
        }
        return elements;
    }

    private static String labels(JsonObject element) {
        JsonValue labels = element.getOrDefault("metric", element.getOrDefault("seriesLabels", element));
        Map<String, String> sorted = new TreeMap<>();
        labels.asJsonObject().forEach((name, value) -> sorted.put(name, value.toString()));
        return sorted.toString();
    }
}
