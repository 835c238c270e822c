package org.narthex.scrape.proto;

import java.util.Arrays;
import java.util.Optional;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.scrape.histogram.Resolution;
import org.narthex.scrape.text.PageFormatException;
import org.narthex.scrape.text.SeriesText;

/** One {@code io.prometheus.client.Histogram}: classic, native, or both. Used again and again. */
final class HistogramMessage {
    private long sampleCount;
    private double sampleCountFloat;
    private double sum;
    private int schema;
    private double zeroThreshold;
    private long zeroCount;
    private double zeroCountFloat;
    private long startMs;

    private int buckets;
    private double[] bounds = new double[16];
    private double[] cumulative = new double[16];
    private int[] exemplarFrom = new int[16];
    private int[] exemplarTo = new int[16];
    private final ProtoExemplars exemplars = new ProtoExemplars();

    private final Side positive = new Side();
    private final Side negative = new Side();

    /** Spans and counts of the native buckets on one side of 0. */
    private static final class Side {
        int[] spans = new int[16];
        int spanEnd;
        long[] deltas = new long[32];
        int deltaCount;
        double[] counts = new double[32];
        int countCount;

        void clear() {
            spanEnd = 0;
            deltaCount = 0;
            countCount = 0;
        }

        void span(ProtoReader in) throws PageFormatException {
            int outer = in.enter(in.length());
            int offset = 0;
            int length = 0;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> offset = (int) in.zigzag();
                    case 2 -> length = (int) in.number();
                    default -> in.skip();
                }
            }
            in.leave(outer);
            if (spanEnd == spans.length) {
                spans = Arrays.copyOf(spans, 2 * spanEnd);
            }
            spans[spanEnd++] = offset;
            spans[spanEnd++] = length;
        }

        void delta(ProtoReader in) throws PageFormatException {
            if (!in.isPacked()) {
                addDelta(in.zigzag());
                return;
            }
            int end = in.length();
            while (in.position() < end) {
                addDelta(in.zigzag());
            }
        }

        private void addDelta(long delta) {
            if (deltaCount == deltas.length) {
                deltas = Arrays.copyOf(deltas, 2 * deltaCount);
            }
            deltas[deltaCount++] = delta;
        }

        void count(ProtoReader in) throws PageFormatException {
            if (!in.isPacked()) {
                addCount(in.real());
                return;
            }
            int end = in.length();
            while (in.position() < end) {
                addCount(in.fixed64());
            }
        }

        private void addCount(double count) {
            if (countCount == counts.length) {
                counts = Arrays.copyOf(counts, 2 * countCount);
            }
            counts[countCount++] = count;
        }

        int[] spans() {
            return Arrays.copyOf(spans, spanEnd);
        }

        long[] whole() {
            long[] whole = new long[deltaCount];
            long count = 0;
            for (int i = 0; i < deltaCount; i++) {
                count += deltas[i];
                whole[i] = count;
            }
            return whole;
        }

        double[] real() {
            return Arrays.copyOf(counts, countCount);
        }
    }

    void read(ProtoReader in) throws PageFormatException {
        while (in.next()) {
            switch (in.field()) {
                case 1 -> sampleCount = in.number();
                case 2 -> sum = in.real();
                case 3 -> bucket(in);
                case 4 -> sampleCountFloat = in.real();
                case 5 -> schema = (int) in.zigzag();
                case 6 -> zeroThreshold = in.real();
                case 7 -> zeroCount = in.number();
                case 8 -> zeroCountFloat = in.real();
                case 9 -> negative.span(in);
                case 10 -> negative.delta(in);
                case 11 -> negative.count(in);
                case 12 -> positive.span(in);
                case 13 -> positive.delta(in);
                case 14 -> positive.count(in);
                case 15 -> startMs = ProtoExemplars.timestampMs(in, in.length());
                case 16 -> {
                    int to = in.length();
                    exemplars.add(in.position(), to);
                    in.position(to);
                }
                default -> in.skip();
            }
        }
    }

    void clear() {
        sampleCount = 0;
        sampleCountFloat = 0;
        sum = 0;
        schema = 0;
        zeroThreshold = 0;
        zeroCount = 0;
        zeroCountFloat = 0;
        startMs = 0;
        buckets = 0;
        exemplars.clear();
        positive.clear();
        negative.clear();
    }

    private void bucket(ProtoReader in) throws PageFormatException {
        if (buckets == bounds.length) {
            bounds = Arrays.copyOf(bounds, 2 * buckets);
            cumulative = Arrays.copyOf(cumulative, 2 * buckets);
            exemplarFrom = Arrays.copyOf(exemplarFrom, 2 * buckets);
            exemplarTo = Arrays.copyOf(exemplarTo, 2 * buckets);
        }
        int outer = in.enter(in.length());
        long count = 0;
        double countFloat = 0;
        double bound = 0;
        exemplarTo[buckets] = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> count = in.number();
                case 2 -> bound = in.real();
                case 3 -> {
                    int to = in.length();
                    exemplarFrom[buckets] = in.position();
                    exemplarTo[buckets] = to;
                    in.position(to);
                }
                case 4 -> countFloat = in.real();
                default -> in.skip();
            }
        }
        in.leave(outer);
        bounds[buckets] = bound;
        cumulative[buckets++] = countFloat != 0 ? countFloat : unsigned(count);
    }

    static double unsigned(long value) {
        return value >= 0 ? (double) value : ((value >>> 1) | (value & 1)) * 2.0;
    }

    /** A histogram without any observation may be either; a no-op span says that it is native. */
    boolean isNative() {
        return positive.spanEnd > 0 || negative.spanEnd > 0 || zeroThreshold > 0 || zeroCount != 0;
    }

    double count() {
        return sampleCountFloat != 0 ? sampleCountFloat : unsigned(sampleCount);
    }

    double sum() {
        return sum;
    }

    long startMs() {
        return startMs;
    }

    int buckets() {
        return buckets;
    }

    boolean endsWithInfinity() {
        return buckets > 0 && bounds[buckets - 1] == Double.POSITIVE_INFINITY;
    }

    /** The bound of a bucket; beyond those that are there, +Inf. */
    double bound(int i) {
        return i < buckets ? bounds[i] : Double.POSITIVE_INFINITY;
    }

    double cumulative(int i) {
        return i < buckets ? cumulative[i] : count();
    }

    void bucketExemplar(int i, ProtoExemplars into) {
        if (i < buckets && exemplarTo[i] > 0) {
            into.add(exemplarFrom[i], exemplarTo[i]);
        }
    }

    /** Those of the native histogram; if it has none, those of the classic buckets. */
    void nativeExemplars(ProtoExemplars into) {
        if (exemplars.size() > 0) {
            into.addAll(exemplars);
            return;
        }
        for (int i = 0; i < buckets; i++) {
            bucketExemplar(i, into);
        }
    }

    /** @throws PageFormatException the buckets do not fit the spans, or the counts each other */
    Histogram toHistogram(boolean gauge) throws PageFormatException {
        double total = Double.isNaN(sum) ? SeriesText.NAN : sum;
        ResetHint hint = gauge ? ResetHint.GAUGE : ResetHint.UNKNOWN;
        Histogram read = sampleCountFloat > 0 || zeroCountFloat > 0
                ? Histogram.ofFloats(
                        hint,
                        schema,
                        zeroThreshold,
                        zeroCountFloat,
                        sampleCountFloat,
                        total,
                        positive.spans(),
                        positive.real(),
                        negative.spans(),
                        negative.real(),
                        new double[0])
                : Histogram.ofIntegers(
                        hint,
                        schema,
                        zeroThreshold,
                        zeroCount,
                        sampleCount,
                        total,
                        positive.spans(),
                        positive.whole(),
                        negative.spans(),
                        negative.whole(),
                        new double[0]);
        Optional<String> problem = read.problem();
        if (problem.isPresent()) {
            throw new PageFormatException("invalid histogram: " + problem.get());
        }
        return Resolution.compact(Resolution.reduce(read, Histogram.MAX_SCHEMA), 0);
    }
}
