package org.narthex.promql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryValue;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.SeriesParser;
import org.narthex.promql.script.ScriptStorage;

/**
 * The answers that Prometheus 2.42 gave to the queries of the PromQL compliance suite, where {@code -Dconformance.dir} tells where they are. Where
 * Prometheus 3.14 answers otherwise, so must we; each such query is listed, with the reason.
 */
class GoldenAnswersTest {
    private static final double TOLERANCE = 1e-6;

    private static final long START_MS = 1_704_071_400_000L;
    private static final long END_MS = 1_704_072_000_000L;
    private static final long STEP_MS = 60_000;
    private static final long INSTANT_MS = 1_704_071_700_000L;

    /**
     * Where 3.14 differs.
     *
     * @param restored the query that asks 3.14 for what 2.42 answered, or empty if none can
     */
    private record Difference(String reason, String restored) {}

    private static final String SUBQUERIES = "3.x leaves out the left boundary of a subquery's range";
    private static final String LABEL_NAMES = "3.x takes any UTF-8 as the name of a label, 2.42 refuses \"~invalid\"";

    private static final Map<String, Difference> DIFFERENCES = Map.of(
            "avg_over_time(rate(demo_cpu_usage_seconds_total[1m])[2m:10s])",
            new Difference(SUBQUERIES, "avg_over_time(rate(demo_cpu_usage_seconds_total[1m])[120001ms:10s])"),
            "max_over_time((time() - max(demo_batch_last_success_timestamp_seconds) < 1000)[5m:10s] offset 5m)",
            new Difference(
                    SUBQUERIES,
                    "max_over_time((time() - max(demo_batch_last_success_timestamp_seconds) < 1000)[300001ms:10s] offset 5m)"),
            "label_replace(demo_num_cpus, \"~invalid\", \"\", \"src\", \"(.*)\")",
            new Difference(LABEL_NAMES, ""),
            "label_join(demo_num_cpus, \"~invalid\", \"-\", \"instance\")",
            new Difference(LABEL_NAMES, ""));

    @Test
    void differOnlyWherePrometheusItselfChanged() throws Exception {
        String folder = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(folder.isEmpty(), "conformance.dir is not given");
        Path golden = Path.of(folder, "promql", "golden");
        Assumptions.assumeTrue(Files.isDirectory(golden), golden + " is not there");
        PromqlEngine engine = Engines.over(load(golden.resolve("input.om.txt.gz")), limits());
        Map<String, String> different = new TreeMap<>();
        JsonArray cases = cases(golden.resolve("expected.json.gz"));
        for (JsonValue value : cases) {
            JsonObject one = value.asJsonObject();
            String query = one.getString("query");
            String difference = compare(engine, query, one);
            if (!difference.isEmpty()) {
                different.put(query, difference);
            }
            String restored =
                    DIFFERENCES.getOrDefault(query, new Difference("", "")).restored();
            if (!restored.isEmpty()) {
                assertThat(compare(engine, restored, one)).isEmpty();
            }
        }
        engine.deactivate();
        System.out.printf("golden: %d of %d as Prometheus 2.42%n", cases.size() - different.size(), cases.size());
        assertThat(cases).hasSize(539);
        assertThat(different.keySet()).as("%s", different).isEqualTo(DIFFERENCES.keySet());
    }

    /** Prometheus' own limits, and no features: it was recorded so. */
    private static Limits limits() {
        return new Limits(300_000, 120_000, 50_000_000, 20, Set.of());
    }

    private static JsonArray cases(Path file) throws IOException {
        try (JsonReader reader = Json.createReader(new GZIPInputStream(Files.newInputStream(file)))) {
            return reader.readObject().getJsonArray("cases");
        }
    }

    private static Storage load(Path file) throws Exception {
        Map<String, Labels> metrics = new HashMap<>();
        SampleBatch batch = new SampleBatch();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    int time = line.lastIndexOf(' ');
                    int number = line.lastIndexOf(' ', time - 1);
                    batch.add(
                            metrics.computeIfAbsent(line.substring(0, number), GoldenAnswersTest::metric),
                            SampleBatch.NO_REF,
                            Math.round(Double.parseDouble(line.substring(time + 1)) * 1000),
                            SampleValue.parse(line.substring(number + 1, time)));
                }
            }
        }
        Storage storage = new ScriptStorage();
        storage.append(batch);
        return storage;
    }

    private static Labels metric(String text) {
        try {
            return SeriesParser.parse(text).metric();
        } catch (ParseException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static String compare(PromqlEngine engine, String query, JsonObject one) {
        QueryRequest range = QueryRequest.range(query, START_MS, END_MS, STEP_MS);
        String difference = compare(engine, range, one.getJsonObject("range"));
        return difference.isEmpty()
                ? compare(engine, QueryRequest.instant(query, INSTANT_MS), one.getJsonObject("instant"))
                : difference;
    }

    private static String compare(PromqlEngine engine, QueryRequest request, JsonObject expected) {
        QueryValue value;
        try {
            value = engine.query(request).value();
        } catch (QueryException e) {
            return expected.getInt("status") == 200 ? "fails: " + e.getMessage() : "";
        }
        if (expected.getInt("status") != 200) {
            return "does not fail, as it should: " + expected;
        }
        Map<Labels, double[]> wanted = new HashMap<>();
        if (expected.getString("resultType", "matrix").equals("scalar")) {
            add(wanted, Labels.EMPTY, List.of(expected.getJsonArray("result")));
        } else {
            for (JsonObject series : expected.getJsonArray("result").getValuesAs(JsonObject.class)) {
                Labels.Builder metric = Labels.builder();
                JsonObject labels = series.getJsonObject("metric");
                labels.keySet().forEach(name -> metric.set(name, labels.getString(name)));
                add(
                        wanted,
                        metric.build(),
                        series.containsKey("value")
                                ? List.of(series.getJsonArray("value"))
                                : series.getJsonArray("values").getValuesAs(JsonArray.class));
            }
        }
        return difference(wanted, found(value));
    }

    /** Times and values in turn, in seconds. */
    private static void add(Map<Labels, double[]> series, Labels metric, List<JsonArray> points) {
        double[] numbers = new double[2 * points.size()];
        for (int i = 0; i < points.size(); i++) {
            numbers[2 * i] = points.get(i).getJsonNumber(0).doubleValue();
            numbers[2 * i + 1] = SampleValue.parse(points.get(i).getString(1));
        }
        series.put(metric, numbers);
    }

    private static Map<Labels, double[]> found(QueryValue value) {
        Map<Labels, double[]> found = new HashMap<>();
        if (value instanceof QueryValue.Scalar scalar) {
            found.put(Labels.EMPTY, new double[] {scalar.timestampMs() / 1000.0, scalar.value()});
        } else if (value instanceof QueryValue.InstantVector vector) {
            for (int i = 0; i < vector.metrics().size(); i++) {
                found.put(vector.metrics().get(i), new double[] {vector.timestampMs() / 1000.0, vector.values()[i]});
            }
        } else if (value instanceof QueryValue.RangeVector matrix) {
            for (QueryValue.Series series : matrix.series()) {
                double[] numbers = new double[2 * series.size()];
                for (int i = 0; i < series.size(); i++) {
                    numbers[2 * i] = series.timestampsMs()[i] / 1000.0;
                    numbers[2 * i + 1] = series.values()[i];
                }
                found.put(series.metric(), numbers);
            }
        }
        return found;
    }

    private static String difference(Map<Labels, double[]> wanted, Map<Labels, double[]> found) {
        if (!wanted.keySet().equals(found.keySet())) {
            return "series: " + wanted.keySet() + " expected, got " + found.keySet();
        }
        List<String> differences = new ArrayList<>();
        wanted.forEach((metric, numbers) -> {
            double[] others = found.get(metric);
            boolean same = numbers.length == others.length;
            for (int i = 0; same && i < numbers.length; i++) {
                double tolerance = i % 2 == 0 ? 0 : TOLERANCE * Math.max(Math.abs(numbers[i]), Math.abs(others[i]));
                same = Double.compare(numbers[i], others[i]) == 0 || Math.abs(numbers[i] - others[i]) <= tolerance;
            }
            if (!same) {
                differences.add(metric + ": " + Arrays.toString(numbers) + " expected, got " + Arrays.toString(others));
            }
        });
        return String.join("\n", differences);
    }
}
