package org.narthex.scrape;

import java.util.Collection;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** What is told about each pool of scrapes, under Prometheus' names. */
final class PoolMetrics {
    private PoolMetrics() {}

    /**
     * @param all with those of exporters that no job asks for
     * @param configured those of jobs
     */
    static void write(MetricSink sink, List<ScrapePool> all, Collection<ScrapePool> configured) {
        sink.family("prometheus_target_scrape_pool_targets", MetricType.GAUGE, "Targets of a scrape pool.");
        all.forEach(pool -> sink.sample(
                "prometheus_target_scrape_pool_targets",
                pool.activeCount(),
                "scrape_job",
                pool.config().jobName()));
        sink.family(
                "prometheus_target_scrape_pool_target_limit", MetricType.GAUGE, "The target limit of a scrape pool.");
        all.forEach(pool -> sink.sample(
                "prometheus_target_scrape_pool_target_limit",
                (double) pool.config().limits().targets(),
                "scrape_job",
                pool.config().jobName()));
        sink.family(
                "prometheus_target_scrape_pool_symboltable_items",
                MetricType.GAUGE,
                "Symbols in the table of a scrape pool: none, names and values are shared by all pools.");
        all.forEach(pool -> sink.sample(
                "prometheus_target_scrape_pool_symboltable_items",
                0,
                "scrape_job",
                pool.config().jobName()));
        sink.family("prometheus_target_scrape_pool_sync_total", MetricType.COUNTER, "Syncs of a scrape pool.");
        all.forEach(pool -> sink.sample(
                "prometheus_target_scrape_pool_sync_total",
                (double) pool.syncs(),
                "scrape_job",
                pool.config().jobName()));
        sink.family("prometheus_target_sync_length_seconds", MetricType.SUMMARY, "Time to sync a scrape pool.");
        all.forEach(pool -> {
            String job = pool.config().jobName();
            pool.syncLengths().writeSummary(sink, "prometheus_target_sync_length_seconds", "scrape_job", job);
        });
        collectFamilies(sink, all);
        sink.family("prometheus_sd_discovered_targets", MetricType.GAUGE, "Targets as discovered.");
        configured.forEach(pool -> sink.sample(
                "prometheus_sd_discovered_targets",
                pool.discoveredCount(),
                "name",
                "scrape",
                "config",
                pool.config().jobName()));
        long received = 0;
        long failed = 0;
        for (ScrapePool pool : configured) {
            for (DiscoveryFeed feed : pool.feeds()) {
                received += feed.updates();
                failed += feed.isRefused() ? 1 : 0;
            }
        }
        sink.gauge(
                "prometheus_sd_failed_configs",
                "Sections of discoveries that their plug-ins did not start.",
                (double) failed,
                "name",
                "scrape");
        sink.counter(
                "prometheus_sd_received_updates_total",
                "Updates received from discovery.",
                (double) received,
                "name",
                "scrape");
    }

    private static void collectFamilies(MetricSink sink, List<ScrapePool> pools) {
        sink.family(
                "prometheus_target_metadata_cache_entries",
                MetricType.GAUGE,
                "Metric families known by their targets.");
        for (ScrapePool pool : pools) {
            long families = 0;
            for (ScrapeLoop loop : pool.loops()) {
                families += loop.families().size();
            }
            sink.sample(
                    "prometheus_target_metadata_cache_entries",
                    (double) families,
                    "scrape_job",
                    pool.config().jobName());
        }
        sink.family(
                "prometheus_target_metadata_cache_bytes", MetricType.GAUGE, "Bytes of texts about metric families.");
        for (ScrapePool pool : pools) {
            long bytes = 0;
            for (ScrapeLoop loop : pool.loops()) {
                bytes += loop.families().bytes();
            }
            sink.sample(
                    "prometheus_target_metadata_cache_bytes",
                    (double) bytes,
                    "scrape_job",
                    pool.config().jobName());
        }
        sink.family(
                "prometheus_target_sync_failed_total",
                MetricType.COUNTER,
                "Targets that could not be made from what was discovered.");
        for (ScrapePool pool : pools) {
            sink.sample(
                    "prometheus_target_sync_failed_total",
                    (double) pool.failedTargets(),
                    "scrape_job",
                    pool.config().jobName());
        }
    }
}
