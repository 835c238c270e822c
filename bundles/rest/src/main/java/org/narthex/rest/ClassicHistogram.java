package org.narthex.rest;

import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.model.SampleValue;
import org.narthex.api.scrape.MetricSink;

/** How long requests took, as a classic histogram. Thread-safe. */
final class LatencyHistogram {
    private final double[] bounds;
    /** The last is for all beyond the bounds. */
    private final LongAdder[] buckets;

    private final LongAdder nanos = new LongAdder();

    /** @param bounds upper ends of the buckets, in seconds, ascending; not to be changed */
    LatencyHistogram(double[] bounds) {
        this.bounds = bounds;
        buckets = new LongAdder[bounds.length + 1];
        Arrays.setAll(buckets, i -> new LongAdder());
    }

    void add(long tookNanos) {
        nanos.add(tookNanos);
        double seconds = tookNanos / 1e9;
        int bucket = 0;
        while (bucket < bounds.length && seconds > bounds[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
    }

    /** Gives the samples of a family that the sink has been told of. */
    void collect(MetricSink sink, String family, String... labels) {
        String[] withBound = Arrays.copyOf(labels, labels.length + 2);
        withBound[labels.length] = "le";
        long count = 0;
        for (int i = 0; i < buckets.length; i++) {
            count += buckets[i].sum();
            withBound[labels.length + 1] = i < bounds.length ? SampleValue.format(bounds[i]) : "+Inf";
            sink.sample(family + "_bucket", (double) count, withBound.clone());
        }
        sink.sample(family + "_sum", nanos.sum() / 1e9, labels);
        sink.sample(family + "_count", (double) count, labels);
    }
}
