package org.narthex.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;

import com.sun.net.httpserver.HttpExchange;

import io.airlift.compress.zstd.ZstdCompressor;

/** Targets that mean ill, beside one that does not: it is scraped each time, at the time when it is due. Scrapes are counted, nothing is timed. */
class HostileTargetTest {
    private static final int ROUNDS = 5;
    private static final int STEP_MS = 50;
    /** The one among the targets that answers only when its time is up. */
    private static final int SLOW = 2;

    /** Time is made by hand, but work is done by two threads, as by those of a small machine. */
    private static final class TwoWorkers implements Clockwork {
        private final TestClockwork time = new TestClockwork();
        private final ExecutorService workers = Executors.newFixedThreadPool(2);
        private final Phaser busy = new Phaser(1);

        @Override
        public long nowMs() {
            return time.nowMs();
        }

        @Override
        public Task after(long delayMs, Runnable task) {
            return time.after(delayMs, task);
        }

        @Override
        public void work(Runnable task) {
            busy.register();
            workers.execute(() -> {
                try {
                    task.run();
                } finally {
                    busy.arriveAndDeregister();
                }
            });
        }

        @Override
        public Task foreign(Runnable task) {
            throw new UnsupportedOperationException("no exporters here");
        }

        @Override
        public void stop() {
            time.stop();
            workers.shutdownNow();
        }

        /** Lets a little time pass, and waits for what that made to do. */
        void step() throws Exception {
            time.advance(STEP_MS);
            busy.awaitAdvanceInterruptibly(busy.arrive(), 60, TimeUnit.SECONDS);
        }
    }

    /** The JDK's client; tells which requests were begun. */
    private static final class NotingClients implements HttpClients.Client {
        private final HttpClient http = HttpClient.newHttpClient();
        private final Map<String, Integer> begun = new ConcurrentHashMap<>();

        /** Another service each time, so that each request is made anew. */
        HttpClients anew() {
            return new HttpClients() {
                @Override
                public Client client(HttpClientConfig config) {
                    return NotingClients.this;
                }
            };
        }

        @Override
        public HttpClient http() {
            return http;
        }

        @Override
        public HttpRequest.Builder request(URI uri) {
            begun.merge(uri.getAuthority(), 1, Integer::sum);
            return HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1);
        }
    }

    private final TwoWorkers clockwork = new TwoWorkers();
    private final NotingClients clients = new NotingClients();
    private final RecordingStorage storage = new RecordingStorage();
    private final Scraper scraper = new Scraper(
            clockwork,
            clients::anew,
            "Narthex/1",
            2 * STEP_MS,
            5_000,
            "testhost",
            Features.NONE,
            new SeriesGuard(0, 0));
    private final List<TargetServer> servers = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void stop() {
        end.countDown();
        scraper.stop();
        servers.forEach(TargetServer::close);
    }

    private TestConfig job(String name, TargetServer.Handler handler) throws IOException {
        TargetServer server = new TargetServer();
        server.handler = handler;
        servers.add(server);
        names.add(name);
        TestConfig job = new TestConfig(name).target(server.address(), "instance", "i");
        job.limits = new ScrapeConfig.Limits(8 << 20, 200_000, 0, 100, 0, 0, 0, 0, 0);
        return job;
    }

    private static OutputStream begin(HttpExchange exchange, String contentType, String encoding) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", contentType);
        if (!encoding.isEmpty()) {
            exchange.getResponseHeaders().set("Content-Encoding", encoding);
        }
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void endless(HttpExchange exchange) throws IOException {
        OutputStream out = begin(exchange, "text/plain", "");
        byte[] lines = bytes("a{i=\"1\"} 1\n".repeat(1000));
        while (end.getCount() > 0) {
            out.write(lines);
        }
    }

    private void byteByByte(HttpExchange exchange) throws IOException {
        OutputStream out = begin(exchange, "text/plain", "");
        try {
            do {
                out.write('a');
                out.flush();
            } while (!end.await(100, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void bomb(HttpExchange exchange) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                gzip.write(zeros);
            }
        }
        begin(exchange, "text/plain", "gzip").write(packed.toByteArray());
    }

    private static void zstdBomb(HttpExchange exchange) throws IOException {
        byte[] zeros = new byte[64 << 20];
        ZstdCompressor compressor = new ZstdCompressor();
        byte[] packed = new byte[compressor.maxCompressedLength(zeros.length)];
        int length = compressor.compress(zeros, 0, zeros.length, packed, 0, packed.length);
        begin(exchange, "text/plain", "zstd").write(packed, 0, length);
    }

    private static void manyLabels(HttpExchange exchange) throws IOException {
        StringBuilder page = new StringBuilder("a{");
        for (int i = 0; i < 300_000; i++) {
            page.append('l').append(i).append("=\"x\",");
        }
        begin(exchange, "text/plain", "").write(bytes(page + "} 1\n"));
    }

    private static void manySeries(HttpExchange exchange) throws IOException {
        StringBuilder page = new StringBuilder();
        for (int i = 0; i < 250_000; i++) {
            page.append("a{i=\"").append(i).append("\"} 1\n");
        }
        begin(exchange, "text/plain", "").write(bytes(page.toString()));
    }

    /** The jobs, and what each is told to be the matter. */
    private Map<TestConfig, String> hostile() throws IOException {
        Map<TestConfig, String> jobs = new LinkedHashMap<>();
        jobs.put(job("endless", this::endless), "body size limit exceeded");
        jobs.put(job("slow", this::byteByByte), "context deadline exceeded");
        jobs.put(job("bomb", HostileTargetTest::bomb), "body size limit exceeded");
        jobs.put(job("zstd bomb", HostileTargetTest::zstdBomb), "body size limit exceeded");
        jobs.put(
                job("damaged", exchange -> begin(exchange, "text/plain", "gzip").write(bytes("no gzip at all"))),
                "cannot unpack the body");
        jobs.put(
                job("latin", exchange -> begin(exchange, "text/plain", "")
                        .write("a{b=\"\u00e9\"} 1\n".getBytes(StandardCharsets.ISO_8859_1))),
                "invalid UTF-8 label value");
        jobs.put(job("labels", HostileTargetTest::manyLabels), "label_limit exceeded");
        jobs.put(job("series", HostileTargetTest::manySeries), "sample limit exceeded");
        jobs.put(
                job("html", exchange -> TargetServer.answer(exchange, 200, "text/html", "<p>a 1</p>")),
                "received unsupported Content-Type \"text/html\"");
        jobs.put(
                job("length", exchange -> begin(exchange, "application/vnd.google.protobuf", "")
                        .write(new byte[] {-1, -1, -1, -1, 7, 0})),
                "a length of 2147483647 bytes");
        jobs.put(
                job("elsewhere", exchange -> {
                    exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
                    exchange.sendResponseHeaders(302, -1);
                }),
                "server returned HTTP status 302 Found");
        return jobs;
    }

    @Test
    void othersAreScrapedOnTime() throws Exception {
        TestConfig good = job("good", exchange -> TargetServer.answer(exchange, 200, "text/plain", "good 1\n"));
        Map<TestConfig, String> hostile = hostile();
        List<TestConfig> jobs = new ArrayList<>(hostile.keySet());
        jobs.add(good);
        scraper.storage(storage);
        scraper.apply(TestConfig.configuration(jobs.toArray(TestConfig[]::new)));
        for (int i = 0; i < ROUNDS * good.intervalMs / STEP_MS; i++) {
            clockwork.step();
            await("good", servers.get(0));
        }
        assertThat(servers.get(0).requests).hasSize(ROUNDS);
        List<Long> times = storage.times("__name__", "good", "job", "good", "instance", "i");
        assertThat(times).hasSize(ROUNDS);
        for (int i = 1; i < ROUNDS; i++) {
            assertThat(times.get(i) - times.get(i - 1)).isEqualTo(good.intervalMs);
        }
        assertThat(storage.values("__name__", "up", "job", "good", "instance", "i"))
                .containsOnly("1.0");
        assertReasons(hostile, good);
    }

    /** Waits until each scrape of the job that was begun has ended. */
    private void await(String job, TargetServer server) throws InterruptedException {
        int batches = 0;
        while (storage.values("__name__", "up", "job", job, "instance", "i").size()
                < clients.begun.getOrDefault(server.address(), 0)) {
            storage.awaitBatches(++batches);
        }
    }

    /** A page is given back a moment after its samples have arrived in the storage. */
    private void awaitNoPages() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (pageBytes() > 0) {
            assertThat(System.nanoTime() - deadline)
                    .as("memory of pages that nobody reads: %s bytes", pageBytes())
                    .isNegative();
            Thread.onSpinWait();
        }
    }

    private double pageBytes() {
        CollectedSamples metrics = new CollectedSamples();
        scraper.collect(metrics);
        for (int i = 0; i < metrics.size(); i++) {
            int from = metrics.start(i);
            String series = new String(metrics.text(), from, metrics.end(i) - from, StandardCharsets.UTF_8);
            if (series.equals("narthex_scrape_page_bytes")) {
                return metrics.value(i);
            }
        }
        throw new AssertionError("no narthex_scrape_page_bytes");
    }

    /** In one more interval, whose time stands still while there is an answer to wait for. */
    private void assertReasons(Map<TestConfig, String> hostile, TestConfig good) throws Exception {
        for (int i = 0; i < 2 * good.intervalMs / STEP_MS; i++) {
            clockwork.step();
            for (int k = 0; k < servers.size(); k++) {
                if (k != SLOW) {
                    await(names.get(k), servers.get(k));
                }
            }
        }
        Map<String, String> errors = new HashMap<>();
        scraper.active().forEach(target -> errors.put(target.scrapePool(), target.lastError()));
        // The slow one may have a page under way.
        end.countDown();
        awaitNoPages();
        hostile.forEach((job, reason) -> assertThat(errors.get(job.build().jobName()))
                .as(job.build().jobName())
                .contains(reason));
    }
}
