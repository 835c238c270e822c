package org.narthex.tsdb.chunk;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

/** Reads the samples of a chunk of histograms, as {@link HistogramChunk} describes it. */
final class HistogramReader {
    private final boolean isFloat;
    private final String name;
    private final BitReader in;
    private final int samples;
    private final boolean isGauge;
    private final StartTimes starts = new StartTimes();
    private final boolean hasStarts;

    private HistogramLayout layout;
    private ReadBuckets positive;
    private ReadBuckets negative;
    /** Of whole numbers the sum alone; else count, zero count and sum, and the buckets. */
    private XorFields fields;

    private long count;
    private long zeroCount;
    private long countDelta;
    private long zeroCountDelta;
    private long timestampMs;
    private long deltaMs;

    private HistogramReader(int encoding, byte[] chunk, int length) {
        isFloat = HistogramChunk.isFloat(encoding);
        name = isFloat ? "float histogram chunk" : "histogram chunk";
        in = new BitReader(chunk, HistogramChunk.HEADER_BYTES, length);
        samples = HistogramChunk.samples(encoding, chunk);
        isGauge = HistogramChunk.isGauge(encoding, chunk);
        hasStarts = HistogramChunk.hasStarts(encoding);
        starts.begin(hasStarts ? chunk[2] & 0xff : 0);
    }

    /**
     * Decodes samples within inclusive bounds and appends them to the buffer.
     *
     * @param chunk from {@link XorChunk#padded}, at least its header
     * @throws CorruptionException with an offset within the chunk
     */
    static void decode(int encoding, byte[] chunk, int length, long minTimeMs, long maxTimeMs, SampleBuffer into)
            throws CorruptionException {
        new HistogramReader(encoding, chunk, length).decode(minTimeMs, maxTimeMs, into);
    }

    private void decode(long minTimeMs, long maxTimeMs, SampleBuffer into) throws CorruptionException {
        for (int i = 0; i < samples; i++) {
            long previous = timestampMs;
            boolean stale = i == 0 ? first() : next(i);
            long start = starts.read(i, timestampMs, previous, in);
            in.check(name, i, samples);
            if (timestampMs > maxTimeMs) {
                return;
            }
            if (timestampMs >= minTimeMs) {
                into.add(timestampMs, stale ? Histogram.stale(isFloat) : histogram(hint(i)));
                if (hasStarts) {
                    into.startTimestampMs(into.size() - 1, start);
                }
            }
        }
    }

    /**
     * Within a chunk there are no resets. Of the first sample nothing is said even if the chunk has been begun because of one: what stood before may be
     * gone, or other samples may have come in between.
     */
    private ResetHint hint(int sample) {
        return isGauge ? ResetHint.GAUGE : sample > 0 ? ResetHint.NOT_RESET : ResetHint.UNKNOWN;
    }

    private boolean first() throws CorruptionException {
        layout = HistogramLayout.read(in, name, samples, isFloat ? 64 : 1);
        positive = new ReadBuckets(layout.positiveSpans(), layout.schema(), isFloat);
        negative = new ReadBuckets(layout.negativeSpans(), layout.schema(), isFloat);
        fields = new XorFields(isFloat ? 3 + positive.length() + negative.length() : 1);
        timestampMs = in.varbitInt();
        in.check(name, 0, samples);
        if (isFloat) {
            for (int i = 0; i < 3 + positive.length() + negative.length(); i++) {
                fields.readFirst(i, in);
                in.check(name, 0, samples);
            }
        } else {
            count = in.varbitUint();
            zeroCount = in.varbitUint();
            in.check(name, 0, samples);
            fields.readFirst(0, in);
            positive.readFirst(in, name, samples);
            negative.readFirst(in, name, samples);
        }
        return isStale();
    }

    private boolean next(int sample) throws CorruptionException {
        deltaMs += in.varbitInt();
        timestampMs += deltaMs;
        if (isFloat) {
            int buckets = positive.length() + negative.length();
            for (int i = 0; i < 3 + buckets; i++) {
                if (i == 3 && isStale()) {
                    return true;
                }
                fields.read(i, in, name);
                in.check(name, sample, samples);
            }
            return isStale();
        }
        countDelta += in.varbitInt();
        count += countDelta;
        in.check(name, sample, samples);
        zeroCountDelta += in.varbitInt();
        zeroCount += zeroCountDelta;
        fields.read(0, in, name);
        if (isStale()) {
            return true;
        }
        positive.readNext(in, name, sample, samples);
        negative.readNext(in, name, sample, samples);
        return false;
    }

    private long sumBits() {
        return fields.bits(isFloat ? 2 : 0);
    }

    private boolean isStale() {
        return sumBits() == StaleNaN.BITS;
    }

    private Histogram histogram(ResetHint hint) {
        double sum = Double.longBitsToDouble(sumBits());
        int schema = Math.min(layout.schema(), Histogram.MAX_SCHEMA);
        return isFloat
                ? Histogram.ofFloats(
                        hint,
                        schema,
                        layout.zeroThreshold(),
                        Double.longBitsToDouble(fields.bits(1)),
                        Double.longBitsToDouble(fields.bits(0)),
                        sum,
                        positive.spans(),
                        positive.floats(fields, 3),
                        negative.spans(),
                        negative.floats(fields, 3 + positive.length()),
                        layout.customBounds())
                : Histogram.ofIntegers(
                        hint,
                        schema,
                        layout.zeroThreshold(),
                        zeroCount,
                        count,
                        sum,
                        positive.spans(),
                        positive.integers(),
                        negative.spans(),
                        negative.integers(),
                        layout.customBounds());
    }
}
