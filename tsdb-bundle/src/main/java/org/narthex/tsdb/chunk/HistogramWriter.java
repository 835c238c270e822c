package org.narthex.tsdb.chunk;

import org.narthex.api.model.Histogram;

/** Writes the samples of a chunk of histograms, as {@link HistogramChunk} describes it; {@link HistogramReader} reads them. */
final class HistogramWriter {
    private final boolean isFloat;
    private final boolean withStarts;
    private final BitBuffer bits = new BitBuffer(HistogramChunk.HEADER_BYTES, 256);
    private final StartTimes starts = new StartTimes();

    /** Of whole numbers the sum alone; else count, zero count and sum, and the buckets. */
    private XorFields fields;
    /** Of whole numbers: what the steps from bucket to bucket grew by last. */
    private long[] stepDeltas;

    private int samples;
    private long timeMs;
    private long deltaMs;
    private long countDelta;
    private long zeroCountDelta;
    private Histogram last;

    HistogramWriter(boolean isFloat, boolean withStarts) {
        this.isFloat = isFloat;
        this.withStarts = withStarts;
    }

    /** Forgets what has been written. */
    void begin(HistogramLayout layout) {
        bits.clear();
        layout.write(bits);
        int buckets = BucketMerge.count(layout.positiveSpans()) + BucketMerge.count(layout.negativeSpans());
        fields = new XorFields(isFloat ? 3 + buckets : 1);
        stepDeltas = new long[isFloat ? 0 : buckets];
        starts.begin(0);
        samples = 0;
        deltaMs = 0;
        countDelta = 0;
        zeroCountDelta = 0;
    }

    /** @param histogram with the buckets of the layout, or stale */
    void write(long t, long startMs, Histogram histogram) {
        long previousMs = timeMs;
        if (samples == 0) {
            Varbit.writeInt(t, bits);
            if (isFloat) {
                firstFloats(histogram);
            } else {
                firstIntegers(histogram);
            }
        } else {
            long delta = t - timeMs;
            Varbit.writeInt(delta - deltaMs, bits);
            deltaMs = delta;
            if (isFloat) {
                nextFloats(histogram);
            } else {
                nextIntegers(histogram);
            }
        }
        if (withStarts) {
            starts.write(samples, t, previousMs, startMs, true, bits);
        }
        timeMs = t;
        last = histogram;
        samples++;
    }

    private void firstFloats(Histogram histogram) {
        fields.writeFirst(0, histogram.countBits(), bits);
        fields.writeFirst(1, histogram.zeroCountBits(), bits);
        fields.writeFirst(2, Double.doubleToRawLongBits(histogram.sum()), bits);
        int positives = histogram.positiveBuckets();
        for (int i = 0; i < positives; i++) {
            fields.writeFirst(3 + i, histogram.positiveBits(i), bits);
        }
        for (int i = 0; i < histogram.negativeBuckets(); i++) {
            fields.writeFirst(3 + positives + i, histogram.negativeBits(i), bits);
        }
    }

    private void nextFloats(Histogram histogram) {
        boolean stale = histogram.isStale();
        // Of a staleness marker nobody looks at the counts: no change is what is shortest.
        fields.write(0, stale ? fields.bits(0) : histogram.countBits(), bits);
        fields.write(1, stale ? fields.bits(1) : histogram.zeroCountBits(), bits);
        fields.write(2, Double.doubleToRawLongBits(histogram.sum()), bits);
        int positives = histogram.positiveBuckets();
        for (int i = 0; i < positives; i++) {
            fields.write(3 + i, histogram.positiveBits(i), bits);
        }
        for (int i = 0; i < histogram.negativeBuckets(); i++) {
            fields.write(3 + positives + i, histogram.negativeBits(i), bits);
        }
    }

    private void firstIntegers(Histogram histogram) {
        Varbit.writeUint(histogram.countBits(), bits);
        Varbit.writeUint(histogram.zeroCountBits(), bits);
        fields.writeFirst(0, Double.doubleToRawLongBits(histogram.sum()), bits);
        long before = 0;
        for (int i = 0; i < histogram.positiveBuckets(); i++) {
            Varbit.writeInt(histogram.positiveBits(i) - before, bits);
            before = histogram.positiveBits(i);
        }
        before = 0;
        for (int i = 0; i < histogram.negativeBuckets(); i++) {
            Varbit.writeInt(histogram.negativeBits(i) - before, bits);
            before = histogram.negativeBits(i);
        }
    }

    private void nextIntegers(Histogram histogram) {
        if (histogram.isStale()) {
            // Of a staleness marker nobody looks at the counts: no change is what is shortest.
            bits.bits(0, 2);
            fields.write(0, Double.doubleToRawLongBits(histogram.sum()), bits);
            return;
        }
        long delta = histogram.countBits() - last.countBits();
        Varbit.writeInt(delta - countDelta, bits);
        countDelta = delta;
        long zeroDelta = histogram.zeroCountBits() - last.zeroCountBits();
        Varbit.writeInt(zeroDelta - zeroCountDelta, bits);
        zeroCountDelta = zeroDelta;
        fields.write(0, Double.doubleToRawLongBits(histogram.sum()), bits);
        int positives = histogram.positiveBuckets();
        // What a bucket grew by, less what the one before it grew by, is what the step between them grew by.
        long growthBefore = 0;
        for (int i = 0; i < positives; i++) {
            long growth = histogram.positiveBits(i) - last.positiveBits(i);
            step(i, growth - growthBefore);
            growthBefore = growth;
        }
        growthBefore = 0;
        for (int i = 0; i < histogram.negativeBuckets(); i++) {
            long growth = histogram.negativeBits(i) - last.negativeBits(i);
            step(positives + i, growth - growthBefore);
            growthBefore = growth;
        }
    }

    private void step(int bucket, long delta) {
        Varbit.writeInt(delta - stepDeltas[bucket], bits);
        stepDeltas[bucket] = delta;
    }

    /** In bytes, header included. */
    int size() {
        return bits.size();
    }

    /** What has been written behind an empty header, and so many bytes more. */
    byte[] copy(int padding) {
        return bits.copy(padding);
    }

    int startsHeader() {
        return starts.header();
    }
}
