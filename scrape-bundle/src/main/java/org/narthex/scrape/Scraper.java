package org.narthex.scrape;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.scrape.ScrapeTargets;
import org.narthex.api.scrape.SeriesReport;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.Storage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All scraping: a pool for each job of the configuration, and one for each exporter that no job asks for. Thread-safe; its monitor guards the pools
 * and what is installed, and is never held while scraping.
 */
final class Scraper {
    private static final Logger LOG = LoggerFactory.getLogger(Scraper.class);
    private static final long MAX_WAITING_BYTES = 64L << 20;
    /** At start-up a plug-in may come a moment after the configuration that needs it. */
    private static final long MISSING_PLUGIN_MS = 3_000;

    private static final long SERIES_CHECK_MS = 60_000;

    private final Clockwork clockwork;
    private final SeriesGuard guard;
    private final Environment environment;
    private final ExporterRegistry exporters = new ExporterRegistry();
    private final ScrapeMetrics metrics = new ScrapeMetrics();
    private final HandOverQueue queue;
    private final PageBuffers pages = new PageBuffers();
    private final long discoveryReloadMs;
    private final String externalHost;
    private final Map<String, DiscoveryProvider> providers = new HashMap<>();
    private final Map<String, ScrapePool> pools = new LinkedHashMap<>();
    private final Map<String, ScrapePool> automatic = new LinkedHashMap<>();
    private Configuration.Global global;
    private boolean watchesSeries;
    private boolean stopped;

    /**
     * @param http gives null while there is no HTTP client
     * @param timestampToleranceMs how far timestamps are aligned; 0 for not at all
     * @param discoveryReloadMs the shortest time between two updates of a job's targets by discovery
     * @param externalHost this host as others call it
     */
    Scraper(
            Clockwork clockwork,
            Supplier<HttpClients> http,
            String userAgent,
            long timestampToleranceMs,
            long discoveryReloadMs,
            String externalHost,
            Features features,
            SeriesGuard guard) {
        this.clockwork = clockwork;
        this.guard = guard;
        this.discoveryReloadMs = discoveryReloadMs;
        this.externalHost = externalHost;
        queue = new HandOverQueue(this::storage, MAX_WAITING_BYTES);
        HttpRequests requests = new HttpRequests(http, userAgent, features);
        Bodies bodies = new Bodies(pages);
        environment = new Environment(
                clockwork,
                queue,
                metrics,
                () -> new HttpFetch(requests, bodies, clockwork),
                new ExporterFetch(exporters, clockwork),
                timestampToleranceMs,
                features);
    }

    private Optional<Storage> storage() {
        return Optional.ofNullable(environment.storage());
    }

    /** Asks the discovery plug-ins that are there about their sections. */
    synchronized void check(Configuration candidate) throws ConfigException {
        for (ScrapeConfig config : candidate.scrapeConfigs()) {
            for (ScrapeConfig.Discovery section : config.discoveries()) {
                DiscoveryProvider provider = providers.get(section.type());
                if (provider == null) {
                    continue;
                }
                try {
                    provider.check(section.section());
                } catch (RuntimeException | LinkageError e) {
                    LOG.warn(
                            "job {}: discovery by {} could not check its section", config.jobName(), section.type(), e);
                }
            }
        }
    }

    synchronized void apply(Configuration configuration) {
        global = configuration.global();
        // Opened anew by the next failure, so that the file may be moved away before a reload.
        environment.failures().close();
        environment.phaseSeed(
                31L * externalHost.hashCode() + global.externalLabels().hashCode());
        Set<String> jobs = new HashSet<>();
        List<ScrapePool> created = new ArrayList<>();
        List<ScrapePool> reloaded = new ArrayList<>();
        for (ScrapeConfig config : configuration.scrapeConfigs()) {
            jobs.add(config.jobName());
            ScrapePool pool = pools.get(config.jobName());
            if (pool == null) {
                pool = newPool(config);
                pools.put(config.jobName(), pool);
                created.add(pool);
            } else if (!pool.config().equals(config)) {
                pool.configure(config);
                reloaded.add(pool);
            }
        }
        pools.entrySet().removeIf(entry -> {
            boolean gone = !jobs.contains(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        created.forEach(pool -> begin(pool, metrics::poolFailed));
        for (ScrapePool pool : reloaded) {
            long startNanos = System.nanoTime();
            begin(pool, metrics::poolReloadFailed);
            metrics.reloaded(pool.config().scrapeIntervalMs(), (System.nanoTime() - startNanos) / 1e9);
        }
        syncAutomatic();
        watchSeriesIfWanted();
        clockwork.after(MISSING_PLUGIN_MS, this::reportMissing);
    }

    /** Lets a pool work by its configuration. A mistake of ours in one must not keep the others from theirs. */
    private void begin(ScrapePool pool, Runnable onFailure) {
        try {
            for (DiscoveryFeed feed : pool.feeds()) {
                feed.use(providers.get(feed.section().type()));
            }
            pool.sync();
        } catch (RuntimeException e) {
            onFailure.run();
            LOG.error("job {}: its targets could not be made", pool.config().jobName(), e);
        }
    }

    private ScrapePool newPool(ScrapeConfig config) {
        return new ScrapePool(environment, exporters, config, this::discovered, this::isScraped);
    }

    private synchronized void reportMissing() {
        pools.values().forEach(pool -> pool.askedExporters().forEach(name -> {
            if (!exporters.isPresent(name, clockwork.nowMs())) {
                LOG.warn(
                        "job {} has no target for exporter {}: it is not installed; scraping starts as soon as it is",
                        pool.config().jobName(),
                        name);
            }
        }));
    }

    /** Told when discovery changed the groups of a pool: the first time at once, then not too often. */
    private void discovered(ScrapePool pool) {
        if (!pool.pendingUpdate.compareAndSet(false, true)) {
            return;
        }
        long now = clockwork.nowMs();
        long delay = pool.lastUpdateMs == 0 ? 0 : Math.max(0, pool.lastUpdateMs + discoveryReloadMs - now);
        if (delay > 0) {
            metrics.updateDelayed();
        }
        clockwork.after(
                delay,
                () -> clockwork.work(() -> {
                    pool.lastUpdateMs = clockwork.nowMs();
                    pool.pendingUpdate.set(false);
                    metrics.updateSent();
                    sync(pool);
                }));
    }

    private synchronized void sync(ScrapePool pool) {
        if (!stopped && pools.get(pool.config().jobName()) == pool) {
            pool.sync();
            syncAutomatic();
            watchSeriesIfWanted();
        }
    }

    private synchronized void syncExporters() {
        if (stopped) {
            return;
        }
        for (ScrapePool pool : pools.values()) {
            if (!pool.askedExporters().isEmpty()) {
                pool.sync();
            }
        }
        syncAutomatic();
    }

    /** Gives each exporter that no job asks for a target of its own. */
    private void syncAutomatic() {
        if (global == null) {
            return;
        }
        Set<String> asked = new HashSet<>();
        pools.values().forEach(pool -> asked.addAll(pool.askedExporters()));
        Map<String, ExporterRegistry.Wishes> wanting = exporters.wanting();
        wanting.keySet().removeAll(asked);
        automatic.entrySet().removeIf(entry -> {
            boolean gone = asked.contains(entry.getKey()) || !exporters.isPresent(entry.getKey(), clockwork.nowMs());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        wanting.forEach((name, wishes) -> {
            ScrapeConfig config = automaticConfig(name, wishes);
            ScrapePool pool = automatic.get(name);
            if (pool == null) {
                pool = newPool(config);
                automatic.put(name, pool);
                pool.sync();
            } else if (!pool.config().equals(config)) {
                pool.configure(config);
                pool.sync();
            }
        });
    }

    private ScrapeConfig automaticConfig(String name, ExporterRegistry.Wishes wishes) {
        long intervalMs = wishes.intervalMs().orElse(global.scrapeIntervalMs());
        Labels address = Labels.of("__address__", externalHost, Exporter.TARGET_LABEL, name);
        return new ScrapeConfig(
                name,
                intervalMs,
                Math.min(intervalMs, global.scrapeTimeoutMs()),
                "/metrics",
                "http",
                Map.of(),
                wishes.honorLabels(),
                true,
                false,
                true,
                false,
                ScrapeConfig.Exposition.DEFAULT,
                "",
                ScrapeConfig.Limits.NONE,
                HttpClientConfig.DEFAULT,
                List.of(),
                List.of(),
                List.of(new TargetGroup("exporter/" + name, List.of(address), Labels.EMPTY)),
                List.of());
    }

    private synchronized boolean isScraped(Target target) {
        return allPools().stream().anyMatch(pool -> pool.scrapes(target.publicLabels()));
    }

    private List<ScrapePool> allPools() {
        List<ScrapePool> all = new ArrayList<>(pools.values());
        all.addAll(automatic.values());
        return all;
    }

    void addExporter(Exporter exporter, Map<String, ?> properties) {
        if (!exporters.add(exporter, properties).isEmpty()) {
            clockwork.work(this::syncExporters);
        }
    }

    void removeExporter(Exporter exporter) {
        exporters.remove(exporter, clockwork.nowMs());
        clockwork.after(ExporterRegistry.LINGER_MS, () -> clockwork.work(this::syncExporters));
    }

    synchronized void addProvider(String type, DiscoveryProvider provider) {
        providers.put(type, provider);
        clockwork.work(() -> use(type, provider));
    }

    synchronized void removeProvider(String type, DiscoveryProvider provider) {
        if (providers.remove(type, provider)) {
            // Its groups stand; only the plug-in itself must be let go of at once.
            pools.values().forEach(pool -> pool.use(type, null));
        }
    }

    private synchronized void use(String type, DiscoveryProvider provider) {
        if (stopped || providers.get(type) != provider) {
            return;
        }
        for (ScrapePool pool : pools.values()) {
            pool.use(type, provider);
            pool.feeds()
                    .forEach(feed ->
                            clockwork.after(DiscoveryFeed.INHERITED_MS, () -> clockwork.work(feed::dropInherited)));
        }
    }

    void storage(Storage service) {
        environment.storage(new StorageHandle(service));
        clockwork.work(queue::drain);
    }

    void removeStorage(Storage service) {
        if (environment.storage() instanceof StorageHandle handle && handle.isOf(service)) {
            environment.storage(null);
        }
    }

    synchronized List<ScrapeTargets.Active> active() {
        List<ScrapeTargets.Active> all = new ArrayList<>();
        for (ScrapePool pool : allPools()) {
            for (ScrapeLoop loop : pool.loops()) {
                Target target = loop.target();
                ScrapeLoop.Status status = loop.status();
                all.add(new ScrapeTargets.Active(
                        target.discoveredLabels(),
                        target.publicLabels(),
                        pool.config().jobName(),
                        target.url(),
                        globalUrl(target.url()),
                        status.lastError(),
                        status.lastScrapeMs(),
                        status.lastDurationSeconds(),
                        status.health(),
                        target.intervalMs(),
                        target.timeoutMs()));
            }
        }
        return all;
    }

    /** Others cannot reach this host by a name for itself. */
    private String globalUrl(String url) {
        for (String local : List.of("://localhost", "://127.0.0.1", "://[::1]")) {
            int at = url.indexOf(local);
            int end = at + local.length();
            if (at > 0 && (end == url.length() || ":/?".indexOf(url.charAt(end)) >= 0)) {
                return url.substring(0, at) + "://" + externalHost + url.substring(end);
            }
        }
        return url;
    }

    synchronized List<ScrapeTargets.TargetMetadata> metadata(String metric) {
        List<ScrapeTargets.TargetMetadata> all = new ArrayList<>();
        for (ScrapePool pool : allPools()) {
            for (ScrapeLoop loop : pool.loops()) {
                Labels target = loop.target().publicLabels();
                if (metric.isEmpty()) {
                    loop.families()
                            .forEach((name, metadata) ->
                                    all.add(new ScrapeTargets.TargetMetadata(target, name, metadata)));
                } else {
                    loop.families()
                            .of(metric)
                            .ifPresent(metadata -> all.add(new ScrapeTargets.TargetMetadata(target, metric, metadata)));
                }
            }
        }
        return all;
    }

    synchronized List<ScrapeTargets.Dropped> dropped() {
        List<ScrapeTargets.Dropped> all = new ArrayList<>();
        allPools().forEach(pool -> all.addAll(pool.dropped()));
        return all;
    }

    void collect(MetricSink sink) {
        metrics.writeTo(sink);
        collectPools(sink);
        guard.writeTo(sink, jobs());
        queue.collect(sink, "scrape");
        sink.gauge(
                "narthex_scrape_page_bytes", "Memory that the pages scraped at present take.", (double) pages.lent());
    }

    private synchronized void collectPools(MetricSink sink) {
        PoolMetrics.write(sink, allPools(), pools.values());
    }

    /** With the first budget the watch begins; it goes on even if that budget is taken away. */
    private void watchSeriesIfWanted() {
        if (!watchesSeries && guard.hasBudget(pools.values())) {
            watchesSeries = true;
            watchSeriesLater();
        }
    }

    private void watchSeriesLater() {
        clockwork.after(
                SERIES_CHECK_MS,
                () -> clockwork.work(() -> {
                    guard.check(jobs());
                    watchSeriesLater();
                }));
    }

    /** A snapshot, so that series are counted without the lock. */
    private synchronized List<SeriesGuard.Job> jobs() {
        return allPools().stream().map(guard::job).toList();
    }

    /** How many series the job has, or all jobs if it is empty, and which labels make them many. */
    SeriesReport series(String job, int limit) {
        return guard.report(jobs(), job, limit);
    }

    /** Stops without a trace in the data, in less than a second. */
    void stop() {
        synchronized (this) {
            stopped = true;
            environment.failures().close();
            allPools().forEach(ScrapePool::halt);
            pools.clear();
            automatic.clear();
        }
        clockwork.stop();
        queue.drain();
    }

    /** The host part of the external URL, or this machine's name. */
    static String externalHost(String externalUrl) {
        if (!externalUrl.isEmpty()) {
            try {
                String host = URI.create(externalUrl).getHost();
                if (host != null) {
                    return host;
                }
            } catch (IllegalArgumentException e) {
                LOG.warn("--web.external-url is no URL: {}", externalUrl);
            }
        }
        return HostName.get();
    }
}
