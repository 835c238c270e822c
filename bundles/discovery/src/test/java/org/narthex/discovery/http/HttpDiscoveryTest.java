package org.narthex.discovery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.testkit.DamagedAnswers;
import org.narthex.testkit.DiscoveryContract;
import org.narthex.testkit.ExporterContractSink;
import org.narthex.testkit.FakeApi;
import org.narthex.testkit.PlainHttpClients;

import com.sun.net.httpserver.HttpServer;

class HttpDiscoveryTest extends DiscoveryContract {
    private final List<String> headers = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private HttpDiscoveryProvider provider;
    private volatile String body = "[]";
    private volatile int status = 200;
    private volatile String type = "application/json; charset=utf-8";
    private volatile CountDownLatch failed = new CountDownLatch(3);

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                headers.add(exchange.getRequestHeaders().getFirst("Accept") + " "
                        + exchange.getRequestHeaders().getFirst("X-Prometheus-Refresh-Interval-Seconds"));
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(status, bytes.length);
                exchange.getResponseBody().write(bytes);
                if (status != 200) {
                    failed.countDown();
                }
            }
        });
        server.start();
        provider = new HttpDiscoveryProvider(new PlainHttpClients());
    }

    @AfterEach
    void stop() {
        provider.stop();
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/targets";
    }

    @Override
    protected DiscoveryProvider provider() {
        return provider;
    }

    @Override
    protected ConfigNode section() {
        return ConfigNode.of(Map.of("url", url(), "refresh_interval", "20ms"));
    }

    @Override
    protected ConfigNode badSection() {
        return ConfigNode.of(Map.of("url", "ftp://somewhere/"));
    }

    @Override
    protected void publish(List<String> addresses) {
        body = "[{\"targets\": ["
                + addresses.stream().map(address -> '"' + address + '"').collect(Collectors.joining(", ")) + "]}]";
    }

    @Test
    void labelsTheTargets() throws Exception {
        body = "[{\"targets\": [\"a:1\"], \"labels\": {\"dc\": \"x\"}}, {\"targets\": [\"b:2\"]}]";
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1", "b:2");
        }
        assertThat(groups.all())
                .containsExactly(
                        new TargetGroup(
                                url() + ":0",
                                List.of(Labels.of("__address__", "a:1")),
                                Labels.of("__meta_url", url(), "dc", "x")),
                        new TargetGroup(
                                url() + ":1",
                                List.of(Labels.of("__address__", "b:2")),
                                Labels.of("__meta_url", url())));
        assertThat(headers).first().isEqualTo("application/json 0.02");
    }

    @Test
    void keepsTheLastTargetsWhileTheServerFails() throws Exception {
        publish(List.of("a:1"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1");
            status = 500;
            publish(List.of());
            failed.await();
            assertThat(groups.addresses()).containsExactly("a:1");
            publish(List.of("b:2"));
            status = 200;
            groups.awaitAddresses("b:2");
        }
        ExporterContractSink metrics = new ExporterContractSink();
        provider.collect(metrics);
        assertThat(metrics.value("prometheus_sd_http_failures_total"))
                .isPositive()
                .isEqualTo(metrics.value("prometheus_sd_refresh_failures_total", "mechanism", "http"));
    }

    @Test
    void refusesWhatIsNoListOfGroups() {
        for (String bad : List.of("{}", "[null]", "[{\"targets\": [1]}]", "[{\"labels\": {\"a\": 1}}]", "[")) {
            body = bad;
            assertThatThrownBy(() -> provider.source(section()).fetch()).as(bad).isInstanceOf(IOException.class);
        }
        body = "[]";
        type = "text/html";
        assertThatThrownBy(() -> provider.source(section()).fetch())
                .hasMessage("unsupported content type \"text/html\"");
        status = 404;
        assertThatThrownBy(() -> provider.source(section()).fetch())
                .hasMessage(url() + ": server returned HTTP status 404");
    }

    @Test
    void damagedAnswersAreTakenOrRefused() throws Exception {
        try (FakeApi api = new FakeApi()) {
            api.header("Content-Type", "application/json");
            api.put(
                    "/t",
                    "[{\"targets\": [\"a:1\", \"b:2\"], \"labels\": {\"dc\": \"x\", \"e\": \"\\u00e9\"}}, {\"targets\": []}]");
            DamagedAnswers.areTakenOrRefused(
                    api, provider.source(ConfigNode.of(Map.of("url", api.url() + "/t", "refresh_interval", "1s"))));
        }
    }

    @Test
    void readsUpstreamsExample() throws Exception {
        String dir = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(dir.isEmpty(), "-Dconformance.dir is not given");
        body = Files.readString(Path.of(dir, "config/discovery/http/fixtures/http_sd.good.json"));
        assertThat(provider.source(section()).fetch())
                .containsExactly(new TargetGroup(
                        url() + ":0",
                        List.of(Labels.of("__address__", "127.0.0.1:9090")),
                        Labels.of("__meta_datacenter", "bru1", "__meta_url", url())));
    }
}
