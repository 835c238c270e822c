package org.narthex.scrape;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

/** Reads the folder of conformance cases, without which a test is skipped. */
public final class Conformance {
    private Conformance() {}

    public static Path file(String name) {
        String folder = System.getProperty("conformance.dir", "");
        assumeTrue(!folder.isEmpty() && Files.isDirectory(Path.of(folder)), "no -Dconformance.dir");
        return Path.of(folder, name);
    }

    public static JsonObject json(String name) throws IOException {
        try (InputStream in = Files.newInputStream(file(name));
                var reader = Json.createReader(in)) {
            return reader.readObject();
        }
    }

    public static List<JsonObject> cases(String name) throws IOException {
        return json(name).getJsonArray("cases").getValuesAs(JsonObject.class);
    }

    /** Text, or bytes that are not UTF-8. */
    public static byte[] bytes(JsonValue value) {
        return value instanceof JsonString text
                ? text.getString().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(value.asJsonObject().getString("base64"));
    }

    /** A page as parsers want it: with room for a byte more. */
    public static byte[] roomy(byte[] page) {
        byte[] buffer = new byte[page.length + 1];
        System.arraycopy(page, 0, buffer, 0, page.length);
        return buffer;
    }

    public static Map<String, String> labels(JsonObject labels) {
        Map<String, String> read = new TreeMap<>();
        labels.forEach((name, value) -> read.put(name, ((JsonString) value).getString()));
        return read;
    }

    public static double number(JsonValue value) {
        if (value instanceof JsonNumber number) {
            return number.doubleValue();
        }
        String text = value instanceof JsonString string
                ? string.getString()
                : value.asJsonObject().getString("float");
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }

    public static long number(JsonObject object, String key) {
        return object.containsKey(key) ? object.getJsonNumber(key).longValue() : 0;
    }
}
