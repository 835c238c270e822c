package org.narthex.tracing;

import java.time.Clock;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.TracingConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.trace.Tracer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Has a {@link Tracer} in the service registry as long as the configuration asks for traces. */
@Component(
        service = {ConfigConsumer.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class TracingService implements ConfigConsumer, Exporter {
    /** How long OpenTelemetry's exporters wait where nothing is said. */

    /** Where a tracer is put; gives back what takes it away. */
    interface Registry {
        Runnable register(Tracer tracer);
    }

    private final Registry registry;
    private final OtlpRequest format;
    private final InstantSource clock;
    private final SpanSender.Counts counts = new SpanSender.Counts();
    /** Guarded by this, as is what follows. */
    private Optional<TracingConfig> inForce = Optional.empty();

    private Runnable stop = () -> {};

    @Reference(
            name = "clients",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile HttpClients clients;

    @Activate
    public TracingService(BundleContext context) {
        this(
                tracer -> {
                    ServiceRegistration<Tracer> registration =
                            context.registerService(Tracer.class, tracer, FrameworkUtil.asDictionary(Map.of()));
                    return registration::unregister;
                },
                context.getBundle().getVersion().toString(),
                Clock.systemUTC(),
                null);
    }

    /** @param clients null where only services will do */
    TracingService(Registry registry, String version, InstantSource clock, HttpClients clients) {
        this.registry = registry;
        this.clock = clock;
        this.clients = clients;
        Map<String, String> resource = new LinkedHashMap<>();
        resource.put("service.name", "narthex");
        resource.put("service.version", version);
        resource.put("telemetry.sdk.language", "java");
        resource.put("process.pid", Long.toString(ProcessHandle.current().pid()));
        format = new OtlpRequest(resource, version);
    }

    @Override
    public void check(Configuration candidate) throws ConfigException {
        if (candidate.tracing().isPresent()) {
            TracingConfig config = candidate.tracing().get();
            try {
                Collector unused = collector(config);
            } catch (IllegalArgumentException e) {
                throw new ConfigException(
                        "tracing", 0, "endpoint \"" + config.endpoint() + "\" is not of the form host:port");
            }
        }
    }

    @Override
    public synchronized void apply(Configuration configuration) {
        if (configuration.tracing().equals(inForce)) {
            return;
        }
        stop();
        inForce = configuration.tracing();
        inForce.ifPresent(this::start);
    }

    private void start(TracingConfig config) {
        RecordingTracer[] tracer = new RecordingTracer[1];
        SpanSender sender = new SpanSender(collector(config), format, counts, () -> tracer[0].mute());
        tracer[0] = new RecordingTracer(config.samplingFraction(), clock, sender::add);
        sender.start();
        Runnable unregister = registry.register(tracer[0]);
        stop = () -> {
            unregister.run();
            sender.close();
        };
    }

    private Collector collector(TracingConfig config) {
        Supplier<HttpClients> available = () -> clients;
        return switch (config.protocol()) {
            case GRPC -> new GrpcCollector(config, available);
            case HTTP -> new HttpCollector(config, available);
        };
    }

    @Deactivate
    synchronized void stop() {
        stop.run();
        stop = () -> {};
        inForce = Optional.empty();
    }

    @Override
    public void collect(MetricSink sink) {
        sink.counter("narthex_tracing_spans_exported_total", "Spans that the collector took.", (double)
                counts.exported().sum());
        sink.counter(
                "narthex_tracing_spans_dropped_total",
                "Spans that were lost because the collector was away or refused them.",
                (double) counts.dropped().sum());
    }
}
