package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;
import static org.narthex.itests.RunningNarthex.encode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Data directories written by Prometheus open in Narthex, and every recorded request gets the answer that Prometheus 2.42 gave.
 *
 * <p>Since version 3 a range leaves out a sample at its very start, and so does the lookback. Both are made a millisecond longer here: then
 * exactly the same samples count.
 */
public class FixturesIT {
    private static final Pattern RANGE = Pattern.compile("\\[(?<range>[0-9a-z]+)(?=[]:])");

    /** These divide by the length of the range, or extrapolate to its ends: a millisecond shows. */
    private static final Pattern EXTRAPOLATING = Pattern.compile("\\b(rate|increase|delta)\\(");

    private static final double MILLISECOND_OF_A_RANGE = 1e-4;

    /** Version 3 adds up with compensation, so that the last digits of a sum are not the same. */
    private static final double LAST_DIGITS = 1e-12;

    /** Answers that are others in version 3, with how far off they may be. */
    private static final Map<String, Double> CHANGED_SINCE_2_42 = Map.of(
            // Within a bucket of a native histogram version 3 interpolates exponentially, 2.42 linearly.
            "histogram_quantile(0.9, nh_int_histogram)",
            0.02,
            "histogram_quantile(0.5, rate(nh_int_histogram[1m]))",
            0.02,
            // Where a counter starts within the range, 2.51 and later extrapolate to its start by half an interval at
            // most, even if the
            // counter would reach zero later than that.
            "sum(rate(demo_requests_total[5m]))",
            0.08);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void blocksOfFloats() throws Exception {
        answersAsRecorded("om-blocks", "data", "om-blocks");
    }

    @Test
    public void blocksWithTombstones() throws Exception {
        answersAsRecorded("om-blocks-tombstones", "data", "om-blocks-tombstones");
    }

    @Test
    public void compactedBlocks() throws Exception {
        answersAsRecorded("om-blocks-compacted", "data", "om-blocks-compacted");
    }

    @Test
    public void blocksToBeCompacted() throws Exception {
        answersAsRecorded("om-blocks-compacted", "data-before", "om-blocks-compacted");
    }

    @Test
    public void logAndHeadChunks() throws Exception {
        answersAsRecorded("prom-2.42-selfscrape", "data", "prom-2.42-selfscrape");
    }

    @Test
    public void snapshotOfTheHead() throws Exception {
        answersAsRecorded("prom-2.42-selfscrape-snapshot", "data", "prom-2.42-selfscrape");
    }

    @Test
    public void nativeHistogramsExemplarsAndStaleness() throws Exception {
        answersAsRecorded("prom-2.42-native-histograms", "data", "prom-2.42-native-histograms");
    }

    @Test
    public void indexOfVersion1() throws Exception {
        try (RunningNarthex narthex = narthex()) {
            copy(fixture("index_format_v1"), narthex.data().resolve("01DXXFZDYD1MQW6079WK0K6EDQ"));
            narthex.start();
            assertThat(values(narthex, "{foo=\"bar\"}[1m]")).containsExactly("[[0.001,\"2\"]]");
            assertThat(values(narthex, "{foo!~\"^.?$\"}[1m]"))
                    .containsExactlyInAnyOrder("[[0.001,\"2\"]]", "[[0.003,\"4\"]]");
            assertThat(values(narthex, "{bar=~\".+\"}[1m]")).hasSize(100).containsOnly("[[0,\"0\"]]");
            assertThat(narthex.readLog()).doesNotContain("level=ERROR");
        }
    }

    /** An early version of Prometheus wrote a wrong version number into {@code meta.json}, which the database mends. */
    @Test
    public void metaOfWrongVersionIsMended() throws Exception {
        Path block = Path.of("01BZJ9WJQPWHGNC2W4J9TA62KC");
        try (RunningNarthex narthex = narthex()) {
            Path copy = copy(
                    fixture("repair_index_version").resolve(block),
                    narthex.data().resolve(block));
            Files.createDirectories(copy.resolve("chunks"));
            narthex.start();
            // The label "a" is there only as part of series, and those without chunks are in no answer: so it is with
            // Prometheus too.
            assertThat(strings(narthex, "labels")).containsExactly("b");
            assertThat(strings(narthex, "label/b/values")).containsExactly("1");
            assertThat(RunningNarthex.json(Files.readString(copy.resolve("meta.json")))
                            .getInt("version"))
                    .isEqualTo(1);
            assertThat(narthex.readLog()).doesNotContain("level=ERROR");
        }
    }

    private void answersAsRecorded(String name, String data, String recording) throws Exception {
        JsonArray requests = RunningNarthex.json(
                        Files.readString(fixture(recording).resolve("expected.json")))
                .getJsonArray("requests");
        List<String> differences = new ArrayList<>();
        try (RunningNarthex narthex = narthex()) {
            copy(fixture(name).resolve(data), narthex.data());
            narthex.start();
            for (JsonObject request : requests.getValuesAs(JsonObject.class)) {
                JsonObject params = request.getJsonObject("params");
                var answer = narthex.get(request.getString("path") + "?" + query(params));
                if (answer.statusCode() != request.getInt("status")) {
                    differences.add(params + ": status " + answer.statusCode() + ": " + answer.body());
                    continue;
                }
                ApiDifference.between(
                                request.getJsonObject("response"),
                                RunningNarthex.json(answer.body()),
                                tolerance(params.getString("query", "")))
                        .ifPresent(difference -> differences.add(params + difference));
            }
            assertThat(narthex.readLog()).doesNotContain("level=ERROR");
        }
        assertThat(differences).isEmpty();
        assertThat(requests).hasSizeGreaterThan(30);
    }

    private static double tolerance(String query) {
        return CHANGED_SINCE_2_42.getOrDefault(
                query, EXTRAPOLATING.matcher(query).find() ? MILLISECOND_OF_A_RANGE : LAST_DIGITS);
    }

    private static String query(JsonObject params) {
        List<String> pairs = new ArrayList<>();
        params.forEach((name, value) -> {
            for (JsonValue one : value instanceof JsonArray several ? several : List.of(value)) {
                String text = ((JsonString) one).getString();
                String sent = name.equals("query") ? RANGE.matcher(text).replaceAll("[${range}1ms") : text;
                pairs.add(encode(name) + "=" + encode(sent));
            }
        });
        return String.join("&", pairs);
    }

    private RunningNarthex narthex() throws Exception {
        fixture("");
        return new RunningNarthex(folder.getRoot().toPath())
                .configure("{}")
                .flag("--storage.tsdb.retention.time=100y")
                .flag("--query.lookback-delta=300001ms");
    }

    private static List<String> values(RunningNarthex narthex, String query) throws Exception {
        return narthex
                .data("query?time=1&query=" + encode(query))
                .getJsonArray("result")
                .getValuesAs(JsonObject.class)
                .stream()
                .map(series -> series.getJsonArray("values").toString())
                .toList();
    }

    private static List<String> strings(RunningNarthex narthex, String path) throws Exception {
        return RunningNarthex.json(narthex.get("/api/v1/" + path).body())
                .getJsonArray("data")
                .getValuesAs(JsonString::getString);
    }

    /** A folder of the fixtures; the test is skipped where they are not given. */
    private static Path fixture(String name) {
        String root = System.getProperty("conformance.dir", "");
        assumeTrue("needs -Dconformance.dir", !root.isEmpty());
        return Path.of(root, "tsdb", name);
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                    target.toFile().setWritable(true);
                }
            }
        }
        return to;
    }
}
