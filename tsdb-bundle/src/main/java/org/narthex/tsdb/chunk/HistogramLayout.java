package org.narthex.tsdb.chunk;

import java.util.Arrays;

import org.narthex.api.model.Histogram;
import org.narthex.tsdb.encoding.CorruptionException;

/**
 * What all histograms of a chunk have in common, at its beginning.
 *
 * <pre>
 * zero threshold   byte 0 = 0 | 1 to 254 = 2^(byte - 244) | 255 + 64 bits
 * schema           varbit int
 * positive spans   varbit uint count, { varbit uint length, varbit int offset }
 * negative spans   the same
 * custom bounds    of schema -53 only: varbit uint count, { varbit uint 1000 * bound + 1 | bit 0 + 64 bits }
 * </pre>
 *
 * @param positiveSpans as {@link Histogram#positiveSpans()}
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record HistogramLayout(
        int schema, double zeroThreshold, int[] positiveSpans, int[] negativeSpans, double[] customBounds) {
    private static final int FINEST_SCHEMA = 52;

    private static final int THRESHOLD_BIAS = 244;
    private static final int THRESHOLD_IN_FULL = 255;

    /** Bounds in thousandths up to here fit into 25 bits. */
    private static final double MAX_THOUSANDTHS = (1 << 25) - 2;

    private static final double[] NO_BOUNDS = {};

    static HistogramLayout of(Histogram histogram) {
        return new HistogramLayout(
                histogram.schema(),
                histogram.zeroThreshold(),
                histogram.positiveSpans(),
                histogram.negativeSpans(),
                histogram.customBounds());
    }

    /** Whether a histogram has the same buckets of the same widths, spans told the same way. */
    boolean isOf(Histogram histogram) {
        return Arrays.equals(positiveSpans, histogram.positiveSpans())
                && Arrays.equals(negativeSpans, histogram.negativeSpans());
    }

    void write(BitSink sink) {
        writeThreshold(sink);
        Varbit.writeInt(schema, sink);
        writeSpans(positiveSpans, sink);
        writeSpans(negativeSpans, sink);
        if (schema == Histogram.CUSTOM_BUCKETS) {
            Varbit.writeUint(customBounds.length, sink);
            for (double bound : customBounds) {
                writeBound(bound, sink);
            }
        }
    }

    private void writeThreshold(BitSink sink) {
        int exponent = Math.getExponent(zeroThreshold);
        boolean powerOfTwo =
                Double.doubleToRawLongBits(zeroThreshold) == Double.doubleToRawLongBits(Math.scalb(1.0, exponent));
        if (zeroThreshold == 0) {
            sink.bits(0, 8);
        } else if (powerOfTwo && exponent + THRESHOLD_BIAS > 0 && exponent + THRESHOLD_BIAS < THRESHOLD_IN_FULL) {
            sink.bits(exponent + THRESHOLD_BIAS, 8);
        } else {
            sink.bits(THRESHOLD_IN_FULL, 8);
            sink.bits(Double.doubleToRawLongBits(zeroThreshold), 64);
        }
    }

    private static void writeSpans(int[] spans, BitSink sink) {
        Varbit.writeUint(spans.length / 2, sink);
        for (int i = 0; i < spans.length; i += 2) {
            Varbit.writeUint(spans[i + 1], sink);
            Varbit.writeInt(spans[i], sink);
        }
    }

    private static void writeBound(double bound, BitSink sink) {
        double thousandths = bound * 1000;
        long rounded = Math.round(thousandths);
        // Not -0: as a number of thousandths it would come back as 0.
        if (thousandths >= 0
                && thousandths <= MAX_THOUSANDTHS
                && Double.doubleToRawLongBits(rounded / 1000.0) == Double.doubleToRawLongBits(bound)) {
            Varbit.writeUint(rounded + 1, sink);
        } else {
            sink.bits(0, 1);
            sink.bits(Double.doubleToRawLongBits(bound), 64);
        }
    }

    /** @throws CorruptionException with an offset within the chunk, also if there are more buckets than the chunk has bits for */
    static HistogramLayout read(BitReader in, String chunk, int samples, int bitsPerBucket) throws CorruptionException {
        int threshold = (int) in.bits(8);
        double zeroThreshold = threshold == 0
                ? 0
                : threshold == THRESHOLD_IN_FULL
                        ? Double.longBitsToDouble(in.bits(64))
                        : Math.scalb(1.0, threshold - THRESHOLD_BIAS);
        long schema = in.varbitInt();
        if (schema != Histogram.CUSTOM_BUCKETS && (schema < Histogram.MIN_SCHEMA || schema > FINEST_SCHEMA)) {
            throw new CorruptionException(chunk, in.position() / 8, "unknown schema " + schema);
        }
        int[] positive = readSpans(in, chunk, samples);
        int[] negative = readSpans(in, chunk, samples);
        double[] bounds = schema == Histogram.CUSTOM_BUCKETS ? readBounds(in, chunk, samples) : NO_BOUNDS;
        long buckets = (long) BucketMerge.count(positive) + BucketMerge.count(negative);
        if (buckets > Math.max(0, in.left()) / bitsPerBucket) {
            throw new CorruptionException(chunk, in.position() / 8, buckets + " buckets in " + in.left() + " bits");
        }
        return new HistogramLayout((int) schema, zeroThreshold, positive, negative, bounds);
    }

    private static int[] readSpans(BitReader in, String chunk, int samples) throws CorruptionException {
        int count = count(in, chunk, samples, 2, "spans");
        int[] spans = new int[2 * count];
        long buckets = 0;
        for (int i = 0; i < count; i++) {
            long length = in.varbitUint();
            long offset = in.varbitInt();
            in.check(chunk, 0, samples);
            if (length < 0 || length > Integer.MAX_VALUE || (buckets += length) > Math.max(0, in.left())) {
                throw new CorruptionException(
                        chunk,
                        in.position() / 8,
                        "a span of " + Long.toUnsignedString(length) + " buckets in " + in.left() + " bits");
            }
            if (offset != (int) offset || (i > 0 && offset < 0)) {
                throw new CorruptionException(
                        chunk, in.position() / 8, "span " + (i + 1) + " has the offset " + offset);
            }
            spans[2 * i] = (int) offset;
            spans[2 * i + 1] = (int) length;
        }
        return spans;
    }

    private static double[] readBounds(BitReader in, String chunk, int samples) throws CorruptionException {
        double[] bounds = new double[count(in, chunk, samples, 5, "custom bounds")];
        for (int i = 0; i < bounds.length; i++) {
            long thousandths = in.varbitUint();
            bounds[i] = thousandths == 0 ? Double.longBitsToDouble(in.bits(64)) : (thousandths - 1) / 1000.0;
            in.check(chunk, 0, samples);
        }
        return bounds;
    }

    private static int count(BitReader in, String chunk, int samples, int bitsEach, String what)
            throws CorruptionException {
        in.check(chunk, 0, samples);
        long count = in.varbitUint();
        if (count < 0 || count > Math.max(0, in.left()) / bitsEach) {
            throw new CorruptionException(
                    chunk, in.position() / 8, Long.toUnsignedString(count) + " " + what + " in " + in.left() + " bits");
        }
        return (int) count;
    }
}
