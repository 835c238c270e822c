package org.narthex.tsdb.wal;

import java.util.List;

import org.narthex.api.model.Histogram;
import org.narthex.tsdb.encoding.CorruptionException;
import org.narthex.tsdb.encoding.Decbuf;
import org.narthex.tsdb.encoding.Encbuf;

/**
 * A histogram within a record, after {@code EncodeHistogram} of {@code tsdb/record}:
 *
 * <pre>
 * byte hint (0 unknown, 1 reset, 2 not reset, 3 gauge), varint schema, be64 zero threshold, zero count, count, be64 sum
 * uvarint positive spans, { varint offset, uvarint length }, the same for negative ones
 * uvarint positive buckets, { bucket }, the same for negative ones
 * only for custom buckets: uvarint bounds, { be64 bound }
 * </pre>
 *
 * <p>In whole numbers, counts are uvarints and a bucket is the varint difference to the bucket before; in floating-point numbers, all are be64 and
 * absolute.
 */
final class HistogramBody {
    /** By their numbers on disk. */
    private static final List<Histogram.ResetHint> HINTS = List.of(
            Histogram.ResetHint.UNKNOWN,
            Histogram.ResetHint.RESET,
            Histogram.ResetHint.NOT_RESET,
            Histogram.ResetHint.GAUGE);

    private HistogramBody() {}

    static void encode(Encbuf out, Histogram histogram) {
        boolean isFloat = histogram.isFloat();
        out.u8(HINTS.indexOf(histogram.resetHint()));
        out.varint(histogram.schema());
        out.be64(Double.doubleToRawLongBits(histogram.zeroThreshold()));
        count(out, isFloat, histogram.zeroCountBits());
        count(out, isFloat, histogram.countBits());
        out.be64(Double.doubleToRawLongBits(histogram.sum()));
        spans(out, histogram.positiveSpans());
        spans(out, histogram.negativeSpans());
        out.uvarint(histogram.positiveBuckets());
        long before = 0;
        for (int i = 0; i < histogram.positiveBuckets(); i++) {
            long bits = histogram.positiveBits(i);
            bucket(out, isFloat, bits, before);
            before = bits;
        }
        out.uvarint(histogram.negativeBuckets());
        before = 0;
        for (int i = 0; i < histogram.negativeBuckets(); i++) {
            long bits = histogram.negativeBits(i);
            bucket(out, isFloat, bits, before);
            before = bits;
        }
        if (histogram.hasCustomBuckets()) {
            out.uvarint(histogram.customBounds().length);
            for (double bound : histogram.customBounds()) {
                out.be64(Double.doubleToRawLongBits(bound));
            }
        }
    }

    private static void count(Encbuf out, boolean isFloat, long bits) {
        if (isFloat) {
            out.be64(bits);
        } else {
            out.uvarint(bits);
        }
    }

    private static void bucket(Encbuf out, boolean isFloat, long bits, long before) {
        if (isFloat) {
            out.be64(bits);
        } else {
            out.varint(bits - before);
        }
    }

    private static void spans(Encbuf out, int[] spans) {
        out.uvarint(spans.length / 2);
        for (int i = 0; i < spans.length; i += 2) {
            out.varint(spans[i]);
            out.uvarint(Integer.toUnsignedLong(spans[i + 1]));
        }
    }

    /** @throws CorruptionException also if spans and buckets do not go together */
    static Histogram decode(Decbuf in, boolean isFloat) throws CorruptionException {
        int hint = in.u8();
        if (hint >= HINTS.size()) {
            throw in.corrupt("a histogram with the unknown reset hint " + hint);
        }
        int schema = narrow(in, in.varint());
        double zeroThreshold = Double.longBitsToDouble(in.be64());
        long zeroCount = isFloat ? in.be64() : in.uvarint();
        long count = isFloat ? in.be64() : in.uvarint();
        double sum = Double.longBitsToDouble(in.be64());
        int[] positiveSpans = spans(in);
        int[] negativeSpans = spans(in);
        if (isFloat) {
            double[] positive = doubles(in);
            double[] negative = doubles(in);
            expect(in, positiveSpans, positive.length);
            expect(in, negativeSpans, negative.length);
            return Histogram.ofFloats(
                    HINTS.get(hint),
                    schema,
                    zeroThreshold,
                    Double.longBitsToDouble(zeroCount),
                    Double.longBitsToDouble(count),
                    sum,
                    positiveSpans,
                    positive,
                    negativeSpans,
                    negative,
                    bounds(in, schema));
        }
        long[] positive = deltas(in);
        long[] negative = deltas(in);
        expect(in, positiveSpans, positive.length);
        expect(in, negativeSpans, negative.length);
        return Histogram.ofIntegers(
                HINTS.get(hint),
                schema,
                zeroThreshold,
                zeroCount,
                count,
                sum,
                positiveSpans,
                positive,
                negativeSpans,
                negative,
                bounds(in, schema));
    }

    private static int narrow(Decbuf in, long value) throws CorruptionException {
        if (value != (int) value) {
            throw in.corrupt("a histogram with the number " + value + ", which is beyond 32 bits");
        }
        return (int) value;
    }

    /** Reads how many entries follow, none of which takes fewer bytes than given: a lie costs no memory. */
    private static int entries(Decbuf in, int leastBytes) throws CorruptionException {
        int count = in.size();
        if (count > in.remaining() / leastBytes) {
            throw in.corrupt(count + " entries do not fit into " + in.remaining() + " bytes");
        }
        return count;
    }

    private static int[] spans(Decbuf in) throws CorruptionException {
        int[] spans = new int[2 * entries(in, 2)];
        for (int i = 0; i < spans.length; i += 2) {
            spans[i] = narrow(in, in.varint());
            spans[i + 1] = in.size();
        }
        return spans;
    }

    private static void expect(Decbuf in, int[] spans, int buckets) throws CorruptionException {
        long needed = 0;
        for (int i = 1; i < spans.length; i += 2) {
            needed += spans[i];
        }
        if (needed != buckets) {
            throw in.corrupt("a histogram whose spans need " + needed + " buckets and that has " + buckets);
        }
    }

    private static long[] deltas(Decbuf in) throws CorruptionException {
        long[] counts = new long[entries(in, 1)];
        long before = 0;
        for (int i = 0; i < counts.length; i++) {
            before += in.varint();
            counts[i] = before;
        }
        return counts;
    }

    private static double[] doubles(Decbuf in) throws CorruptionException {
        double[] values = new double[entries(in, 8)];
        for (int i = 0; i < values.length; i++) {
            values[i] = Double.longBitsToDouble(in.be64());
        }
        return values;
    }

    private static double[] bounds(Decbuf in, int schema) throws CorruptionException {
        return schema == Histogram.CUSTOM_BUCKETS ? doubles(in) : new double[0];
    }
}
