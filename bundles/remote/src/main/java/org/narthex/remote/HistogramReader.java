package org.narthex.remote;

import java.util.Arrays;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;

/** Reads the {@code Histogram} message, which both versions of the protocol share. Used again and again; not thread-safe. */
final class HistogramReader {
    private static final ResetHint[] HINTS = {ResetHint.UNKNOWN, ResetHint.RESET, ResetHint.NOT_RESET, ResetHint.GAUGE};

    private final Numbers negativeSpans = new Numbers();
    private final Numbers negativeDeltas = new Numbers();
    private final Numbers negativeCounts = new Numbers();
    private final Numbers positiveSpans = new Numbers();
    private final Numbers positiveDeltas = new Numbers();
    private final Numbers positiveCounts = new Numbers();
    private final Numbers customBounds = new Numbers();
    private boolean isFloat;
    private long count;
    private long zeroCount;
    private boolean zeroIsFloat;
    private double sum;
    private int schema;
    private double zeroThreshold;
    private ResetHint hint = ResetHint.UNKNOWN;
    private long timestampMs;
    private long startMs;

    /** A growing list. */
    private static final class Numbers {
        private long[] values = new long[16];
        private int size;

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
            }
            values[size++] = value;
        }

        int[] ints() {
            int[] ints = new int[size];
            for (int i = 0; i < size; i++) {
                ints[i] = (int) values[i];
            }
            return ints;
        }

        /** The values as differences, each to the one before. */
        long[] summed() {
            long[] sums = new long[size];
            long sum = 0;
            for (int i = 0; i < size; i++) {
                sum += values[i];
                sums[i] = sum;
            }
            return sums;
        }

        double[] doubles() {
            double[] doubles = new double[size];
            for (int i = 0; i < size; i++) {
                doubles[i] = Double.longBitsToDouble(values[i]);
            }
            return doubles;
        }
    }

    /** Milliseconds since the epoch, of the histogram read last. */
    long timestampMs() {
        return timestampMs;
    }

    /** Since when the histogram read last has been counting, in milliseconds since the epoch; 0 for unknown. */
    long startMs() {
        return startMs;
    }

    Histogram read(Wire wire, int end) throws BadRequestException {
        clear();
        while (wire.pos < end) {
            int tag = wire.tag();
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> count(wire.varint(), false);
                case 2 << 3 | Wire.FIXED64 -> count(wire.fixed64(), true);
                case 3 << 3 | Wire.FIXED64 -> sum = wire.float64();
                case 4 << 3 | Wire.VARINT -> schema = (int) wire.zigzag();
                case 5 << 3 | Wire.FIXED64 -> zeroThreshold = wire.float64();
                case 6 << 3 | Wire.VARINT -> zeroCount(wire.varint(), false);
                case 7 << 3 | Wire.FIXED64 -> zeroCount(wire.fixed64(), true);
                case 8 << 3 | Wire.LENGTH -> span(wire, end, negativeSpans);
                case 9 << 3 | Wire.LENGTH -> deltas(wire, end, negativeDeltas);
                case 9 << 3 | Wire.VARINT -> negativeDeltas.add(wire.zigzag());
                case 10 << 3 | Wire.LENGTH -> doubles(wire, end, negativeCounts);
                case 10 << 3 | Wire.FIXED64 -> negativeCounts.add(wire.fixed64());
                case 11 << 3 | Wire.LENGTH -> span(wire, end, positiveSpans);
                case 12 << 3 | Wire.LENGTH -> deltas(wire, end, positiveDeltas);
                case 12 << 3 | Wire.VARINT -> positiveDeltas.add(wire.zigzag());
                case 13 << 3 | Wire.LENGTH -> doubles(wire, end, positiveCounts);
                case 13 << 3 | Wire.FIXED64 -> positiveCounts.add(wire.fixed64());
                case 14 << 3 | Wire.VARINT -> hint = HINTS[(int) wire.varint() & 3];
                case 15 << 3 | Wire.VARINT -> timestampMs = wire.varint();
                case 16 << 3 | Wire.LENGTH -> doubles(wire, end, customBounds);
                case 16 << 3 | Wire.FIXED64 -> customBounds.add(wire.fixed64());
                case 17 << 3 | Wire.VARINT -> startMs = wire.varint();
                default -> wire.skip(tag, end);
            }
        }
        wire.atEnd(end);
        return histogram();
    }

    private void clear() {
        for (Numbers numbers : new Numbers[] {
            negativeSpans, negativeDeltas, negativeCounts, positiveSpans, positiveDeltas, positiveCounts, customBounds
        }) {
            numbers.size = 0;
        }
        isFloat = false;
        zeroIsFloat = false;
        count = 0;
        zeroCount = 0;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        hint = ResetHint.UNKNOWN;
        timestampMs = 0;
        startMs = 0;
    }

    private void count(long bits, boolean floating) {
        count = bits;
        isFloat = floating;
    }

    private void zeroCount(long bits, boolean floating) {
        zeroCount = bits;
        zeroIsFloat = floating;
    }

    private static void span(Wire wire, int outerEnd, Numbers into) throws BadRequestException {
        int end = wire.messageEnd(outerEnd);
        long offset = 0;
        long length = 0;
        while (wire.pos < end) {
            int tag = wire.tag();
            switch (tag) {
                case 1 << 3 | Wire.VARINT -> offset = wire.zigzag();
                case 2 << 3 | Wire.VARINT -> length = wire.varint();
                default -> wire.skip(tag, end);
            }
        }
        wire.atEnd(end);
        into.add(offset);
        into.add(length);
    }

    private static void deltas(Wire wire, int outerEnd, Numbers into) throws BadRequestException {
        int end = wire.messageEnd(outerEnd);
        while (wire.pos < end) {
            into.add(wire.zigzag());
        }
        wire.atEnd(end);
    }

    private static void doubles(Wire wire, int outerEnd, Numbers into) throws BadRequestException {
        int end = wire.messageEnd(outerEnd);
        while (wire.pos < end) {
            into.add(wire.fixed64());
        }
        wire.atEnd(end);
    }

    private Histogram histogram() {
        if (isFloat) {
            return Histogram.ofFloats(
                    hint,
                    schema,
                    zeroThreshold,
                    zeroIsFloat || zeroCount == 0 ? Double.longBitsToDouble(zeroCount) : zeroCount,
                    Double.longBitsToDouble(count),
                    sum,
                    positiveSpans.ints(),
                    positiveCounts.doubles(),
                    negativeSpans.ints(),
                    negativeCounts.doubles(),
                    customBounds.doubles());
        }
        return Histogram.ofIntegers(
                hint,
                schema,
                zeroThreshold,
                zeroIsFloat ? (long) Double.longBitsToDouble(zeroCount) : zeroCount,
                count,
                sum,
                positiveSpans.ints(),
                positiveDeltas.summed(),
                negativeSpans.ints(),
                negativeDeltas.summed(),
                customBounds.doubles());
    }
}
