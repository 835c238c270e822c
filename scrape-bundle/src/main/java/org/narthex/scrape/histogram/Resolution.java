package org.narthex.scrape.histogram;

import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;

import org.narthex.api.model.Histogram;

/** Makes native histograms smaller: coarser, or without empty buckets. After {@code model/histogram} of Prometheus. */
public final class Resolution {
    private Resolution() {}

    /** The same without empty buckets, but for gaps of at most so many between others, which are cheaper than a span. */
    public static Histogram compact(Histogram histogram, int maxEmpty) {
        return rebuilt(
                histogram,
                histogram.schema(),
                compact(histogram, histogram.positiveSpans(), true, maxEmpty),
                compact(histogram, histogram.negativeSpans(), false, maxEmpty));
    }

    private static Buckets compact(Histogram histogram, int[] spans, boolean positive, int maxEmpty) {
        Buckets out = new Buckets();
        visit(histogram, spans, positive, (index, bits) -> {
            // The bits of 0 and -0 as a double are 0 but for the sign, and a count of 0 is 0 in either form.
            if (bits << 1 == 0) {
                return;
            }
            if (out.size() > 0 && index - out.next() <= maxEmpty) {
                while (out.next() < index) {
                    out.add(out.next(), 0);
                }
            }
            out.add(index, bits);
        });
        return out;
    }

    /**
     * The same in a coarser schema, whose buckets are unions of the present ones.
     *
     * @param schema not above that of the histogram, which is exponential
     */
    public static Histogram reduce(Histogram histogram, int schema) {
        int steps = histogram.schema() - schema;
        if (steps <= 0) {
            return histogram;
        }
        IntUnaryOperator target = index -> ((index - 1) >> steps) + 1;
        LongBinaryOperator sum = histogram.isFloat()
                ? (a, b) -> Double.doubleToRawLongBits(Double.longBitsToDouble(a) + Double.longBitsToDouble(b))
                : Long::sum;
        return rebuilt(
                histogram,
                schema,
                merge(histogram, histogram.positiveSpans(), true, target, sum),
                merge(histogram, histogram.negativeSpans(), false, target, sum));
    }

    private static Buckets merge(
            Histogram histogram, int[] spans, boolean positive, IntUnaryOperator target, LongBinaryOperator sum) {
        Buckets out = new Buckets();
        visit(histogram, spans, positive, (index, bits) -> {
            int to = target.applyAsInt(index);
            if (out.size() > 0 && to < out.next()) {
                out.last(sum.applyAsLong(out.last(), bits));
            } else {
                out.add(to, bits);
            }
        });
        return out;
    }

    /** The histogram made so coarse that it has no more buckets than that; empty if it cannot be. */
    public static Optional<Histogram> fit(Histogram histogram, long maxBuckets) {
        Histogram fitting = histogram;
        while (fitting.positiveBuckets() + fitting.negativeBuckets() > maxBuckets) {
            if (fitting.hasCustomBuckets() || fitting.schema() <= Histogram.MIN_SCHEMA) {
                return Optional.empty();
            }
            fitting = reduce(fitting, fitting.schema() - 1);
        }
        return Optional.of(fitting);
    }

    /** The finest schema whose buckets grow by at least the factor. */
    public static int schemaOf(double minBucketFactor) {
        // What the finest schema has is told apart from less only up to rounding.
        double factor = Math.max(minBucketFactor, 1.00271);
        double schema = Math.floor(-log2(log2(factor)));
        return (int) Math.max(Histogram.MIN_SCHEMA, Math.min(Histogram.MAX_SCHEMA, schema));
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    private interface Visitor {
        void bucket(int index, long bits);
    }

    private static void visit(Histogram histogram, int[] spans, boolean positive, Visitor visitor) {
        int index = 0;
        int bucket = 0;
        for (int span = 0; span < spans.length; span += 2) {
            index += spans[span];
            for (int i = 0; i < spans[span + 1]; i++) {
                visitor.bucket(index++, positive ? histogram.positiveBits(bucket++) : histogram.negativeBits(bucket++));
            }
        }
    }

    private static Histogram rebuilt(Histogram h, int schema, Buckets positive, Buckets negative) {
        return h.isFloat()
                ? Histogram.ofFloats(
                        h.resetHint(),
                        schema,
                        h.zeroThreshold(),
                        h.zeroCount(),
                        h.count(),
                        h.sum(),
                        positive.spans(),
                        positive.real(),
                        negative.spans(),
                        negative.real(),
                        h.customBounds())
                : Histogram.ofIntegers(
                        h.resetHint(),
                        schema,
                        h.zeroThreshold(),
                        h.zeroCountBits(),
                        h.countBits(),
                        h.sum(),
                        positive.spans(),
                        positive.whole(),
                        negative.spans(),
                        negative.whole(),
                        h.customBounds());
    }
}
