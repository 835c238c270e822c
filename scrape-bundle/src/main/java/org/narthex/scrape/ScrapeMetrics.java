package org.narthex.scrape;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;

/** What scraping counts about itself, under Prometheus' names. Thread-safe. */
final class ScrapeMetrics {
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder outOfOrder = new LongAdder();
    private final LongAdder outOfBounds = new LongAdder();
    private final LongAdder exemplarsOutOfOrder = new LongAdder();
    private final LongAdder sampleLimit = new LongAdder();
    private final LongAdder bodySizeLimit = new LongAdder();
    private final LongAdder bucketLimit = new LongAdder();
    private final LongAdder labelLimits = new LongAdder();
    private final LongAdder targetLimit = new LongAdder();
    private final LongAdder poolReloads = new LongAdder();
    private final LongAdder poolsCreated = new LongAdder();
    private final LongAdder cacheFlushes = new LongAdder();
    private final LongAdder poolsFailed = new LongAdder();
    private final LongAdder poolReloadsFailed = new LongAdder();
    private final LongAdder updates = new LongAdder();
    private final LongAdder updatesDelayed = new LongAdder();
    private final Lengths intervals = new Lengths();
    private final Lengths reloads = new Lengths();

    void duplicateSample() {
        duplicates.increment();
    }

    void exceeded(ScrapeException.Limit limit) {
        switch (limit) {
            case SAMPLES -> sampleLimit.increment();
            case BODY_SIZE -> bodySizeLimit.increment();
            case LABELS -> labelLimits.increment();
            case HISTOGRAM_BUCKETS -> bucketLimit.increment();
            case NONE -> {}
        }
    }

    void exceededTargetLimit() {
        targetLimit.increment();
    }

    void poolCreated() {
        poolsCreated.increment();
    }

    void poolReloaded() {
        poolReloads.increment();
    }

    void poolFailed() {
        poolsFailed.increment();
    }

    void poolReloadFailed() {
        poolReloadsFailed.increment();
    }

    void cacheFlushForced() {
        cacheFlushes.increment();
    }

    void updateSent() {
        updates.increment();
    }

    void updateDelayed() {
        updatesDelayed.increment();
    }

    /**
     * Counts what the storage refused; gives it, without the report and without what the page itself had twice.
     *
     * @param series the cached series of each sample but those of the report, as the intake has them
     * @param samples how many there are without the report
     */
    Refused refused(SampleBatch batch, int[] series, int samples) {
        int twice = 0;
        int early = 0;
        int outside = 0;
        for (int i = 0; i < batch.size(); i++) {
            AppendResult result = batch.result(i);
            // A beginning that is refused was known before.
            if (result == AppendResult.OK || (i < samples && series[i] == Intake.START_ZERO)) {
                continue;
            }
            // Staleness markers after a newer sample are refused as a matter of course.
            if (Double.isNaN(batch.value(i)) && StaleNaN.is(batch.value(i))) {
                continue;
            }
            switch (result) {
                case DUPLICATE -> twice++;
                case OUT_OF_ORDER -> early++;
                case OUT_OF_BOUNDS, TOO_OLD -> outside++;
                default -> {}
            }
        }
        exemplarsRefused(batch);
        if (twice + early + outside == 0) {
            return Refused.NONE;
        }
        duplicates.add(twice);
        outOfOrder.add(early);
        outOfBounds.add(outside);
        return new Refused(twice, early, outside);
    }

    /** Counts the exemplars of series of which none was taken; if one was, the others are just older. */
    private void exemplarsRefused(SampleBatch batch) {
        List<SampleBatch.ExemplarEntry> exemplars = batch.exemplars();
        int i = 0;
        while (i < exemplars.size()) {
            Labels of = exemplars.get(i).series();
            int refused = 0;
            int all = 0;
            while (i < exemplars.size() && exemplars.get(i).series().equals(of)) {
                refused += exemplars.get(i++).result() == AppendResult.OUT_OF_ORDER ? 1 : 0;
                all++;
            }
            if (refused == all) {
                exemplarsOutOfOrder.add(all);
            }
        }
    }

    /** Notes the time between the starts of two scrapes of a target. */
    void interval(long configuredMs, long actualMs) {
        intervals.add(configuredMs, actualMs / 1000.0);
    }

    /** Notes how long it took to make a pool of scrapes work by another configuration. */
    void reloaded(long configuredMs, double seconds) {
        reloads.add(configuredMs, seconds);
    }

    void writeTo(MetricSink sink) {
        sink.counter("prometheus_target_scrape_pools_total", "Scrape pool creations.", poolsCreated.doubleValue());
        sink.counter(
                "prometheus_target_scrape_pools_failed_total",
                "Scrape pool creations that failed.",
                poolsFailed.doubleValue());
        sink.counter("prometheus_target_scrape_pool_reloads_total", "Scrape pool reloads.", poolReloads.doubleValue());
        sink.counter(
                "prometheus_target_scrape_pool_reloads_failed_total",
                "Scrape pool reloads that failed.",
                poolReloadsFailed.doubleValue());
        sink.counter(
                "prometheus_target_scrapes_cache_flush_forced_total",
                "Times the series of failed scrapes were forgotten since there were too many.",
                cacheFlushes.doubleValue());
        sink.counter(
                "prometheus_target_scrape_pool_exceeded_target_limit_total",
                "Times a scrape pool had more targets than its limit.",
                targetLimit.doubleValue());
        sink.counter(
                "prometheus_target_scrape_pool_exceeded_label_limits_total",
                "Scrapes that failed by a label limit.",
                labelLimits.doubleValue());
        sink.counter(
                "prometheus_target_scrapes_exceeded_sample_limit_total",
                "Scrapes that failed by the sample limit.",
                sampleLimit.doubleValue());
        sink.counter(
                "prometheus_target_scrapes_exceeded_body_size_limit_total",
                "Scrapes that failed by the body size limit.",
                bodySizeLimit.doubleValue());
        sink.counter(
                "prometheus_target_scrapes_exceeded_native_histogram_bucket_limit_total",
                "Scrapes that failed by the bucket limit of native histograms.",
                bucketLimit.doubleValue());
        sink.counter(
                "prometheus_target_scrapes_sample_duplicate_timestamp_total",
                "Samples refused since their series had another value at the same time.",
                duplicates.doubleValue());
        sink.counter(
                "prometheus_target_scrapes_sample_out_of_order_total",
                "Samples refused since their series had newer ones.",
                outOfOrder.doubleValue());
        sink.counter(
                "prometheus_target_scrapes_sample_out_of_bounds_total",
                "Samples refused since their time was out of bounds.",
                outOfBounds.doubleValue());
        sink.counter(
                "prometheus_target_scrapes_exemplar_out_of_order_total",
                "Exemplars refused since their series had newer ones.",
                exemplarsOutOfOrder.doubleValue());
        sink.counter(
                "prometheus_sd_updates_total",
                "Times that discovered targets were handed to a scrape pool.",
                updates.doubleValue(),
                "name",
                "scrape");
        sink.counter(
                "prometheus_sd_updates_delayed_total",
                "Times that discovered targets had to wait for that.",
                updatesDelayed.doubleValue(),
                "name",
                "scrape");
        String intervalHelp = "Actual intervals between scrapes.";
        intervals.writeSummary(sink, "prometheus_target_interval_length_seconds", intervalHelp);
        intervals.writeHistogram(sink, "prometheus_target_interval_length_histogram_seconds", intervalHelp);
        reloads.writeSummary(
                sink,
                "prometheus_target_reload_length_seconds",
                "Time to make a scrape pool work by another configuration.");
    }
}
