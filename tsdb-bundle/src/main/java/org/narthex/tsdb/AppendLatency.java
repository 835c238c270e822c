package org.narthex.tsdb;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.model.MetricType;
import org.narthex.api.model.SampleValue;
import org.narthex.api.scrape.MetricSink;

/** How long batches take until they are acknowledged, as a histogram: whether anything makes ingestion wait shows here. Thread-safe. */
final class AppendLatency {
    private static final String NAME = "narthex_tsdb_append_duration_seconds";
    private static final double[] BOUNDS_SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5};

    private final LongAdder[] counts = new LongAdder[BOUNDS_SECONDS.length + 1];
    private final LongAdder totalNanos = new LongAdder();
    private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);

    AppendLatency() {
        Arrays.setAll(counts, i -> new LongAdder());
    }

    void add(long nanos) {
        double seconds = nanos / 1e9;
        int bucket = 0;
        while (bucket < BOUNDS_SECONDS.length && seconds > BOUNDS_SECONDS[bucket]) {
            bucket++;
        }
        counts[bucket].increment();
        totalNanos.add(nanos);
        longestNanos.accumulate(nanos);
    }

    void collect(MetricSink sink) {
        sink.family(NAME, MetricType.HISTOGRAM, "How long batches took until they were acknowledged.");
        long cumulative = 0;
        for (int i = 0; i < counts.length; i++) {
            cumulative += counts[i].sum();
            String bound = i < BOUNDS_SECONDS.length ? SampleValue.format(BOUNDS_SECONDS[i]) : "+Inf";
            sink.sample(NAME + "_bucket", (double) cumulative, "le", bound);
        }
        sink.sample(NAME + "_sum", totalNanos.sum() / 1e9);
        sink.sample(NAME + "_count", (double) cumulative);
        sink.gauge(
                "narthex_tsdb_append_longest_seconds",
                "The longest a batch took since the start.",
                longestNanos.get() / 1e9);
    }
}
