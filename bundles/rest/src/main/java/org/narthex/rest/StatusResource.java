package org.narthex.rest;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;

import org.narthex.api.alert.ExternalAlertmanagers;
import org.narthex.api.config.ConfigSource;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.config.Host;
import org.narthex.api.storage.CardinalityStats;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageStats;

/** {@code status/…}, and {@code alertmanagers}. */
@jakarta.ws.rs.Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class StatusResource {
    private static final int DEFAULT_TSDB_LIMIT = 10;
    private static final int MAX_TSDB_LIMIT = 10_000;

    private final LiveServices services;
    private final Flags flags;
    private final BuildInfo buildInfo;
    private final InstantSource clock;

    StatusResource(LiveServices services, Flags flags, BuildInfo buildInfo, InstantSource clock) {
        this.services = services;
        this.flags = flags;
        this.buildInfo = buildInfo;
        this.clock = clock;
    }

    /** What {@code alertmanagers} answers. */
    public record Alertmanagers(List<Url> activeAlertmanagers, List<Url> droppedAlertmanagers) {}

    /** Where an Alertmanager is. */
    public record Url(String url) {}

    /** What {@code status/config} answers. */
    public record Config(String yaml) {}

    /** What {@code status/runtimeinfo} answers: Prometheus' keys, filled with the Java platform's counterparts. */
    public record RuntimeInfo(
            String startTime,
            String CWD,
            String hostname,
            String serverTime,
            boolean reloadConfigSuccess,
            String lastConfigTime,
            long corruptionCount,
            int goroutineCount,
            int GOMAXPROCS,
            long GOMEMLIMIT,
            String GOGC,
            String GODEBUG,
            String storageRetention) {}

    /** What {@code status/tsdb} answers. */
    public record Tsdb(
            HeadStats headStats,
            List<Cardinality.Count> seriesCountByMetricName,
            List<Cardinality.Count> labelValueCountByLabelName,
            List<Cardinality.Count> memoryInBytesByLabelName,
            List<Cardinality.Count> seriesCountByLabelValuePair) {}

    /** Figures about what can take samples now; times in milliseconds since the epoch. */
    public record HeadStats(long numSeries, long numLabelPairs, long chunkCount, long minTime, long maxTime) {}

    /** What {@code status/storage} answers. */
    public record StorageState(List<Fault> faults) {}

    /** One fault; {@code over} if it no longer hinders anything. */
    public record Fault(String part, String reason, String since, boolean over) {}

    @GET
    @jakarta.ws.rs.Path("status/config")
    public Envelope config() {
        return Envelope.of(new Config(services.configSource.required().current().yaml()));
    }

    @GET
    @jakarta.ws.rs.Path("status/flags")
    public Envelope flags() {
        return Envelope.of(flags.all());
    }

    @GET
    @jakarta.ws.rs.Path("status/buildinfo")
    public Envelope buildInfo() {
        return Envelope.of(buildInfo);
    }

    @GET
    @jakarta.ws.rs.Path("status/runtimeinfo")
    public Envelope runtimeInfo() {
        ConfigSource config = services.configSource.get().orElse(null);
        return Envelope.of(new RuntimeInfo(
                ApiTime.format(startedAtMs()),
                Path.of("").toAbsolutePath().toString(),
                hostname(),
                ApiTime.format(clock.millis()),
                config != null && config.lastReloadSuccessful(),
                ApiTime.format(config == null ? 0 : config.current().loadedAtMs()),
                services.storage
                        .get()
                        .map(Storage::stats)
                        .map(StorageStats::corruptions)
                        .orElse(0L),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.getRuntime().maxMemory(),
                "",
                "",
                flags.text(Flag.STORAGE_RETENTION_TIME)));
    }

    /** Those that alerts are sent to; the built-in one is not among them. */
    @GET
    @jakarta.ws.rs.Path("alertmanagers")
    public Envelope alertmanagers() {
        Optional<ExternalAlertmanagers> external = services.externalAlertmanagers.get();
        return Envelope.of(new Alertmanagers(
                urls(external.map(ExternalAlertmanagers::active)), urls(external.map(ExternalAlertmanagers::dropped))));
    }

    private static List<Url> urls(Optional<List<String>> urls) {
        return urls.orElse(List.of()).stream().map(Url::new).toList();
    }

    @GET
    @jakarta.ws.rs.Path("status/tsdb")
    public Object tsdb(@Context UriInfo uri) {
        return tsdb(ApiParameters.of(uri.getRequestUri().getRawQuery()));
    }

    Envelope tsdb(ApiParameters parameters) {
        int limit = parameters.text("limit").isEmpty() ? DEFAULT_TSDB_LIMIT : parameters.limit("limit");
        if (limit < 1 || limit > MAX_TSDB_LIMIT) {
            throw ApiException.badParameter("limit", "limit must be between 1 and " + MAX_TSDB_LIMIT);
        }
        Storage storage = services.storage.required();
        StorageStats stats = storage.stats();
        HeadStats head =
                new HeadStats(stats.series(), stats.labelPairs(), stats.chunks(), stats.minTimeMs(), stats.maxTimeMs());
        Optional<CardinalityStats> known = storage.cardinality(limit);
        if (known.isPresent()) {
            return Envelope.of(new Tsdb(
                    head,
                    counts(known.get().series()),
                    counts(known.get().labelValues()),
                    counts(known.get().labelBytes()),
                    counts(known.get().labelPairs())));
        }
        try {
            Cardinality cardinality = Cardinality.of(storage, stats);
            return Envelope.of(new Tsdb(
                    head,
                    cardinality.seriesByMetricName(limit),
                    cardinality.valuesByLabelName(limit),
                    cardinality.bytesByLabelName(limit),
                    cardinality.seriesByPair(limit)));
        } catch (IOException e) {
            throw ApiException.of(e);
        }
    }

    private static List<Cardinality.Count> counts(List<CardinalityStats.Count> counts) {
        return counts.stream()
                .map(count -> new Cardinality.Count(count.name(), count.count()))
                .toList();
    }

    /** Not of Prometheus: what is wrong with the storage, or was since the start. */
    @GET
    @jakarta.ws.rs.Path("status/storage")
    public Envelope storage() {
        List<Fault> faults = services.storage.required().faults().stream()
                .map(fault -> new Fault(fault.part(), fault.reason(), ApiTime.format(fault.sinceMs()), fault.isOver()))
                .toList();
        return Envelope.of(new StorageState(faults));
    }

    private long startedAtMs() {
        return services.host.get().map(Host::startedAtMs).orElseGet(() -> ProcessHandle.current()
                .info()
                .startInstant()
                .map(start -> start.toEpochMilli())
                .orElse(0L));
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
