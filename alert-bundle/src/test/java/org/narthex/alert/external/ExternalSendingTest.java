package org.narthex.alert.external;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.alert.Json;
import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.config.AlertSendingConfig;
import org.narthex.api.config.AlertSendingConfig.Alertmanagers;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Flags;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Regex;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;

import com.sun.net.httpserver.HttpServer;

class ExternalSendingTest {
    private final BlockingQueue<List<?>> posted = new LinkedBlockingQueue<>();
    private final List<String> paths = new ArrayList<>();
    private HttpServer server;
    private volatile int answer = 200;
    private ExternalSending sending;

    /** Clients without settings. */
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
            return HttpRequest.newBuilder(uri);
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            synchronized (paths) {
                paths.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
            posted.add((List<?>) Json.parse(body));
        });
        server.start();
        sending = new ExternalSending(new Flags(name -> name.endsWith("batch-size") ? "2" : null));
        sending.bind(new PlainClients());
    }

    @AfterEach
    void stop() {
        sending.stop();
        server.stop(0);
    }

    private String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static RelabelConfig step(RelabelConfig.Action action, String source, String regex, String target) {
        return new RelabelConfig(
                source.isEmpty() ? List.of() : List.of(source), ";", target, Regex.compile(regex), 0, "x", action);
    }

    private static Alertmanagers alertmanagers(
            List<RelabelConfig> relabel, List<TargetGroup> groups, List<ScrapeConfig.Discovery> discoveries) {
        return new Alertmanagers(
                "http",
                "/am/",
                5_000,
                HttpClientConfig.DEFAULT,
                relabel,
                List.of(step(RelabelConfig.Action.REPLACE, "", ".*", "set")),
                groups,
                discoveries);
    }

    private void configure(List<RelabelConfig> alertRelabel, Alertmanagers... alertmanagers) {
        sending.apply(new Configuration(
                1,
                0,
                "",
                new Configuration.Global(1, 1, 1, Labels.EMPTY),
                List.of(),
                List.of(),
                Optional.empty(),
                new AlertSendingConfig(alertRelabel, List.of(alertmanagers)),
                Optional.empty(),
                StorageConfig.DEFAULT,
                List.of()));
    }

    private static TargetGroup group(String... addresses) {
        List<Labels> targets = new ArrayList<>();
        for (String address : addresses) {
            targets.add(Labels.of("__address__", address));
        }
        return new TargetGroup("0", targets, Labels.of("zone", "a"));
    }

    private static RaisedAlert alert(String name, long endsAtMs) {
        return new RaisedAlert(
                new Alert(
                        Labels.of("alertname", name, "replica", "1"),
                        Labels.of("note", "a \"b\"\n"),
                        1_700_000_000_000L,
                        endsAtMs,
                        "http://n/graph"),
                1_700_000_240_000L);
    }

    private List<?> next() throws InterruptedException {
        List<?> batch = posted.poll(30, TimeUnit.SECONDS);
        assertThat(batch).as("nothing was sent").isNotNull();
        return batch;
    }

    private Map<String, Double> metrics() {
        Map<String, Double> values = new java.util.TreeMap<>();
        sending.collect(new RecordingSink(values));
        return values;
    }

    @Test
    void sendsWhatRulesRaise() throws Exception {
        configure(
                List.of(
                        step(RelabelConfig.Action.LABELDROP, "", "replica", ""),
                        step(RelabelConfig.Action.DROP, "alertname", "Noise", "")),
                alertmanagers(List.of(), List.of(group(address())), List.of()));
        sending.accept(
                sending.relabelled(List.of(alert("Noise", 0), alert("Down", 0), alert("Slow", 1_700_000_060_000L))));
        assertThat(next()).isEqualTo(Json.parse("""
                        [{"annotations": {"note": "a \\"b\\"\\n"}, "endsAt": "2023-11-14T22:17:20Z",
                          "startsAt": "2023-11-14T22:13:20Z", "generatorURL": "http://n/graph",
                          "labels": {"alertname": "Down", "set": "x"}},
                         {"annotations": {"note": "a \\"b\\"\\n"}, "endsAt": "2023-11-14T22:14:20Z",
                          "startsAt": "2023-11-14T22:13:20Z", "generatorURL": "http://n/graph",
                          "labels": {"alertname": "Slow", "set": "x"}}]"""));
        assertThat(paths).containsExactly("POST /am/api/v2/alerts");
    }

    @Test
    void sendsInBatchesAndCounts() throws Exception {
        configure(List.of(), alertmanagers(List.of(), List.of(group(address())), List.of()));
        sending.accept(List.of(alert("A", 0), alert("B", 0), alert("C", 0)));
        assertThat(next()).hasSize(2);
        assertThat(next()).hasSize(1);
        sending.stop();
        // What is counted stays known to those who look before the end.
        configure(List.of(), alertmanagers(List.of(), List.of(group(address())), List.of()));
        String url = "{alertmanager=\"http://" + address() + "/am/api/v2/alerts\"}";
        assertThat(metrics())
                .containsEntry("prometheus_notifications_sent_total" + url, 3.0)
                .containsEntry("prometheus_notifications_errors_total" + url, 0.0)
                .containsEntry("prometheus_notifications_latency_seconds_count" + url, 2.0)
                .containsEntry("prometheus_notifications_queue_capacity", 10_000.0)
                .containsEntry("prometheus_notifications_alertmanagers_discovered", 1.0);
    }

    @Test
    void dropsWhatIsRefusedAndGoesOn() throws Exception {
        configure(List.of(), alertmanagers(List.of(), List.of(group(address())), List.of()));
        answer = 500;
        sending.accept(List.of(alert("A", 0)));
        next();
        answer = 200;
        sending.accept(List.of(alert("B", 0)));
        assertThat(next().toString()).contains("B");
        sending.stop();
        configure(List.of(), alertmanagers(List.of(), List.of(group(address())), List.of()));
        String url = "{alertmanager=\"http://" + address() + "/am/api/v2/alerts\"}";
        assertThat(metrics())
                .containsEntry("prometheus_notifications_errors_total" + url, 1.0)
                .containsEntry("prometheus_notifications_dropped_total" + url, 1.0)
                .containsEntry("prometheus_notifications_sent_total" + url, 1.0);
    }

    @Test
    void relabelsWhereAlertsGo() {
        configure(
                List.of(),
                alertmanagers(
                        List.of(step(RelabelConfig.Action.DROP, "__address__", "away:.*", "")),
                        List.of(group("b:1", "away:2", "a:3")),
                        List.of()));
        assertThat(sending.active()).containsExactly("http://a:3/am/api/v2/alerts", "http://b:1/am/api/v2/alerts");
        assertThat(sending.dropped()).containsExactly("http://away:2/am/api/v2/alerts");
        configure(List.of());
        assertThat(sending.active()).isEmpty();
        assertThat(metrics()).isEmpty();
    }

    @Test
    void followsDiscovery() throws Exception {
        List<DiscoveryProvider.Listener> listeners = new ArrayList<>();
        CountDownLatch closed = new CountDownLatch(1);
        DiscoveryProvider provider = new DiscoveryProvider() {
            @Override
            public void check(ConfigNode section) {}

            @Override
            public Discovery start(ConfigNode section, Listener listener) {
                listeners.add(listener);
                return closed::countDown;
            }
        };
        Map<String, Object> properties = Map.of(DiscoveryProvider.TYPE, "fake");
        configure(
                List.of(),
                alertmanagers(
                        List.of(), List.of(), List.of(new ScrapeConfig.Discovery("fake", ConfigNode.of(Map.of())))));
        assertThat(sending.active()).isEmpty();
        sending.addDiscovery(provider, properties);
        listeners.get(0).update(List.of(group("a:1"), new TargetGroup("1", List.of(), Labels.EMPTY)));
        assertThat(sending.active()).containsExactly("http://a:1/am/api/v2/alerts");
        sending.removeDiscovery(provider, properties);
        assertThat(closed.getCount()).isZero();
        assertThat(sending.active()).as("what was found last stands").hasSize(1);
        listeners.get(0).update(List.of(group("b:1")));
        assertThat(sending.active())
                .as("one that was ended is not heard")
                .containsExactly("http://a:1/am/api/v2/alerts");
    }

    @Test
    void dropsTheOldestWhenAQueueIsFull() throws Exception {
        URI url = URI.create("http://h/");
        SendCounters counters = new SendCounters();
        CountDownLatch goes = new CountDownLatch(1);
        CountDownLatch began = new CountDownLatch(1);
        List<String> sent = new ArrayList<>();
        SendLoop loop = new SendLoop(url, 3, 10, counters, (to, batch) -> {
            began.countDown();
            try {
                goes.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            batch.forEach(each -> sent.add(each.alert().labels().get("alertname")));
        });
        loop.start();
        loop.add(List.of(alert("0", 0)));
        began.await();
        loop.add(List.of(alert("1", 0), alert("2", 0)));
        loop.add(List.of(alert("3", 0), alert("4", 0), alert("5", 0)));
        assertThat(loop.queued()).isEqualTo(3);
        loop.stop(true);
        goes.countDown();
        loop.join(30_000);
        assertThat(sent).as("the rest is sent before the end").containsExactly("0", "3", "4", "5");
        Map<String, Double> values = new java.util.TreeMap<>();
        counters.collect(new RecordingSink(values), 3, 1);
        assertThat(values).containsEntry("prometheus_notifications_dropped_total{alertmanager=\"http://h/\"}", 2.0);
    }

    @Test
    void dropsWhatWaitsWhenItMayNotDrain() throws Exception {
        URI url = URI.create("http://h/");
        SendCounters counters = new SendCounters();
        SendLoop loop = new SendLoop(url, 10, 10, counters, (to, batch) -> {
            throw new IOException("not to be called");
        });
        loop.add(List.of(alert("1", 0), alert("2", 0)));
        loop.stop(false);
        loop.start();
        loop.join(30_000);
        Map<String, Double> values = new java.util.TreeMap<>();
        counters.collect(new RecordingSink(values), 3, 1);
        assertThat(values)
                .containsEntry("prometheus_notifications_dropped_total{alertmanager=\"http://h/\"}", 2.0)
                .containsEntry("prometheus_notifications_errors_total{alertmanager=\"http://h/\"}", 0.0);
    }
}
