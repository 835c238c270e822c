package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;
import static org.narthex.itests.RunningNarthex.await;
import static org.narthex.itests.RunningNarthex.encode;
import static org.narthex.itests.RunningNarthex.freePort;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.json.JsonObject;

import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** One data directory, used by Prometheus and Narthex in turn, each ended by a kill: the next one has every sample of those before. */
public class PrometheusHandOverIT {
    private static final long BLOCK_MS = Duration.ofHours(2).toMillis();
    private static final int STEP_MS = 30_000;
    private static final int SERIES = 5;

    /** Every sample there is. */
    private static final String EVERYTHING = "{__name__=~\".+\"}[12h]";

    private static final List<String> QUERIES = List.of(
            EVERYTHING,
            "count by (__name__, job) ({__name__=~\".+\"})",
            "sum by (i) (sum_over_time(past[12h]))",
            "max_over_time(scrape_number[12h]) - min_over_time(scrape_number[12h])");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final HttpClient http = HttpClient.newHttpClient();
    /** The first sample of {@code past}: some blocks' worth before now, at a block's start. */
    private final long pastMs = Math.floorDiv(System.currentTimeMillis(), BLOCK_MS) * BLOCK_MS - 3 * BLOCK_MS;

    private TextTarget target;
    private Path config;
    private int targets;

    @Before
    public void needsPrometheus() {
        assumeTrue("prometheus is not installed", RunningNarthex.isInstalled("prometheus"));
        assumeTrue("promtool is not installed", RunningNarthex.isInstalled("promtool"));
    }

    @Test
    public void eachHasEverySampleOfTheOneBefore() throws Exception {
        try (TextTarget metrics = target();
                RunningNarthex narthex = narthex()) {
            int port = freePort();
            // Without targets at first: beside samples of today those of the past would be late.
            config();
            try (RunningPrometheus prometheus = prometheus(narthex.data(), port)) {
                write(prometheus.url(), 0, STEP_MS);
                await("cut into blocks", 30, () -> blocks(narthex.data()).size() >= 2);
                write(prometheus.url(), 10_000, 7 * STEP_MS);
            }
            narthex.configure(config(metrics.address(), "127.0.0.1:" + port, "127.0.0.1:" + narthex.port()));
            Answers before = null;
            for (int round = 1; round <= 4; round++) {
                int lateBy = 10_000 + 1_000 * round;
                if (round % 2 == 1) {
                    try (RunningPrometheus prometheus = prometheus(narthex.data(), port)) {
                        before = handedOver(before, prometheus.url(), lateBy);
                        // Late samples of a time that is in a block already: Prometheus says so, then compacts both.
                        assertThat(prometheus
                                        .readLog()
                                        .replaceAll(".*Overlapping blocks found during reloadBlocks.*", ""))
                                .doesNotContainIgnoringCase("corrupt")
                                .doesNotContainIgnoringCase("failed")
                                .doesNotContainIgnoringCase("unknown series")
                                .doesNotContain("level=error", "level=warn component=tsdb");
                    }
                } else {
                    narthex.start();
                    before = handedOver(before, narthex.uri("").toString(), lateBy);
                    narthex.kill();
                    assertThat(narthex.readLog())
                            .doesNotContainIgnoringCase("corrupt")
                            .doesNotContainIgnoringCase("quarantine")
                            .doesNotContain("level=ERROR");
                }
            }
            assertThat(narthex.data().resolve("wbl")).isNotEmptyDirectory();
        }
    }

    @Test
    public void promtoolReadsWhatNarthexWrote() throws Exception {
        try (TextTarget metrics = target();
                RunningNarthex narthex = narthex()) {
            narthex.configure(config()).start();
            String url = narthex.uri("").toString();
            write(url, 0, STEP_MS);
            await("cut into blocks", 30, () -> blocks(narthex.data()).size() >= 2);
            narthex.kill();
            narthex.configure(config(metrics.address())).start();
            Answers answers = answers(url);
            narthex.kill();

            String data = narthex.data().toString();
            List<String> blocks = blocks(narthex.data());
            assertThat(promtool("list", data)).hasSize(blocks.size() + 1);
            for (String block : blocks) {
                assertThat(promtool("analyze", data, block)).contains("Block ID: " + block);
            }
            assertThat(dumped(promtool("dump", "--max-time=" + answers.timeMs, data)))
                    .isEqualTo(samples(answers.byQuery.get(EVERYTHING)));
        }
    }

    @Test
    public void everySampleSentByPrometheusArrives() throws Exception {
        try (TextTarget metrics = target();
                RunningNarthex narthex = narthex().configure("{}").start()) {
            config(metrics.address());
            Files.writeString(config, """

                    remote_write: [ { url: "%s", queue_config: { batch_send_deadline: 200ms } } ]
                    """.formatted(narthex.uri("/api/v1/write")), StandardOpenOption.APPEND);
            Path data = folder.newFolder().toPath();
            try (RunningPrometheus prometheus = prometheus(data, freePort())) {
                Answers sent = answers(prometheus.url());
                String path = query(EVERYTHING, sent.timeMs);
                String url = narthex.uri("").toString();
                await("all that was sent before " + sent.timeMs, 20, () -> ApiDifference.between(
                                sent.byQuery.get(EVERYTHING), get(url, path), 0)
                        .isEmpty());
            }
        }
    }

    /** What the API of one server said about the time up to {@code timeMs}, after which nothing can be added before it. */
    private record Answers(long timeMs, Map<String, JsonObject> byQuery) {}

    /** Checks that the server answers as the one before it did, gives it more samples, and returns what is to be known after it. */
    private Answers handedOver(Answers before, String url, int lateBy) throws Exception {
        if (before != null) {
            for (Map.Entry<String, JsonObject> entry : before.byQuery.entrySet()) {
                assertThat(ApiDifference.between(
                                entry.getValue(), get(url, query(entry.getKey(), before.timeMs)), 1e-12))
                        .as(entry.getKey())
                        .isEmpty();
            }
        }
        write(url, lateBy, 7 * STEP_MS);
        return answers(url);
    }

    private Answers answers(String url) throws Exception {
        int first = target.scrapes();
        await("scraped", 30, () -> target.scrapes() > first + 3);
        long timeMs = System.currentTimeMillis();
        // Scrapes are answered one after the other: a newer one says that those up to the time are stored.
        await("scraped after " + timeMs, 20, () -> {
            JsonObject older =
                    get(url, query("count(timestamp(up) <= " + timeMs / 1000.0 + ")", System.currentTimeMillis()));
            JsonObject newer = get(url, query("up", System.currentTimeMillis()));
            return result(newer).size() >= targets && result(older).isEmpty();
        });
        Map<String, JsonObject> answers = new TreeMap<>();
        for (String query : QUERIES) {
            answers.put(query, get(url, query(query, timeMs)));
        }
        assertThat(result(answers.get(EVERYTHING))).hasSizeGreaterThan(3);
        return new Answers(timeMs, answers);
    }

    /** Writes series of the past, each {@code step} a sample from {@code offset} after their first one on. */
    private void write(String url, int offset, int step) throws Exception {
        int count = (int) ((3 * BLOCK_MS - offset) / step);
        RemoteWriteBody body = new RemoteWriteBody();
        for (int i = 0; i < SERIES; i++) {
            long[] times = new long[count];
            double[] values = new double[count];
            for (int n = 0; n < count; n++) {
                times[n] = pastMs + offset + (long) n * step;
                values[n] = offset + n * (i + 0.1);
            }
            body.series(Map.of("__name__", "past", "i", Integer.toString(i)), times, values);
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1/write"))
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.snappy()))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    }

    private TextTarget target() throws Exception {
        target = new TextTarget().answer("""
                # TYPE scrape_number counter
                scrape_number $scrape
                # TYPE level gauge
                level{where="a \\"quoted\\" place"} -2.5
                level{where="ü"} 1e-9
                """);
        return target;
    }

    private String config(String... addresses) throws Exception {
        targets = addresses.length;
        String yaml = """
                global: { scrape_interval: 500ms, scrape_timeout: 500ms }
                storage: { tsdb: { out_of_order_time_window: 12h } }
                scrape_configs:
                  - job_name: t
                    static_configs: [ { targets: [%s] } ]
                """.formatted(
                        Stream.of(addresses).map(address -> '"' + address + '"').collect(Collectors.joining(", ")));
        config = Files.writeString(folder.getRoot().toPath().resolve("prometheus.yml"), yaml);
        return yaml;
    }

    private RunningNarthex narthex() throws Exception {
        return new RunningNarthex(folder.newFolder().toPath()).flag("--web.enable-remote-write-receiver");
    }

    private RunningPrometheus prometheus(Path data, int port) throws Exception {
        return new RunningPrometheus(
                config, data, port, folder.newFile().toPath(), "--web.enable-remote-write-receiver");
    }

    private static List<String> blocks(Path data) throws Exception {
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> Files.exists(file.resolve("meta.json")))
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.length() == 26)
                    .toList();
        }
    }

    private static String query(String query, long timeMs) {
        return "/api/v1/query?query=" + encode(query) + "&time=" + timeMs / 1000.0;
    }

    private JsonObject get(String url, String path) throws Exception {
        return RunningNarthex.json(
                http.send(HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    private static List<JsonObject> result(JsonObject answer) {
        assertThat(answer.getString("status")).as(answer.toString()).isEqualTo("success");
        return answer.getJsonObject("data").getJsonArray("result").getValuesAs(JsonObject.class);
    }

    /** The output of a {@code promtool tsdb} command that must succeed. */
    private List<String> promtool(String... arguments) throws Exception {
        Path output = folder.newFile().toPath();
        Path errors = folder.newFile().toPath();
        List<String> command = new ArrayList<>(List.of("promtool", "tsdb"));
        command.addAll(List.of(arguments));
        int exit = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start()
                .waitFor();
        assertThat(exit).as(Files.readString(errors)).isZero();
        return Files.readAllLines(output);
    }

    /** Lines {@code {__name__="past", i="0"} 0.5 1795334166000}, as {@code labels value time}. */
    private static Set<String> dumped(List<String> lines) {
        Set<String> samples = new TreeSet<>();
        for (String line : lines) {
            int value = line.indexOf("} ") + 2;
            String[] fields = line.substring(value).split(" ", 2);
            samples.add(line.substring(0, value) + Double.valueOf(fields[0]) + " " + Long.parseLong(fields[1]));
        }
        return samples;
    }

    private static Set<String> samples(JsonObject answer) {
        Set<String> samples = new TreeSet<>();
        for (JsonObject series : result(answer)) {
            Map<String, String> labels = new TreeMap<>();
            series.getJsonObject("metric").forEach((name, value) -> labels.put(name, name + "=" + value));
            String prefix = "{" + String.join(", ", labels.values()) + "} ";
            series.getJsonArray("values").forEach(sample -> {
                long timeMs = sample.asJsonArray()
                        .getJsonNumber(0)
                        .bigDecimalValue()
                        .movePointRight(3)
                        .longValueExact();
                samples.add(prefix + Double.valueOf(sample.asJsonArray().getString(1)) + " " + timeMs);
            });
        }
        return samples;
    }
}
