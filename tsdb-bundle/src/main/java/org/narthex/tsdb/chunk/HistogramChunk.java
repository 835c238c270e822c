package org.narthex.tsdb.chunk;

import java.util.Arrays;
import java.util.function.IntToLongFunction;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

/**
 * A chunk of histograms, of whole numbers (encoding byte 2) or of floating-point ones (3), being built; with start timestamps it is 5 or 6. Bits most
 * significant first, padded with zeros to a byte.
 *
 * <pre>
 * be16 number of samples, byte flag; or, with starts: 2 bits flag, 14 bits number of samples, byte of {@link StartTimes}
 * flag         the two highest bits: 00 unknown, 10 begun because of a counter reset, 01 no reset before, 11 gauges
 * layout       {@link HistogramLayout}
 * whole numbers, sample 0     varbit int t, varbit uint count, varbit uint zero count, 64 bits sum, varbit int of each bucket
 *                others       varbit int of the change of the delta of t, count and zero count; xor of the sum; varbit int of the change of delta
 *                             of each bucket; a bucket stands as its difference from the one before it, first positive ones, then negative ones
 * floats, sample 0            varbit int t, 64 bits each of count, zero count, sum and buckets
 *         others              varbit int of the change of the delta of t; {@link XorFields} count, zero count, sum, buckets
 * </pre>
 *
 * <p>A staleness marker has no buckets; only markers may follow it. All other samples have all buckets of the layout: if one comes with more, the chunk is
 * written anew with all of them, if one comes with fewer, it gets empty ones. Not thread-safe; a {@link Snapshot} is.
 */
public final class HistogramChunk {
    /** A chunk of so many bytes, and of at least so many samples, is large enough; twice the bytes are too many. */
    public static final int TARGET_BYTES = 1024;

    public static final int MIN_SAMPLES = 10;

    static final int INTEGERS = 2;
    static final int FLOATS = 3;
    static final int HEADER_BYTES = 3;

    private static final int STARTS = 3;
    private static final int MAX_SAMPLES_WITH_STARTS = 0x3fff;
    private static final int FLAG_MASK = 0xc0;

    /** How a histogram goes with the chunk. */
    private enum Fit {
        /** It has the buckets of the chunk, or needs none. */
        SAME,
        /** The buckets differ. */
        OTHER_BUCKETS,
        /** It needs another chunk, and whether there was a reset is not known. */
        NOT_COMPARABLE,
        /** It needs another chunk because of a reset. */
        RESET
    }

    private final boolean isFloat;
    private final boolean withStarts;
    private final ResetHint flag;
    private final HistogramWriter writer;
    private HistogramLayout layout;
    private int samples;
    private long minTimeMs;
    private long lastTimeMs;
    /** With all buckets of the layout. */
    private Histogram last;

    private HistogramChunk(boolean isFloat, boolean withStarts, ResetHint flag) {
        this.isFloat = isFloat;
        this.withStarts = withStarts;
        this.flag = flag;
        writer = new HistogramWriter(isFloat, withStarts);
    }

    private void begin(HistogramLayout newLayout) {
        layout = newLayout;
        writer.begin(newLayout);
        samples = 0;
    }

    /**
     * An empty chunk for a histogram that follows none.
     *
     * @param withStarts whether start timestamps are kept, which Prometheus before 3.14 can not read
     */
    public static HistogramChunk first(Histogram histogram, boolean withStarts) {
        ResetHint hint = histogram.resetHint();
        boolean known = hint == ResetHint.GAUGE || hint == ResetHint.RESET;
        return new HistogramChunk(histogram.isFloat(), withStarts, known ? hint : ResetHint.UNKNOWN);
    }

    /** An empty chunk for a histogram that follows the last one of this chunk, because it does not fit or this chunk is large enough. */
    public HistogramChunk successor(Histogram histogram) {
        if (histogram.isFloat() != isFloat || samples == 0) {
            return first(histogram, withStarts);
        }
        return new HistogramChunk(isFloat, withStarts, flagAfter(histogram));
    }

    private ResetHint flagAfter(Histogram histogram) {
        if (histogram.resetHint() == ResetHint.GAUGE) {
            return ResetHint.GAUGE;
        }
        Fit fit = fit(histogram);
        if (fit == Fit.OTHER_BUCKETS) {
            fit = new Merged(histogram).isReset() ? Fit.RESET : Fit.SAME;
        }
        return switch (fit) {
            case RESET -> ResetHint.RESET;
            case NOT_COMPARABLE -> ResetHint.UNKNOWN;
            // A gauge's staleness marker does not say that it is one.
            default -> isGauge() ? ResetHint.GAUGE : ResetHint.NOT_RESET;
        };
    }

    /**
     * Adds a sample if it may stand in this chunk; the time is later than the last one.
     *
     * @return whether it was added; if not, nothing has changed, and it belongs into the {@link #successor}
     */
    public boolean append(long t, Histogram histogram) {
        return append(t, 0, histogram);
    }

    /** @param startMs since when the sample has been counting, 0 for unknown */
    public boolean append(long t, long startMs, Histogram histogram) {
        if (histogram.isFloat() != isFloat) {
            return false;
        }
        if (samples == 0) {
            begin(HistogramLayout.of(plain(histogram)));
            write(t, startMs, plain(histogram));
            return true;
        }
        if (samples == (withStarts ? MAX_SAMPLES_WITH_STARTS : XorChunk.MAX_SAMPLES)) {
            return false;
        }
        Histogram fitting = plain(histogram);
        switch (fit(histogram)) {
            case SAME:
                break;
            case OTHER_BUCKETS:
                Merged merged = new Merged(histogram);
                if (merged.isReset()) {
                    return false;
                }
                if (merged.isWiderThanChunk()) {
                    recode(merged);
                }
                fitting = merged.histogram();
                break;
            default:
                return false;
        }
        write(t, startMs, fitting);
        return true;
    }

    /** Whether the sample is the same as the last one, but for the hint and for empty buckets. */
    public boolean lastIs(Histogram histogram) {
        if (samples == 0 || histogram.isFloat() != isFloat || histogram.isStale() != last.isStale()) {
            return false;
        }
        if (histogram.isStale() || histogram.equalsIgnoringHint(last)) {
            return true;
        }
        if (fit(histogram) != Fit.OTHER_BUCKETS) {
            return false;
        }
        Merged merged = new Merged(histogram);
        return merged.histogram().equalsIgnoringHint(merged.last());
    }

    /** What is written of a histogram: of a staleness marker nothing but that it is one. */
    private Histogram plain(Histogram histogram) {
        return histogram.isStale() ? Histogram.stale(isFloat) : histogram;
    }

    private boolean isGauge() {
        return flag == ResetHint.GAUGE;
    }

    /** In the order in which Prometheus asks, since that decides between a reset and not knowing. */
    private Fit fit(Histogram next) {
        boolean gauge = next.resetHint() == ResetHint.GAUGE;
        if (next.resetHint() == ResetHint.RESET) {
            return Fit.RESET;
        }
        if (next.isStale()) {
            return Fit.SAME;
        }
        if (gauge != isGauge() || last.isStale()) {
            return Fit.NOT_COMPARABLE;
        }
        if (!gauge && isLower(next.countBits(), last.countBits(), true)) {
            return Fit.RESET;
        }
        if (next.schema() != last.schema() || next.zeroThreshold() != last.zeroThreshold()) {
            return Fit.NOT_COMPARABLE;
        }
        if (!Arrays.equals(next.customBounds(), last.customBounds())) {
            return gauge ? Fit.NOT_COMPARABLE : Fit.RESET;
        }
        if (!gauge && isLower(next.zeroCountBits(), last.zeroCountBits(), true)) {
            return Fit.RESET;
        }
        if (!layout.isOf(next)) {
            return Fit.OTHER_BUCKETS;
        }
        return !gauge && anyBucketLower(next) ? Fit.RESET : Fit.SAME;
    }

    private boolean anyBucketLower(Histogram next) {
        for (int i = 0; i < next.positiveBuckets(); i++) {
            if (isLower(next.positiveBits(i), last.positiveBits(i), false)) {
                return true;
            }
        }
        for (int i = 0; i < next.negativeBuckets(); i++) {
            if (isLower(next.negativeBits(i), last.negativeBits(i), false)) {
                return true;
            }
        }
        return false;
    }

    private boolean isLower(long next, long before, boolean unsigned) {
        if (isFloat) {
            return Double.longBitsToDouble(next) < Double.longBitsToDouble(before);
        }
        return unsigned ? Long.compareUnsigned(next, before) < 0 : next < before;
    }

    /** The last histogram and the next one with the buckets of both. */
    private final class Merged {
        private final Histogram next;
        private final BucketMerge positive;
        private final BucketMerge negative;

        Merged(Histogram next) {
            this.next = next;
            positive = new BucketMerge(layout.positiveSpans(), next.positiveSpans());
            negative = new BucketMerge(layout.negativeSpans(), next.negativeSpans());
        }

        /** A bucket that is gone counts as an empty one. */
        boolean isReset() {
            return !isGauge()
                    && (anyLower(positive, next::positiveBits, last::positiveBits)
                            || anyLower(negative, next::negativeBits, last::negativeBits));
        }

        private boolean anyLower(BucketMerge merge, IntToLongFunction nextCounts, IntToLongFunction lastCounts) {
            long[] before = merge.first(lastCounts);
            long[] after = merge.second(nextCounts);
            for (int i = 0; i < before.length; i++) {
                if (isLower(after[i], before[i], false)) {
                    return true;
                }
            }
            return false;
        }

        boolean isWiderThanChunk() {
            return positive.size() > last.positiveBuckets() || negative.size() > last.negativeBuckets();
        }

        Histogram histogram() {
            return withBuckets(next, positive.second(next::positiveBits), negative.second(next::negativeBits));
        }

        /** One of the chunk's, with the buckets of the next one. */
        Histogram widened(Histogram old) {
            return withBuckets(old, positive.first(old::positiveBits), negative.first(old::negativeBits));
        }

        Histogram last() {
            return widened(last);
        }

        private Histogram withBuckets(Histogram h, long[] positiveCounts, long[] negativeCounts) {
            return isFloat
                    ? Histogram.ofFloats(
                            h.resetHint(),
                            h.schema(),
                            h.zeroThreshold(),
                            h.zeroCount(),
                            h.count(),
                            h.sum(),
                            positive.spans(),
                            doubles(positiveCounts),
                            negative.spans(),
                            doubles(negativeCounts),
                            h.customBounds())
                    : Histogram.ofIntegers(
                            h.resetHint(),
                            h.schema(),
                            h.zeroThreshold(),
                            h.zeroCountBits(),
                            h.countBits(),
                            h.sum(),
                            positive.spans(),
                            positiveCounts,
                            negative.spans(),
                            negativeCounts,
                            h.customBounds());
        }
    }

    private static double[] doubles(long[] bits) {
        double[] values = new double[bits.length];
        for (int i = 0; i < bits.length; i++) {
            values[i] = Double.longBitsToDouble(bits[i]);
        }
        return values;
    }

    private void recode(Merged merged) {
        SampleBuffer present = new SampleBuffer();
        try {
            snapshot().decode(Long.MIN_VALUE, Long.MAX_VALUE, present);
        } catch (CorruptionException e) {
            throw new IllegalStateException("a chunk can not be read that has just been written", e);
        }
        Histogram one = merged.widened(present.histogram(0));
        begin(HistogramLayout.of(one));
        for (int i = 0; i < present.size(); i++) {
            write(present.timestampsMs()[i], present.startTimestampMs(i), merged.widened(present.histogram(i)));
        }
    }

    private void write(long t, long startMs, Histogram histogram) {
        if (samples == 0) {
            minTimeMs = t;
        }
        writer.write(t, startMs, histogram);
        lastTimeMs = t;
        last = histogram;
        samples++;
    }

    public int encoding() {
        return (isFloat ? FLOATS : INTEGERS) + (withStarts ? STARTS : 0);
    }

    /** What the chunk says about a reset before it; {@link ResetHint#GAUGE} if there are none. */
    public ResetHint flag() {
        return flag;
    }

    public int samples() {
        return samples;
    }

    /** The time of the first sample; 0 if there is none. */
    public long minTimeMs() {
        return minTimeMs;
    }

    /** The time of the last sample; 0 if there is none. */
    public long lastTimeMs() {
        return lastTimeMs;
    }

    /** The last sample with all buckets of the chunk; not to be called before there is one. */
    public Histogram last() {
        assert samples > 0;
        return last;
    }

    /** Whether the chunk has reached its target and another one should be begun. */
    public boolean isLargeEnough() {
        return samples >= MIN_SAMPLES && size() >= TARGET_BYTES;
    }

    /** The chunk so far in bytes, header included. */
    public int size() {
        return writer.size();
    }

    /** The chunk so far, header included: a copy. */
    public byte[] toByteArray() {
        return copy(0);
    }

    /** The chunk so far, for readers; what is done to the chunk later does not change it. */
    public Snapshot snapshot() {
        return new Snapshot(encoding(), copy(BitReader.PADDING), size());
    }

    private byte[] copy(int padding) {
        byte[] copy = writer.copy(padding);
        int flagBits =
                switch (flag) {
                    case RESET -> 0x80;
                    case NOT_RESET -> 0x40;
                    case GAUGE -> FLAG_MASK;
                    case UNKNOWN -> 0;
                };
        copy[0] = (byte) ((samples >>> 8) | (withStarts ? flagBits : 0));
        copy[1] = (byte) samples;
        copy[2] = (byte) (withStarts ? writer.startsHeader() : flagBits);
        return copy;
    }

    /** A chunk as it was at some time. Immutable, thread-safe. */
    public static final class Snapshot {
        private final int encoding;
        private final byte[] padded;
        private final int length;

        private Snapshot(int encoding, byte[] padded, int length) {
            this.encoding = encoding;
            this.padded = padded;
            this.length = length;
        }

        public int samples() {
            return HistogramChunk.samples(encoding, padded);
        }

        /** Appends the samples within inclusive bounds to the buffer, ascending. */
        public void decode(long minTimeMs, long maxTimeMs, SampleBuffer into) throws CorruptionException {
            HistogramReader.decode(encoding, padded, length, minTimeMs, maxTimeMs, into);
        }
    }

    static boolean isFloat(int encoding) {
        return encoding == FLOATS || encoding == FLOATS + STARTS;
    }

    static boolean hasStarts(int encoding) {
        return encoding >= INTEGERS + STARTS;
    }

    static int samples(int encoding, byte[] chunk) {
        int samples = XorChunk.samples(chunk);
        return hasStarts(encoding) ? samples & MAX_SAMPLES_WITH_STARTS : samples;
    }

    static boolean isGauge(int encoding, byte[] chunk) {
        return (chunk[hasStarts(encoding) ? 0 : 2] & FLAG_MASK) == FLAG_MASK;
    }
}
