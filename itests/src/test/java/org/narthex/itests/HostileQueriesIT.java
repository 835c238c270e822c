package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import jakarta.json.JsonArray;
import jakarta.json.JsonValue;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/**
 * Queries made to break a server, over 100,000 series in a heap of 512 MB: each is answered, or refused with a reason; nothing else suffers.
 */
public class HostileQueriesIT {
    private static final int SERIES = 100_000;
    private static final int SAMPLES = 6;
    private static final int SCRAPE_MS = 2_000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final HttpClient http = HttpClient.newHttpClient();
    private final long nowSeconds = System.currentTimeMillis() / 1000;

    private static Map<String, String> queries() {
        Map<String, String> queries = new LinkedHashMap<>();
        String everything = "{__name__=~\".+\"}";
        queries.put("everything", everything);
        queries.put("everything, joined with itself", everything + " * on () group_left () " + everything);
        queries.put("one label against all", "h_a * on (group) group_left () h_b");
        queries.put("many for one", "h_a + on (group) h_b");
        queries.put("sums of everything", "sum by (i, group, __name__) (" + everything + " + 0)");
        queries.put("a subquery of milliseconds", "max_over_time(sum(h_a)[100d:1ms])");
        queries.put("a subquery of all", "sum_over_time(h_a[1y:1s])");
        queries.put("subqueries in subqueries", "max_over_time(avg_over_time(rate(h_a[5m])[1h:1s])[1d:10s])");
        queries.put("a median per second", "quantile_over_time(0.5, h_a[1h:1s])");
        queries.put("10,000 parentheses", "(".repeat(10_000) + "h_a" + ")".repeat(10_000));
        queries.put("10,000 signs", "-".repeat(10_000) + "1");
        queries.put("5,000 functions", "abs(".repeat(5_000) + "h_a" + ")".repeat(5_000));
        queries.put("20,000 terms", "1" + "+1".repeat(20_000));
        queries.put("2,000 vectors", "h_a" + " or h_a".repeat(2_000));
        queries.put("10,000 sums", "sum(".repeat(10_000) + "h_a" + ")".repeat(10_000));
        queries.put("a regex that backtracks", "{__name__=~\"(h+)+_(a|a|a)*$\", i=~\"(.*)*x(.*)*y\"}");
        queries.put("a regex that repeats", "h_a{i=~\"((.{1,50}){1,50}){1,50}\"}");
        queries.put("a regex that is refused", "h_a{i=~\"(x{1000}){1000}\"}");
        queries.put(
                "a replaced label that backtracks",
                "label_replace(h_a, \"x\", \"$1\", \"i\", \"((a*)*b*)*([0-9]*)*\")");
        queries.put("labels that double", doubling("label_replace(%s, \"x\", \"$1$1$1$1\", \"x\", \"(.*)\")"));
        queries.put("labels that are joined", doubling("label_join(%s, \"x\", \"\", \"x\", \"x\", \"x\", \"x\")"));
        queries.put("a value each", "count_values(\"v\", h_a * time())");
        queries.put("the best 100,000", "topk(100000, h_a * 2) or bottomk(100000, h_b * 2)");
        queries.put("sorted", "sort_desc(h_a + h_a * 1.5)");
        queries.put("no quantile", "histogram_quantile(0.9, " + everything + ")");
        queries.put("a long text", "h_a == " + "0".repeat(500_000) + "1");
        return queries;
    }

    private static String doubling(String call) {
        String query = "label_replace(h_a, \"x\", \"0123456789\", \"i\", \".*\")";
        for (int i = 0; i < 20; i++) {
            query = call.replace("%s", query);
        }
        return query;
    }

    @Test
    public void areAnsweredOrRefusedAndHarmNobody() throws Exception {
        try (TextTarget target = new TextTarget().answer("level 1\n");
                RunningNarthex narthex = new RunningNarthex(folder.newFolder().toPath())
                        .java("-Xmx512m")
                        .flag("--web.enable-remote-write-receiver")
                        .configure("""
                                global: { scrape_interval: %dms, scrape_timeout: %dms }
                                scrape_configs: [ { job_name: t, static_configs: [ { targets: ["%s"] } ] } ]
                                """.formatted(SCRAPE_MS, SCRAPE_MS, target.address()))
                        .start()) {
            write("http://127.0.0.1:" + narthex.port());
            ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
            ExecutorService callers = Executors.newFixedThreadPool(4);
            List<Future<?>> calls = new ArrayList<>();
            queries().forEach((what, query) -> {
                for (String when : List.of(instant(), range(300, 1), range(300_000, 30))) {
                    calls.add(callers.submit(() -> {
                        String failure = failure(narthex.uri("").toString(), query, when);
                        if (!failure.isEmpty()) {
                            failures.add(what + ", " + when + ": " + failure);
                        }
                    }));
                }
            });
            assertThat(failure(narthex.uri("").toString(), "h_a", range(300_000, 1)))
                    .isEmpty();
            for (Future<?> call : calls) {
                call.get();
            }
            callers.shutdown();
            assertThat(failures).isEmpty();
            assertThat(narthex.process().isAlive()).isTrue();
            assertThat(narthex.readLog()).doesNotContain("OutOfMemory");
            assertThat(narthex.value("count(h_a)")).isEqualTo(SERIES / 2.0);
            noScrapeIsMissing(narthex);
        }
    }

    private String instant() {
        return "time=" + nowSeconds + "&timeout=2s";
    }

    private String range(int seconds, int step) {
        return "start=" + (nowSeconds - seconds) + "&end=" + nowSeconds + "&step=" + step + "&timeout=2s";
    }

    /** What is wrong with the answer, or the empty string. */
    private String failure(String url, String query, String when) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(url + (when.startsWith("time") ? "/api/v1/query" : "/api/v1/query_range")))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(when + "&query=" + RunningNarthex.encode(query)))
                .build();
        try {
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                String begin = new String(body.readNBytes(2_000), StandardCharsets.UTF_8);
                body.transferTo(OutputStream.nullOutputStream());
                boolean answered = answer.statusCode() == 200 && begin.startsWith("{\"status\":\"success\"");
                boolean refused =
                        List.of(400, 422, 503).contains(answer.statusCode()) && begin.contains("\"error\":\"");
                return answered || refused ? "" : answer.statusCode() + " " + begin;
            }
        } catch (Exception e) {
            return e.toString();
        }
    }

    private void write(String url) throws Exception {
        int batch = 2_000;
        for (int first = 0; first < SERIES; first += batch) {
            RemoteWriteBody body = new RemoteWriteBody();
            for (int i = first; i < first + batch; i++) {
                long[] times = new long[SAMPLES];
                double[] values = new double[SAMPLES];
                for (int n = 0; n < SAMPLES; n++) {
                    times[n] = (nowSeconds - 60L * (SAMPLES - n)) * 1000;
                    values[n] = i * (n + 1.0);
                }
                Map<String, String> labels = Map.of(
                        "__name__", i % 2 == 0 ? "h_a" : "h_b", "i", "number-" + i, "group", Integer.toString(i % 10));
                body.series(labels, times, values);
            }
            body.send(url);
        }
    }

    /** All scrapes worked and are where they belong. */
    private static void noScrapeIsMissing(RunningNarthex narthex) throws Exception {
        JsonArray samples = narthex.query("up{job=\"t\"}[5m]").get(0).getJsonArray("values");
        assertThat(samples.size()).isGreaterThan(2);
        long before = 0;
        for (JsonValue sample : samples) {
            long ms = Math.round(
                    sample.asJsonArray().getJsonNumber(0).bigDecimalValue().doubleValue() * 1000);
            assertThat(sample.asJsonArray().getString(1)).isEqualTo("1");
            if (before > 0) {
                assertThat(ms - before).as("distance of scrapes").isLessThan(2 * SCRAPE_MS);
            }
            before = ms;
        }
    }
}
