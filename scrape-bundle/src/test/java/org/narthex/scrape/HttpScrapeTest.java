package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.ScrapeTargets;

import com.sun.net.httpserver.HttpExchange;

import io.airlift.compress.zstd.ZstdCompressor;

/** Scrapes a real server over loopback; only the time is made by hand. */
class HttpScrapeTest {
    /** The JDK's client as it is. */
    private static final class PlainClients implements HttpClients, HttpClients.Client {
        private final HttpClient http = HttpClient.newHttpClient();

        @Override
        public Client client(HttpClientConfig config) {
            return this;
        }

        @Override
        public HttpClient http() {
            return http;
        }

        @Override
        public HttpRequest.Builder request(URI uri) {
            return HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1);
        }
    }

    private static final HttpClients CLIENTS = new PlainClients();

    private final TestClockwork clockwork = new TestClockwork();
    private final RecordingStorage storage = new RecordingStorage();
    private final Scraper scraper = new Scraper(
            clockwork, () -> CLIENTS, "Narthex/1", 2, 5_000, "testhost", Features.NONE, new SeriesGuard(0, 0));
    private final TestConfig job = new TestConfig("j");
    private TargetServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TargetServer();
        job.target(server.address(), "instance", "i");
        scraper.storage(storage);
    }

    @AfterEach
    void stop() {
        scraper.stop();
        server.close();
    }

    /** Scrapes once more. */
    private void scrape() throws InterruptedException {
        int before = storage.batches();
        clockwork.advanceToWork();
        storage.awaitBatches(before + 1);
    }

    private void begin() throws InterruptedException {
        scraper.apply(TestConfig.configuration(job));
        scrape();
    }

    private ScrapeTargets.Active target() {
        return scraper.active().get(0);
    }

    private List<String> series(String name) {
        return storage.values("__name__", name, "job", "j", "instance", "i");
    }

    @Test
    void storesWhatTheTargetShowsWithItsReport() throws Exception {
        server.page("# TYPE a counter\na 1\nb{x=\"y\"} 2.5\n");
        begin();
        scrape();
        assertThat(series("a")).containsExactly("1.0", "1.0");
        assertThat(storage.values("__name__", "b", "x", "y", "job", "j", "instance", "i"))
                .containsExactly("2.5", "2.5");
        assertThat(series("up")).containsExactly("1.0", "1.0");
        assertThat(series("scrape_samples_scraped")).containsExactly("2.0", "2.0");
        assertThat(series("scrape_samples_post_metric_relabeling")).containsExactly("2.0", "2.0");
        assertThat(series("scrape_series_added")).containsExactly("2.0", "0.0");
        assertThat(storage.times("__name__", "a", "job", "j", "instance", "i"))
                .isEqualTo(storage.times("__name__", "up", "job", "j", "instance", "i"));
        assertThat(target().health()).isEqualTo(ScrapeTargets.Health.UP);
        assertThat(target().lastError()).isEmpty();
        assertThat(target().scrapeUrl()).isEqualTo("http://" + server.address() + "/metrics");
        assertThat(target().globalUrl()).startsWith("http://testhost:");
    }

    @Test
    void resolvesLabelsOnlyOnce() throws Exception {
        server.page("a 1\nb 2\nc 3\n");
        begin();
        int resolved = storage.resolvedByLabels();
        scrape();
        scrape();
        assertThat(storage.resolvedByLabels()).isEqualTo(resolved);
    }

    @Test
    void asksForTextWithinTheTimeout() throws Exception {
        begin();
        var headers = server.requests.get(0);
        assertThat(headers.getFirst("Accept"))
                .isEqualTo(
                        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                                + "application/openmetrics-text;version=0.0.1;q=0.5,"
                                + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
        assertThat(headers.getFirst("Accept-Encoding")).isEqualTo("gzip, zstd;q=0.9");
        assertThat(headers.getFirst("X-Prometheus-Scrape-Timeout-Seconds")).isEqualTo("5");
        assertThat(headers.getFirst("User-Agent")).isEqualTo("Narthex/1");
    }

    @Test
    void asksForTheFormatsOfTheJob() throws Exception {
        job.protocols = List.of("PrometheusText1.0.0", "PrometheusProto", "OpenMetricsText0.0.1");
        job.escaping = "values";
        begin();
        assertThat(server.requests.get(0).getFirst("Accept"))
                .isEqualTo("text/plain;version=1.0.0;escaping=values;q=0.6,application/vnd.google.protobuf;"
                        + "proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.5,"
                        + "application/openmetrics-text;version=0.0.1;q=0.4,*/*;q=0.3");
    }

    @Test
    void asksForProtobufFirstWhereHistogramsAreNative() throws Exception {
        job.histograms = new HistogramModes(true, false, false);
        begin();
        assertThat(server.requests.get(0).getFirst("Accept"))
                .startsWith(
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;"
                                + "q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,")
                .endsWith("text/plain;version=0.0.4;q=0.2,*/*;q=0.1");
    }

    @Test
    void readsWhatTheTargetSaysItSends() throws Exception {
        server.handler = exchange -> TargetServer.answer(
                exchange, 200, "application/openmetrics-text; version=1.0.0", "# TYPE a counter\na_total 1\n# EOF\n");
        begin();
        assertThat(series("a_total")).containsExactly("1.0");
        server.handler = exchange -> TargetServer.answer(exchange, 200, "application/openmetrics-text", "a_total 2\n");
        scrape();
        assertThat(target().lastError()).isEqualTo("data does not end with # EOF");
        server.handler = exchange -> TargetServer.answer(
                exchange,
                200,
                "application/vnd.google.protobuf",
                new String(
                        Message.page(new Message()
                                .text(1, "p")
                                .number(3, 1)
                                .message(4, new Message().message(2, new Message().real(1, 0)))),
                        StandardCharsets.UTF_8));
        scrape();
        assertThat(series("p")).containsExactly("0.0");
    }

    @Test
    void writesFailuresToTheLogOfTheJob(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("failures.json");
        job.failureLog = log.toString();
        server.page("a{b=\"\t\" 1\n");
        begin();
        server.page("a 1\n");
        scrape();
        assertThat(Files.readString(log))
                .matches(
                        "\\{\"time\":\"[0-9T:.-]+Z\",\"level\":\"ERROR\",\"msg\":\"line 1, column 9: expected label name.*"
                                + "\",\"job_name\":\"j\",\"target\":\"http://" + server.address() + "/metrics\"}\n");
        Files.move(log, folder.resolve("old"));
        scraper.apply(TestConfig.configuration(job));
        server.page("-");
        scrape();
        assertThat(log).content().contains("is not a valid start token");
    }

    @Test
    void sendsParameters() throws Exception {
        job.params = Map.of("module", List.of("http 2xx", "b"), "collect[]", List.of("cpu"));
        begin();
        assertThat(server.requests.get(0).getFirst("X-Path"))
                .isEqualTo("/metrics?collect%5B%5D=cpu&module=http+2xx&module=b");
    }

    @Test
    void unpacksGzip() throws Exception {
        server.handler = exchange -> {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write("zipped 7\n".repeat(1).getBytes(StandardCharsets.UTF_8));
            }
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, packed.size());
            exchange.getResponseBody().write(packed.toByteArray());
        };
        begin();
        assertThat(series("zipped")).containsExactly("7.0");
    }

    @Test
    void unpacksZstd() throws Exception {
        byte[] packed = zstd("zipped 7\n".getBytes(StandardCharsets.UTF_8));
        server.handler = exchange -> packed(exchange, "zstd", packed);
        begin();
        assertThat(series("zipped")).containsExactly("7.0");
        byte[] damaged = packed.clone();
        damaged[8] ^= 0x55;
        server.handler = exchange -> packed(exchange, "zstd", damaged);
        scrape();
        assertThat(target().lastError()).startsWith("cannot unpack the body: ");
        byte[] bomb = zstd(new byte[4 << 20]);
        job.limits = new ScrapeConfig.Limits(1 << 20, 0, 0, 0, 0, 0, 0, 0, 0);
        scraper.apply(TestConfig.configuration(job));
        server.handler = exchange -> packed(exchange, "zstd", bomb);
        scrape();
        assertThat(target().lastError()).isEqualTo("body size limit exceeded");
    }

    private static byte[] zstd(byte[] page) {
        ZstdCompressor compressor = new ZstdCompressor();
        byte[] packed = new byte[compressor.maxCompressedLength(page.length)];
        int length = compressor.compress(page, 0, page.length, packed, 0, packed.length);
        return Arrays.copyOf(packed, length);
    }

    private static void packed(HttpExchange exchange, String encoding, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.getResponseHeaders().set("Content-Encoding", encoding);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    @Test
    void knowsWhatTheTargetSaysAboutItsMetrics() throws Exception {
        server.page("# HELP a Line\\nbreak.\n# TYPE a counter\na 1\n# TYPE b gauge\nb 2\n");
        begin();
        assertThat(scraper.metadata("a"))
                .containsExactly(new ScrapeTargets.TargetMetadata(
                        target().labels(), "a", new Metadata(MetricType.COUNTER, "", "Line\nbreak.")));
        assertThat(scraper.metadata("")).hasSize(2);
        server.page("# TYPE a gauge\na 1\n");
        for (int i = 0; i < 10; i++) {
            scrape();
        }
        assertThat(scraper.metadata("a").get(0).metadata().type()).isEqualTo(MetricType.GAUGE);
        assertThat(scraper.metadata("b")).as("still kept").hasSize(1);
        scrape();
        assertThat(scraper.metadata("b")).isEmpty();
    }

    @Test
    void endsSeriesWhenTheTargetFails() throws Exception {
        begin();
        server.handler = exchange -> TargetServer.answer(exchange, 503, "", "");
        scrape();
        assertThat(series("a")).containsExactly("1.0", "stale");
        assertThat(series("up")).containsExactly("1.0", "0.0");
        assertThat(target().lastError()).isEqualTo("server returned HTTP status 503 Service Unavailable");
        assertThat(target().health()).isEqualTo(ScrapeTargets.Health.DOWN);
        scrape();
        assertThat(series("a")).as("one marker is enough").containsExactly("1.0", "stale");
        server.page("a 3\n");
        scrape();
        assertThat(series("a")).containsExactly("1.0", "stale", "3.0");
        assertThat(series("scrape_series_added")).containsExactly("1.0", "0.0", "0.0", "0.0");
    }

    @Test
    void endsSeriesWhenThePageIsBad() throws Exception {
        begin();
        server.page("a 2\nb{ 3\n");
        scrape();
        assertThat(series("a")).containsExactly("1.0", "stale");
        assertThat(series("up")).containsExactly("1.0", "0.0");
        assertThat(target().lastError()).isEqualTo("line 2, column 4: expected label name, got \"3\"");
    }

    @Test
    void saysThatTheConnectionWasRefused() throws Exception {
        server.close();
        begin();
        assertThat(series("up")).containsExactly("0.0");
        assertThat(target().lastError())
                .isEqualTo("Get \"http://" + server.address() + "/metrics\": connection refused");
    }

    @Test
    void refusesPagesOfUnknownType() throws Exception {
        server.handler = exchange -> TargetServer.answer(exchange, 200, "text/html", "a 1\n");
        begin();
        assertThat(series("up")).containsExactly("0.0");
        assertThat(target().lastError())
                .isEqualTo(
                        "received unsupported Content-Type \"text/html\" and no fallback_scrape_protocol specified for"
                                + " target");
    }

    @Test
    void readsPagesOfUnknownTypeByTheFallback() throws Exception {
        server.handler = exchange -> TargetServer.answer(exchange, 200, "", "a 1\n");
        job.fallback = "PrometheusText0.0.4";
        begin();
        assertThat(series("a")).containsExactly("1.0");
    }

    @Test
    void stopsReadingAtTheBodySizeLimit() throws Exception {
        job.limits = new ScrapeConfig.Limits(100, 0, 0, 0, 0, 0, 0, 0, 0);
        job.extra = true;
        server.page("a 1\n".repeat(100));
        begin();
        assertThat(series("up")).containsExactly("0.0");
        assertThat(target().lastError()).isEqualTo("body size limit exceeded");
        assertThat(series("scrape_body_size_bytes")).containsExactly("-1.0");
        server.page("a 1\n");
        scrape();
        assertThat(series("scrape_body_size_bytes")).containsExactly("-1.0", "4.0");
        assertThat(series("scrape_timeout_seconds")).containsExactly("5.0", "5.0");
    }

    @Test
    void givesUpASlowTargetInTimeAndSkipsItsTicks() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        server.handler = exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("a 1\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        scraper.apply(TestConfig.configuration(job));
        clockwork.advanceToWork();
        assertThat(series("up")).isEmpty();
        // Not before: nothing but the timeout ends this scrape.
        clockwork.advance(job.timeoutMs);
        storage.awaitBatches(1);
        assertThat(series("up")).containsExactly("0.0");
        assertThat(target().lastError()).endsWith("context deadline exceeded");
        release.countDown();
    }

    @Test
    void scrapesAtTheSamePointOfEachInterval() throws Exception {
        begin();
        scrape();
        scrape();
        List<Long> times = storage.times("__name__", "a", "job", "j", "instance", "i");
        assertThat(times.get(1) - times.get(0)).isEqualTo(10_000);
        assertThat(times.get(2) - times.get(1)).isEqualTo(10_000);
    }
}
