package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

import com.sun.net.httpserver.HttpServer;

/** Traces of the packed distribution, with a collector and a target in this process, turned on and off by a reload. */
public class TracingIT {
    private static final String NONE = "none";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    /** What the collector got, as text; names of spans stand in it as they are. */
    private final ConcurrentLinkedQueue<String> collected = new ConcurrentLinkedQueue<>();

    private final ConcurrentLinkedDeque<String> traceparents = new ConcurrentLinkedDeque<>();

    private boolean isCollected(String name) {
        return collected.stream().anyMatch(request -> request.contains(name));
    }

    private HttpServer server() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            try (exchange) {
                collected.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.createContext("/metrics", exchange -> {
            try (exchange) {
                String traceparent = exchange.getRequestHeaders().getFirst("traceparent");
                traceparents.add(traceparent == null ? NONE : traceparent);
                byte[] page = "a 1\n".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
                exchange.sendResponseHeaders(200, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        server.start();
        return server;
    }

    @Test
    public void areExportedAsLongAsTheConfigurationAsksForThem() throws Exception {
        HttpServer server = server();
        String address = "127.0.0.1:" + server.getAddress().getPort();
        String configuration = """
                global: { scrape_interval: 1s }
                scrape_configs:
                  - job_name: a
                    static_configs: [ { targets: [ "%s" ] } ]
                """.formatted(address);
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            narthex.configure(configuration
                            + "tracing: { client_type: http, endpoint: \"" + address
                            + "\", insecure: true, sampling_fraction: 1 }\n")
                    .flag("--web.enable-lifecycle")
                    .start();
            await("scraped", 30, () -> !traceparents.isEmpty());
            assertThat(traceparents.getLast()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
            narthex.value("vector(4711)");
            await(
                    "spans of the query, of its request and of a scrape",
                    30,
                    () -> isCollected("vector(4711)")
                            && isCollected("promqlExec")
                            && isCollected("GET /api/v1/query")
                            && isCollected("HTTP GET"));
            narthex.configure(configuration);
            assertThat(narthex.post("/-/reload").statusCode()).isEqualTo(200);
            await("a scrape of no trace", 30, () -> traceparents.getLast().equals(NONE));
        } finally {
            server.stop(0);
        }
    }
}
