package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletResponse;

import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Host;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.TextExposition;

class ServletsTest {
    private final LiveServices services = Fakes.services();
    private final Readiness readiness = new Readiness(services, List.of());
    private final HttpServlet health = new HealthServlet(readiness);
    private final HttpServlet lifecycle = new LifecycleServlet(services, true);

    @Test
    void isHealthyAtOnceAndReadyLater() throws Exception {
        assertEquals(
                "Narthex Server is Healthy.\n",
                FakeHttp.call(health, "GET", "/-/healthy").text());
        FakeHttp notYet = FakeHttp.call(health, "GET", "/-/ready");
        assertEquals(503, notYet.status);
        assertEquals("""
                Service Unavailable
                api: not started
                """, notYet.text());
        readiness.apiMounted(true);
        FakeHttp ready = FakeHttp.call(health, "GET", "/-/ready");
        assertEquals(200, ready.status);
        assertEquals("Narthex Server is Ready.\n", ready.text());
    }

    @Test
    void answersHeadWithoutABodyAndRefusesPost() throws Exception {
        FakeHttp head = FakeHttp.call(health, "HEAD", "/-/healthy");
        assertEquals(200, head.status);
        assertEquals("", head.text());
        assertEquals(405, FakeHttp.call(health, "POST", "/-/healthy").status);
    }

    @Test
    void reloadsTheConfiguration() throws Exception {
        Fakes.Config config = new Fakes.Config();
        services.setConfigSource(config);
        assertEquals(200, FakeHttp.call(lifecycle, "POST", "/-/reload").status);
        assertEquals(200, FakeHttp.call(lifecycle, "PUT", "/-/reload").status);
        assertEquals(2, config.reloads);
        config.failure = new ConfigException("prometheus.yml", 7, "unknown key foo");
        FakeHttp failed = FakeHttp.call(lifecycle, "POST", "/-/reload");
        assertEquals(500, failed.status);
        assertEquals("failed to reload config: prometheus.yml:7: unknown key foo\n", failed.text());
    }

    @Test
    void endsTheProcess() throws Exception {
        AtomicBoolean ended = new AtomicBoolean();
        services.setHost(new Host() {
            @Override
            public long startedAtMs() {
                return 0;
            }

            @Override
            public void fail(String reason) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void quit() {
                ended.set(true);
            }
        });
        assertEquals(
                "Requesting termination... Goodbye!\n",
                FakeHttp.call(lifecycle, "POST", "/-/quit").text());
        assertTrue(ended.get());
    }

    @Test
    void keepsTheLifecycleClosedUnlessEnabled() throws Exception {
        HttpServlet closed = new LifecycleServlet(services, false);
        FakeHttp refused = FakeHttp.call(closed, "POST", "/-/reload");
        assertEquals(403, refused.status);
        assertEquals("Lifecycle API is not enabled.\n", refused.text());
        assertEquals(405, FakeHttp.call(closed, "GET", "/-/quit").status);
    }

    @Test
    void showsTheVersion() throws Exception {
        assertEquals(
                "1.2.3",
                Json.parse(FakeHttp.call(new VersionServlet(BuildInfo.of("1.2.3")), "GET", "/version")
                                .text())
                        .asJsonObject()
                        .getString("version"));
    }

    @Test
    void says503ForTheApiUntilItIsThere() throws Exception {
        FakeHttp answer = FakeHttp.call(new ApiFallbackServlet(), "GET", "/api/v1");
        assertEquals(503, answer.status);
        assertEquals("false", answer.headers.get("X-Prometheus-Stopping"));
    }

    @Test
    void showsTheMetricsOfAllExportersThatWork() throws Exception {
        Exporter broken = sink -> {
            sink.gauge("lost", "", 1);
            throw new IllegalStateException("broken");
        };
        HttpServlet metrics = new MetricsServlet(
                List.of(sink -> sink.gauge("b", "Second.", 2), broken, sink -> sink.gauge("a", "First.", 1)));
        FakeHttp answer = FakeHttp.call(metrics, "GET", "/metrics");
        assertEquals("""
                # HELP a First.
                # TYPE a gauge
                a 1
                # HELP b Second.
                # TYPE b gauge
                b 2
                """, answer.text());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8; escaping=underscores", answer.headers.get("Content-Type"));
        FakeHttp compressed = FakeHttp.call(metrics, "GET", "/metrics", "Accept-Encoding", "gzip");
        assertEquals(answer.text(), new String(TestApi.gunzip(compressed.body.toByteArray()), StandardCharsets.UTF_8));
    }

    @Test
    void writesNamesAsTheClientTakesThem() throws Exception {
        HttpServlet metrics = new MetricsServlet(List.of(sink -> sink.gauge("room.heat", "", 1, "floor.no", "a.b")));
        FakeHttp simple = FakeHttp.call(metrics, "GET", "/metrics");
        assertEquals("# TYPE room_heat gauge\nroom_heat{floor_no=\"a.b\"} 1\n", simple.text());
        FakeHttp newer = FakeHttp.call(
                metrics,
                "GET",
                "/metrics",
                "Accept",
                "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2");
        assertEquals("# TYPE \"room.heat\" gauge\n{\"room.heat\",\"floor.no\"=\"a.b\"} 1\n", newer.text());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8", newer.headers.get("Content-Type"));
    }

    @Test
    void countsRequestsByHandlerAndCode() throws Exception {
        HttpMetrics metrics = new HttpMetrics();
        FakeHttp http = new FakeHttp();
        metrics.doFilter(
                http.request("GET", "/api/v1/label/job/values"),
                http.response(),
                (request, response) -> ((HttpServletResponse) response).setStatus(404));
        metrics.doFilter(
                http.request("GET", "/api/v1/query", "User-Agent", "Narthex warm-up"),
                http.response(),
                (request, response) -> ((HttpServletResponse) response).setStatus(400));
        metrics.record("/metrics", 200, 250_000_000L);
        TextExposition text = new TextExposition();
        metrics.collect(text);
        text.writeTo(http.body);
        assertTrue(
                http.text()
                        .contains(
                                "prometheus_http_requests_total{handler=\"/api/v1/label/:name/values\",code=\"404\"} 1\n"),
                http.text());
        assertFalse(http.text().contains("400"), "requests of its own count nowhere");
        assertTrue(http.text().contains("""
                prometheus_http_request_duration_seconds_bucket{handler="/metrics",le="0.2"} 0
                prometheus_http_request_duration_seconds_bucket{handler="/metrics",le="0.4"} 1
                """), http.text());
        assertTrue(
                http.text().contains("prometheus_http_request_duration_seconds_sum{handler=\"/metrics\"} 0.25\n"),
                http.text());
    }

    @Test
    void putsInventedPathsTogether() {
        assertEquals("/", HttpMetrics.handler("/api/v1/nothing"));
        assertEquals("/", HttpMetrics.handler("/assets/index.js"));
        assertEquals("/api/v1/query", HttpMetrics.handler("/api/v1/query"));
    }
}
