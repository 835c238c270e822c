package org.narthex.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.narthex.api.config.AlertSendingConfig;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.config.TracingConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.trace.Span;
import org.narthex.api.trace.Tracer;
import org.narthex.testkit.PlainHttpClients;

class TracingServiceTest {
    private final List<Tracer> registered = new ArrayList<>();
    private final TracingService service = new TracingService(
            tracer -> {
                registered.add(tracer);
                return () -> registered.remove(tracer);
            },
            "1.2.3",
            Clock.systemUTC(),
            new PlainHttpClients());

    private FakeCollector collector;

    @BeforeEach
    void start() throws IOException {
        collector = new FakeCollector();
    }

    @AfterEach
    void stop() throws IOException {
        service.stop();
        collector.close();
    }

    private TracingConfig http(double fraction) {
        return config(TracingConfig.Protocol.HTTP, collector.httpEndpoint(), fraction, false);
    }

    private TracingConfig grpc(boolean gzip) {
        return config(TracingConfig.Protocol.GRPC, collector.grpcEndpoint(), 1, gzip);
    }

    private static TracingConfig config(
            TracingConfig.Protocol protocol, String endpoint, double fraction, boolean gzip) {
        return new TracingConfig(
                protocol,
                endpoint,
                fraction,
                true,
                HttpClientConfig.Tls.DEFAULT,
                Map.of("X-Scope", "me"),
                gzip,
                10_000);
    }

    private static Configuration with(TracingConfig tracing) {
        return new Configuration(
                1,
                0,
                "",
                new Configuration.Global(60_000, 10_000, 60_000, Labels.EMPTY),
                List.of(),
                List.of(),
                Optional.empty(),
                AlertSendingConfig.NONE,
                Optional.ofNullable(tracing),
                StorageConfig.DEFAULT,
                List.of());
    }

    /** Stopping sends what is there at once, so that no test waits for a batch to be due. */
    private List<ReadSpan> sent(int count) throws InterruptedException {
        service.stop();
        return collector.await(spans -> spans.size() >= count);
    }

    @Test
    void exportsSpansWithTheirPlacesAndAttributes() throws Exception {
        service.apply(with(http(1)));
        Tracer tracer = registered.get(0);
        try (Span request = tracer.begin("GET /x", Span.Kind.SERVER);
                Span.Scope unused = request.enter()) {
            try (Span query = tracer.begin("query", Span.Kind.INTERNAL)) {
                query.set("query", "up").set("rows", 3).fail("too many");
            }
        }
        List<ReadSpan> spans = sent(2);
        assertThat(spans).hasSize(2);
        ReadSpan query = spans.get(0);
        ReadSpan request = spans.get(1);
        assertThat(request.name()).isEqualTo("GET /x");
        assertThat(request.kind()).isEqualTo(2);
        assertThat(request.parentId()).isEmpty();
        assertThat(request.status()).isZero();
        assertThat(query.traceId()).isEqualTo(request.traceId()).hasSize(32);
        assertThat(query.parentId()).isEqualTo(request.spanId()).hasSize(16);
        assertThat(query.attributes()).isEqualTo(Map.of("query", "up", "rows", "3"));
        assertThat(query.status()).isEqualTo(2);
        assertThat(query.message()).isEqualTo("too many");
        assertThat(query.kind()).isEqualTo(1);
        assertThat(query.beganUnixNanos()).isBetween(request.beganUnixNanos(), query.endedUnixNanos());
        assertThat(query.resource()).containsEntry("service.name", "narthex").containsEntry("service.version", "1.2.3");
        FakeCollector.Received received = collector.received().get(0);
        assertThat(received.path()).isEqualTo("/v1/traces");
        assertThat(received.headers())
                .containsEntry("Content-Type", "application/x-protobuf")
                .containsEntry("X-Scope", "me");
    }

    @Test
    void exportsOverGrpcHoweverSmallTheWindows() throws Exception {
        for (boolean gzip : new boolean[] {false, true}) {
            service.apply(with(grpc(gzip)));
            registered
                    .get(0)
                    .begin("long " + "x".repeat(1000), Span.Kind.CLIENT)
                    .close();
            List<ReadSpan> spans = sent(gzip ? 2 : 1);
            assertThat(spans.get(spans.size() - 1).name()).isEqualTo("long " + "x".repeat(1000));
        }
        FakeCollector.Received received = collector.received().get(1);
        assertThat(received.path()).isEqualTo("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
        assertThat(received.headers())
                .containsEntry("content-type", "application/grpc")
                .containsEntry("te", "trailers")
                .containsEntry("grpc-encoding", "gzip")
                .containsEntry("grpc-timeout", "10000m")
                .containsEntry("x-scope", "me");
    }

    @Test
    void followsTheDecisionOfTheCaller() throws Exception {
        service.apply(with(http(0)));
        Tracer tracer = registered.get(0);
        String caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        tracer.begin("not wanted", Span.Kind.SERVER).close();
        tracer.begin("not wanted", Span.Kind.SERVER, Optional.of(caller.replace("-01", "-00")))
                .close();
        Span wanted = tracer.begin("wanted", Span.Kind.SERVER, Optional.of(caller));
        assertThat(wanted.traceparent())
                .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
                .endsWith("-01")
                .doesNotContain("00f067aa0ba902b7");
        wanted.close();
        List<ReadSpan> spans = sent(1);
        assertThat(spans).extracting(ReadSpan::name).containsExactly("wanted");
        assertThat(spans.get(0).traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(spans.get(0).parentId()).isEqualTo("00f067aa0ba902b7");
    }

    @Test
    void partsOfATraceThatIsNotSampledAreNotEither() throws Exception {
        service.apply(with(http(0)));
        Tracer tracer = registered.get(0);
        Span outer = tracer.begin("outer", Span.Kind.SERVER);
        try (Span.Scope unused = outer.enter()) {
            Span inner = tracer.begin("inner", Span.Kind.CLIENT);
            assertThat(inner.traceparent())
                    .startsWith(outer.traceparent().substring(0, 36))
                    .endsWith("-00");
        }
        assertThat(tracer.begin("later", Span.Kind.SERVER).traceparent())
                .doesNotStartWith(outer.traceparent().substring(0, 36));
    }

    @Test
    void aReloadPutsTracesOnAndOffAndKeepsATracerThatIsUpToDate() throws Exception {
        service.apply(with(null));
        assertThat(registered).isEmpty();
        service.apply(with(http(1)));
        Tracer tracer = registered.get(0);
        tracer.begin("first", Span.Kind.SERVER).close();
        service.apply(with(http(1)));
        assertThat(registered).containsExactly(tracer);
        service.apply(with(grpc(false)));
        assertThat(registered).hasSize(1).doesNotContain(tracer);
        registered.get(0).begin("second", Span.Kind.SERVER).close();
        service.apply(with(null));
        assertThat(registered).isEmpty();
        assertThat(collector.await(spans -> spans.size() == 2))
                .extracting(ReadSpan::name)
                .containsExactly("first", "second");
        tracer.begin("too late", Span.Kind.SERVER).close();
        assertThat(metrics())
                .containsEntry("narthex_tracing_spans_exported_total", 2.0)
                .containsEntry("narthex_tracing_spans_dropped_total", 1.0);
    }

    @Test
    void whatTheCollectorDoesNotTakeBeforeTheEndIsDropped() throws Exception {
        for (TracingConfig config : List.of(http(1), grpc(false))) {
            collector.answerWith(503);
            service.apply(with(config));
            registered.get(0).begin("later", Span.Kind.SERVER).close();
            service.stop();
            assertThat(collector.spans()).isEmpty();
        }
        assertThat(metrics()).containsEntry("narthex_tracing_spans_dropped_total", 2.0);
    }

    @Test
    void refusesAnEndpointThatIsNone() throws Exception {
        service.check(with(config(TracingConfig.Protocol.GRPC, "otel_collector:4317", 1, false)));
        service.check(with(config(TracingConfig.Protocol.GRPC, "dns:///h:1", 1, false)));
        assertThatThrownBy(() -> service.check(with(config(TracingConfig.Protocol.GRPC, "h:port", 1, false))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("\"h:port\" is not of the form host:port");
        assertThatThrownBy(() -> service.check(with(config(TracingConfig.Protocol.HTTP, "a b:1", 1, false))))
                .isInstanceOf(ConfigException.class);
    }

    private Map<String, Double> metrics() {
        Map<String, Double> values = new HashMap<>();
        service.collect(new MetricSink() {
            @Override
            public void family(String name, MetricType type, String help) {}

            @Override
            public void sample(String name, double value, String... labels) {
                values.put(name, value);
            }
        });
        return values;
    }
}
