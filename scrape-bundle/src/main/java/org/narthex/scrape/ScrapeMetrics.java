package org.narthex.scrape;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.model.Labels;
import org.narthex.api.model.MetricType;
import org.narthex.api.model.PromDuration;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;

/** What scraping counts about itself, under Prometheus' names. Thread-safe. */
final class ScrapeMetrics {
    private static final double[] QUANTILES = {0.01, 0.05, 0.5, 0.9, 0.99};

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
    private final Map<Long, Window> intervals = new TreeMap<>();

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

    void cacheFlushForced() {
        cacheFlushes.increment();
    }

    /**
     * Counts what the storage refused.
     *
     * @param series the cached series of each sample but those of the report, as the intake has them
     * @param samples how many there are without the report
     */
    void refused(SampleBatch batch, int[] series, int samples) {
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
                case DUPLICATE -> duplicates.increment();
                case OUT_OF_ORDER -> outOfOrder.increment();
                case OUT_OF_BOUNDS, TOO_OLD -> outOfBounds.increment();
                default -> {}
            }
        }
        exemplarsRefused(batch);
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
        Window window;
        synchronized (intervals) {
            window = intervals.computeIfAbsent(configuredMs, key -> new Window());
        }
        window.add(actualMs / 1000.0);
    }

    void writeTo(MetricSink sink) {
        sink.counter("prometheus_target_scrape_pools_total", "Scrape pool creations.", poolsCreated.doubleValue());
        sink.counter("prometheus_target_scrape_pool_reloads_total", "Scrape pool reloads.", poolReloads.doubleValue());
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
        String name = "prometheus_target_interval_length_seconds";
        sink.family(name, MetricType.SUMMARY, "Actual intervals between scrapes.");
        synchronized (intervals) {
            intervals.forEach((ms, window) -> window.writeTo(sink, name, PromDuration.format(ms)));
        }
    }

    /** The last observations, with count and sum of all. */
    private static final class Window {
        private final double[] last = new double[512];
        private long count;
        private double sum;

        synchronized void add(double seconds) {
            last[(int) (count++ % last.length)] = seconds;
            sum += seconds;
        }

        synchronized void writeTo(MetricSink sink, String name, String interval) {
            int n = (int) Math.min(count, last.length);
            double[] sorted = Arrays.copyOf(last, n);
            Arrays.sort(sorted);
            for (double quantile : QUANTILES) {
                double value = sorted[Math.min(n - 1, (int) (quantile * n))];
                sink.sample(name, value, "interval", interval, "quantile", Double.toString(quantile));
            }
            sink.sample(name + "_sum", sum, "interval", interval);
            sink.sample(name + "_count", (double) count, "interval", interval);
        }
    }
}
