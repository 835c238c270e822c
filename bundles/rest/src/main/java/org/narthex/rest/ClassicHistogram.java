package org.narthex.rest;

import java.util.Arrays;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.model.SampleValue;
import org.narthex.api.scrape.MetricSink;

/** How long requests took, or how large answers were, as a classic histogram. Thread-safe. */
final class ClassicHistogram {
    private final double[] bounds;
    /** The last is for all beyond the bounds. */
    private final LongAdder[] buckets;

    private final DoubleAdder sum = new DoubleAdder();

    /** @param bounds upper ends of the buckets, ascending; not to be changed */
    ClassicHistogram(double[] bounds) {
        this.bounds = bounds;
        buckets = new LongAdder[bounds.length + 1];
        Arrays.setAll(buckets, i -> new LongAdder());
    }

    /** Adds a time, to those that are in seconds. */
    void addNanos(long took) {
        add(took / 1e9);
    }

    void add(double value) {
        sum.add(value);
        int bucket = 0;
        while (bucket < bounds.length && value > bounds[bucket]) {
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
        sink.sample(family + "_sum", sum.sum(), labels);
        sink.sample(family + "_count", (double) count, labels);
    }
}
