package org.narthex.scrape.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.scrape.Conformance.bytes;
import static org.narthex.scrape.Conformance.cases;
import static org.narthex.scrape.Conformance.file;
import static org.narthex.scrape.Conformance.json;
import static org.narthex.scrape.Conformance.labels;
import static org.narthex.scrape.Conformance.number;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;
import org.narthex.scrape.proto.ProtobufParser;

/** Upstream's cases for the text formats, and what a real Prometheus did with sample pages. */
class TextConformanceTest {
    private static final String NOT_UNIQUE = "is not unique";
    /** 2.42 took exemplars of some series only, 3.x takes them everywhere. */
    private static final String NO_EXEMPLARS = "does not support exemplars";
    /** 2.42 refused a comma after the last label, which 3.x takes. */
    private static final String COMMA_AT_END = "expected label name, got \"BCLOSE\"";

    /** The parser for a case, or null if it is no text. */
    private static PageParser parser(JsonObject test) {
        return switch (test.getString("parser")) {
            case "prometheus-text" -> new TextParser();
            case "openmetrics-text" ->
                new OpenMetricsParser(test.containsKey("options")
                        && test.getJsonObject("options").getBoolean("skip_start_timestamp_series(_created)", false));
            default -> throw new AssertionError(test.getString("parser"));
        };
    }

    @Test
    void readsUpstreamsPagesLikeUpstream() throws Exception {
        int checked = 0;
        for (JsonObject test : cases("scrape/parse-cases.json")) {
            JsonObject options = test.getJsonObject("options");
            if (options.getBoolean("enable_type_and_unit_labels", false)
                    || options.getBoolean("convert_classic_histograms_to_nhcb", false)) {
                // What is made of a page, rather than read in it, is tested where it is made.
                continue;
            }
            checked++;
            List<Object> found = Entries.of(parser(test), bytes(test.get("input")));
            int next = 0;
            for (JsonObject entry : test.getJsonArray("expected").getValuesAs(JsonObject.class)) {
                if (entry.getString("entry").equals("comment")) {
                    continue;
                }
                assertThat(found.size()).as(entry.toString()).isGreaterThan(next);
                if (entry.getString("entry").equals("series")) {
                    check((Entries.Sample) found.get(next++), entry);
                } else {
                    check((Entries.Family) found.get(next++), entry);
                }
            }
            assertThat(found).as(test.getString("name")).hasSize(next);
        }
        assertThat(checked).isEqualTo(6);
    }

    private static void check(Entries.Family found, JsonObject entry) {
        String kind = entry.getString("entry");
        // Where upstream's table names the metric only, the text is in the page.
        if (!entry.containsKey("metric")) {
            assertThat(entry.getString("raw")).contains(found.metric());
            return;
        }
        assertThat(found)
                .as(entry.toString())
                .isEqualTo(new Entries.Family(
                        kind,
                        entry.getString("metric"),
                        kind.equals("type") && entry.getString("type").equals("unknown")
                                ? "unknown"
                                : entry.getString(kind)));
    }

    private static void check(Entries.Sample found, JsonObject entry) {
        assertThat(found.raw()).as(entry.toString()).isEqualTo(entry.getString("raw"));
        if (entry.containsKey("labels")) {
            assertThat(found.labels()).as(entry.toString()).isEqualTo(labels(entry.getJsonObject("labels")));
            assertThat(found.value()).as(entry.toString()).isEqualTo(Double.valueOf(number(entry.get("value"))));
            assertThat(found.timestampMs())
                    .as(entry.toString())
                    .isEqualTo(entry.containsKey("timestamp_ms") ? number(entry, "timestamp_ms") : null);
            List<Exemplar> exemplars = !entry.containsKey("exemplars")
                    ? List.of()
                    : entry.getJsonArray("exemplars").getValuesAs(JsonObject.class).stream()
                            .map(exemplar -> new Exemplar(
                                    Labels.of(labels(exemplar.getJsonObject("labels"))),
                                    number(exemplar.get("value")),
                                    exemplar.containsKey("timestamp_ms") ? number(exemplar, "timestamp_ms") : -1))
                            .toList();
            assertThat(found.exemplars()).as(entry.toString()).isEqualTo(exemplars);
        }
        assertThat(found.startMs()).as(entry.toString()).isEqualTo(number(entry, "start_timestamp_ms"));
    }

    @Test
    void refusesWhatUpstreamRefuses() throws Exception {
        int checked = 0;
        for (JsonObject test : cases("scrape/parse-errors.json")) {
            String error = null;
            try {
                List<Entries.Sample> samples = Entries.samples(parser(test), bytes(test.get("input")));
                assertThat(samples.size()).isGreaterThanOrEqualTo(0);
            } catch (PageFormatException e) {
                error = e.getMessage();
            }
            checked++;
            if (test.getBoolean("ok")) {
                assertThat(error).as(test.toString()).isNull();
                continue;
            }
            String upstream = test.getString("error");
            String reason = upstream.contains("strconv.ParseFloat: ")
                    ? upstream.substring("strconv.ParseFloat: ".length(), upstream.indexOf(" while"))
                    : upstream.split(", got| while parsing|: \"")[0];
            assertThat(error).as(test.toString()).contains(reason);
        }
        assertThat(checked).isGreaterThan(100);
    }

    @Test
    void takesThePagesPrometheusTook() throws Exception {
        JsonObject results = json("text-format/prometheus-2.42-results.json").getJsonObject("cases");
        int checked = 0;
        for (Map.Entry<String, JsonValue> entry : results.entrySet()) {
            JsonObject expected = entry.getValue().asJsonObject();
            String contentType = expected.getString("content_type");
            checked++;
            compare(
                    entry.getKey(),
                    contentType.contains("protobuf")
                            ? new ProtobufParser()
                            : contentType.contains("openmetrics") ? new OpenMetricsParser(false) : new TextParser(),
                    Files.readAllBytes(file("text-format/" + entry.getKey())),
                    expected);
        }
        assertThat(checked).isGreaterThan(30);
    }

    @Test
    void takesTheOpenMetricsPagesPrometheusTook() throws Exception {
        JsonObject results = json("openmetrics/prometheus-2.42-results.json").getJsonObject("cases");
        for (Map.Entry<String, JsonValue> entry : results.entrySet()) {
            byte[] page = Files.readAllBytes(file("openmetrics/parsers/" + entry.getKey() + "/metrics"));
            compare(
                    entry.getKey(),
                    new OpenMetricsParser(false),
                    page,
                    entry.getValue().asJsonObject());
        }
        assertThat(results).hasSize(211);
    }

    private static void compare(String name, PageParser parser, byte[] page, JsonObject expected) {
        String error = "";
        List<Entries.Sample> samples = List.of();
        try {
            samples = Entries.samples(parser, page);
        } catch (PageFormatException e) {
            error = e.getMessage();
        }
        String recorded = expected.isNull("error") ? "" : expected.getString("error");
        if (recorded.contains(NOT_UNIQUE) || recorded.contains(NO_EXEMPLARS) || recorded.equals(COMMA_AT_END)) {
            // That labels are unique is no matter of the format: SampleLabels sees to it.
            assertThat(error).isEmpty();
            return;
        }
        assertThat(error.isEmpty()).as(name + ": " + error).isEqualTo(expected.getBoolean("accepted"));
        if (!expected.getBoolean("accepted")) {
            return;
        }
        assertThat(samples).as(name).hasSize(expected.getInt("samples_scraped"));
        if (expected.containsKey("series")) {
            compare(name, samples, expected);
        }
    }

    /** Compares names, labels and first values, since times were not honoured, but for the spelling of bounds, which 3.x makes uniform. */
    private static void compare(String name, List<Entries.Sample> samples, JsonObject expected) {
        Map<Map<String, String>, Double> found =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        samples.forEach(sample -> found.putIfAbsent(uniform(sample.labels()), sample.value()));
        Map<Map<String, String>, Double> wanted =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        expected.getJsonArray("series")
                .forEach(pair -> wanted.put(
                        uniform(labels(pair.asJsonArray().getJsonObject(0))),
                        number(pair.asJsonArray().get(1))));
        assertThat(found).as(name).isEqualTo(wanted);
    }

    private static Map<String, String> uniform(Map<String, String> labels) {
        Map<String, String> uniform = new TreeMap<>(labels);
        uniform.values().removeIf(String::isEmpty);
        for (String bound : List.of("le", "quantile")) {
            uniform.computeIfPresent(
                    bound,
                    (key, value) ->
                            Double.isNaN(SeriesText.number(value)) ? value : String.valueOf(SeriesText.number(value)));
        }
        return uniform;
    }
}
