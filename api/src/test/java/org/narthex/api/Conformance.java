package org.narthex.api;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;

/** Cases made elsewhere, given by {@code -Dconformance.dir=}; tests that ask for them are skipped where they are absent. */
public final class Conformance {
    private Conformance() {}

    /** The parsed JSON file, by its path within the folder. */
    public static JsonStructure json(String path) throws IOException {
        String folder = System.getProperty("conformance.dir", "");
        assumeTrue(!folder.isEmpty() && Files.isDirectory(Path.of(folder)), "no -Dconformance.dir");
        try (JsonReader reader = Json.createReader(Files.newBufferedReader(Path.of(folder, path)))) {
            return reader.read();
        }
    }

    /** A JSON object of texts as a map. */
    public static Map<String, String> texts(JsonObject object) {
        Map<String, String> map = new LinkedHashMap<>();
        object.keySet().forEach(key -> map.put(key, object.getString(key)));
        return map;
    }

    /** A number, or one of the special floats written as {@code {"float": "NaN"}}. */
    public static double number(JsonValue value) {
        if (value.getValueType() == JsonValue.ValueType.OBJECT) {
            return switch (value.asJsonObject().getString("float")) {
                case "NaN" -> Double.NaN;
                case "+Inf" -> Double.POSITIVE_INFINITY;
                default -> Double.NEGATIVE_INFINITY;
            };
        }
        return ((jakarta.json.JsonNumber) value).doubleValue();
    }
}
