package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.SampleBatch;

/** Upstream's cases about what is made of a page: labels for type and unit, native histograms out of classic ones. */
class PageConformanceTest {
    private final RecordingStorage storage = new RecordingStorage();

    private SampleBatch scrape(JsonObject test) throws ScrapeException {
        JsonObject options = test.getJsonObject("options");
        boolean converts = options.getBoolean("convert_classic_histograms_to_nhcb", false);
        Features features = new Features(
                false,
                options.getBoolean("skip_start_timestamp_series(_created)", false),
                options.getBoolean("enable_type_and_unit_labels", false),
                false,
                false,
                false);
        Target target = new Target(
                Labels.EMPTY,
                Labels.EMPTY,
                Labels.EMPTY,
                "",
                "",
                new HistogramModes(false, false, converts),
                10_000,
                5_000);
        StorageHandle handle = new StorageHandle(storage);
        Intake intake = new Intake(new ScrapeMetrics(), features);
        TestConfig config = new TestConfig("j");
        intake.begin(new TargetSeries(target, config.build(), false), handle, 2_000_000_000_000L);
        byte[] page = Conformance.bytes(test.get("input"));
        intake.page(
                Conformance.roomy(page),
                page.length,
                test.getString("parser").equals("prometheus-text")
                        ? ContentType.Format.TEXT
                        : ContentType.Format.OPENMETRICS);
        intake.report(true, 0, 0);
        intake.append(new HandOverQueue(() -> Optional.of(handle), 1_000_000));
        return storage.last();
    }

    @Test
    void makesOfPagesWhatUpstreamMakes() throws Exception {
        int checked = 0;
        int histograms = 0;
        for (JsonObject test : Conformance.cases("scrape/parse-cases.json")) {
            if (test.getJsonObject("options").getBoolean("enable_type_and_unit_labels", false)
                    || test.getJsonObject("options").getBoolean("convert_classic_histograms_to_nhcb", false)) {
                checked++;
                histograms += check(test);
            }
        }
        assertThat(checked).isEqualTo(5);
        assertThat(histograms).isEqualTo(8);
    }

    private int check(JsonObject test) throws ScrapeException {
        SampleBatch batch = scrape(test);
        Map<Labels, Integer> found = new HashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            found.put(batch.labels(i), i);
        }
        Map<Labels, Set<Exemplar>> exemplars = new HashMap<>();
        batch.exemplars().forEach(entry -> exemplars
                .computeIfAbsent(entry.series(), labels -> new HashSet<>())
                .add(entry.exemplar()));
        List<JsonObject> wanted = new ArrayList<>();
        int histograms = 0;
        for (JsonObject entry : test.getJsonArray("expected").getValuesAs(JsonObject.class)) {
            if (!entry.containsKey("labels")) {
                continue;
            }
            wanted.add(entry);
            String what = test.getString("name") + " " + entry;
            Labels labels = Labels.of(Conformance.labels(entry.getJsonObject("labels")));
            assertThat(found).as(what).containsKey(labels);
            int i = found.get(labels);
            if (entry.getString("entry").equals("histogram")) {
                histograms++;
                assertThat(batch.histogram(i)).as(what).isEqualTo(histogram(entry.getJsonObject("histogram")));
            } else {
                assertThat(batch.histogram(i)).as(what).isNull();
                assertThat(batch.value(i)).as(what).isEqualTo(Double.valueOf(Conformance.number(entry.get("value"))));
            }
            assertThat(batch.startTimestampMs(i)).as(what).isEqualTo(Conformance.number(entry, "start_timestamp_ms"));
            if (entry.containsKey("timestamp_ms")) {
                assertThat(batch.timestampMs(i)).as(what).isEqualTo(Conformance.number(entry, "timestamp_ms"));
            }
            assertThat(exemplars.getOrDefault(labels, Set.of()))
                    .as(what)
                    .isEqualTo(exemplars(entry, batch.timestampMs(i)));
        }
        assertThat(batch.size() - 5).as(test.getString("name")).isEqualTo(wanted.size());
        return histograms;
    }

    /** A scrape keeps a histogram's exemplars only if they have a time, and gives those of others the time of the sample. */
    private static Set<Exemplar> exemplars(JsonObject entry, long sampleTimeMs) {
        Set<Exemplar> wanted = new HashSet<>();
        if (!entry.containsKey("exemplars")) {
            return wanted;
        }
        for (JsonObject exemplar : entry.getJsonArray("exemplars").getValuesAs(JsonObject.class)) {
            if (exemplar.containsKey("timestamp_ms")
                    || !entry.getString("entry").equals("histogram")) {
                wanted.add(new Exemplar(
                        Labels.of(Conformance.labels(exemplar.getJsonObject("labels"))),
                        Conformance.number(exemplar.get("value")),
                        exemplar.containsKey("timestamp_ms")
                                ? Conformance.number(exemplar, "timestamp_ms")
                                : sampleTimeMs));
            }
        }
        return wanted;
    }

    /** A histogram of whole numbers with custom buckets; counts come as differences. */
    private static Histogram histogram(JsonObject json) {
        List<JsonObject> spans = json.getJsonArray("positive_spans").getValuesAs(JsonObject.class);
        int[] pairs = new int[2 * spans.size()];
        for (int i = 0; i < spans.size(); i++) {
            pairs[2 * i] = spans.get(i).getInt("offset");
            pairs[2 * i + 1] = spans.get(i).getInt("length");
        }
        JsonArray deltas = json.getJsonArray("positive_buckets");
        long[] counts = new long[deltas.size()];
        long count = 0;
        for (int i = 0; i < counts.length; i++) {
            count += deltas.getJsonNumber(i).longValue();
            counts[i] = count;
        }
        double[] bounds = json.containsKey("custom_values")
                ? json.getJsonArray("custom_values").getValuesAs(JsonNumber::doubleValue).stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray()
                : new double[0];
        return Histogram.ofIntegers(
                Histogram.ResetHint.UNKNOWN,
                json.getInt("schema"),
                0,
                0,
                json.getJsonNumber("count").longValue(),
                json.getJsonNumber("sum").doubleValue(),
                pairs,
                counts,
                new int[0],
                new long[0],
                bounds);
    }
}
