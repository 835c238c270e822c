package org.narthex.scrape.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Test;

/** Upstream's cases for the text format, and what a real Prometheus did with sample pages. */
class TextConformanceTest {
    private record Sample(Map<String, String> labels, double value, Long timestampMs) {}

    private static Path file(String name) {
        String folder = System.getProperty("conformance.dir", "");
        assumeTrue(!folder.isEmpty() && Files.isDirectory(Path.of(folder)), "no -Dconformance.dir");
        return Path.of(folder, name);
    }

    private static JsonStructure json(String name) throws IOException {
        try (InputStream in = Files.newInputStream(file(name));
                var reader = Json.createReader(in)) {
            return reader.read();
        }
    }

    /** Text, or bytes that are not UTF-8. */
    private static byte[] bytes(JsonValue value) {
        return value instanceof JsonString text
                ? text.getString().getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(value.asJsonObject().getString("base64"));
    }

    private static List<Sample> parse(byte[] page) throws TextFormatException {
        TextParser parser = new TextParser();
        byte[] buffer = new byte[page.length + 1];
        System.arraycopy(page, 0, buffer, 0, page.length);
        parser.reset(buffer, page.length);
        SeriesText text = new SeriesText();
        List<Sample> samples = new ArrayList<>();
        while (parser.next((body, from, limit) -> -1)) {
            text.read(buffer, parser.seriesStart(), parser.seriesEnd(), parser.type());
            Map<String, String> labels = new TreeMap<>();
            for (int i = 0; i < text.size(); i++) {
                labels.put(text.name(i), text.value(i));
            }
            samples.add(new Sample(labels, parser.value(), parser.hasTimestamp() ? parser.timestampMs() : null));
        }
        return samples;
    }

    private static double number(JsonValue value) {
        if (value instanceof JsonNumber number) {
            return number.doubleValue();
        }
        String text = value instanceof JsonString string
                ? string.getString()
                : value.asJsonObject().getString("float");
        return Decimal.parse(text);
    }

    @Test
    void readsUpstreamsPagesLikeUpstream() throws Exception {
        JsonArray cases = json("scrape/parse-cases.json").asJsonObject().getJsonArray("cases");
        int checked = 0;
        for (JsonObject test : cases.getValuesAs(JsonObject.class)) {
            boolean withTypeLabels = test.getJsonObject("options").getBoolean("enable_type_and_unit_labels", false);
            if (!test.getString("parser").equals("prometheus-text") || withTypeLabels) {
                continue;
            }
            checked++;
            List<Sample> samples = parse(bytes(test.get("input")));
            int next = 0;
            for (JsonObject entry : test.getJsonArray("expected").getValuesAs(JsonObject.class)) {
                if (!entry.getString("entry").equals("series")) {
                    continue;
                }
                Map<String, String> labels = new TreeMap<>();
                entry.getJsonObject("labels")
                        .forEach((name, value) -> labels.put(name, ((JsonString) value).getString()));
                Sample sample = samples.get(next++);
                assertThat(sample.labels()).as(entry.toString()).isEqualTo(labels);
                assertThat(sample.value()).as(entry.toString()).isEqualTo(number(entry.get("value")));
                assertThat(sample.timestampMs())
                        .as(entry.toString())
                        .isEqualTo(
                                entry.containsKey("timestamp_ms")
                                        ? entry.getJsonNumber("timestamp_ms").longValue()
                                        : null);
            }
            assertThat(samples).hasSize(next);
        }
        assertThat(checked).isEqualTo(2);
    }

    @Test
    void refusesWhatUpstreamRefuses() throws Exception {
        JsonArray cases = json("scrape/parse-errors.json").asJsonObject().getJsonArray("cases");
        for (JsonObject test : cases.getValuesAs(JsonObject.class)) {
            if (!test.getString("parser").equals("prometheus-text")) {
                continue;
            }
            String error = null;
            try {
                List<Sample> samples = parse(bytes(test.get("input")));
                assertThat(samples).isNotEmpty();
            } catch (TextFormatException e) {
                error = e.getMessage();
            }
            if (test.getBoolean("ok")) {
                assertThat(error).as(test.toString()).isNull();
                continue;
            }
            String upstream = test.getString("error");
            String reason = upstream.contains("strconv.ParseFloat: ")
                    ? upstream.substring(20, upstream.indexOf(" while"))
                    : upstream.split(", got| while parsing|: \"")[0];
            assertThat(error).as(test.toString()).contains(reason).startsWith("line ");
        }
    }

    @Test
    void takesThePagesPrometheusTook() throws Exception {
        JsonObject cases =
                json("text-format/prometheus-2.42-results.json").asJsonObject().getJsonObject("cases");
        for (Map.Entry<String, JsonValue> entry : cases.entrySet()) {
            if (entry.getKey().contains(".om.") || entry.getKey().contains("protobuf")) {
                continue;
            }
            JsonObject expected = entry.getValue().asJsonObject();
            String error = "";
            int samples = 0;
            try {
                samples = parse(Files.readAllBytes(file("text-format/" + entry.getKey())))
                        .size();
            } catch (TextFormatException e) {
                error = e.getMessage();
            }
            boolean duplicateLabel =
                    !expected.isNull("error") && expected.getString("error").contains("is not unique");
            if (duplicateLabel) {
                // Not a matter of the format: SampleLabels refuses it.
                assertThat(error).isEmpty();
            } else {
                assertThat(error.isEmpty())
                        .as(entry.getKey() + ": " + error)
                        .isEqualTo(expected.getBoolean("accepted"));
                if (expected.getBoolean("accepted")) {
                    assertThat(samples).as(entry.getKey()).isEqualTo(expected.getInt("samples_scraped"));
                }
            }
        }
    }
}
