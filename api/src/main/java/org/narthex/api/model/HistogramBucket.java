package org.narthex.api.model;

import java.util.ArrayList;
import java.util.List;

/**
 * One bucket of a native histogram.
 *
 * @param lower the lower bound; -Inf for the first custom bucket
 * @param upper the upper bound; +Inf for the last custom bucket
 * @param lowerInclusive whether observations equal to the lower bound belong to it
 * @param upperInclusive whether observations equal to the upper bound belong to it
 * @param count the observations in it
 */
public record HistogramBucket(
        double lower, double upper, boolean lowerInclusive, boolean upperInclusive, double count) {
    /** The coefficients of an approximation of exp. */
    private static final double[] EXP = {
        0.16666666666666666,
        -0.0027777777777015593,
        6.613756321437934e-05,
        -1.6533902205465252e-06,
        4.1381367970572385e-08
    };

    private static final double LN2_HIGH = 0.6931471803691238;
    private static final double LN2_LOW = 1.9082149292705877e-10;

    /** Upper bounds of the buckets between 0.5 and 1, by schema: each power of two is divided as that one is. */
    private static final double[][] FRACTIONS = fractions();

    private static final int OVERFLOW_EXPONENT = 1024;

    /** The buckets that hold observations, in ascending order; bounds that reach into the zero bucket end at its edge. */
    public static List<HistogramBucket> of(Histogram histogram) {
        List<HistogramBucket> buckets = new ArrayList<>();
        double edge = histogram.zeroThreshold();
        int[] negative = indices(histogram.negativeSpans(), histogram.negativeBuckets());
        for (int i = negative.length - 1; i >= 0; i--) {
            if (histogram.negative(i) != 0) {
                double lower = -upperBound(histogram, negative[i]);
                double upper = -upperBound(histogram, negative[i] - 1);
                buckets.add(
                        new HistogramBucket(lower, upper > -edge ? -edge : upper, true, false, histogram.negative(i)));
            }
        }
        if (histogram.zeroCount() > 0 && !histogram.hasCustomBuckets()) {
            buckets.add(new HistogramBucket(-edge, edge, true, true, histogram.zeroCount()));
        }
        int[] positive = indices(histogram.positiveSpans(), histogram.positiveBuckets());
        for (int i = 0; i < positive.length; i++) {
            if (histogram.positive(i) != 0) {
                double lower = upperBound(histogram, positive[i] - 1);
                double upper = upperBound(histogram, positive[i]);
                boolean custom = histogram.hasCustomBuckets();
                buckets.add(new HistogramBucket(
                        !custom && lower < edge ? edge : lower,
                        upper,
                        custom && positive[i] == 0,
                        true,
                        histogram.positive(i)));
            }
        }
        return buckets;
    }

    private static int[] indices(int[] spans, int buckets) {
        int[] indices = new int[buckets];
        int index = 0;
        int n = 0;
        for (int span = 0; span + 1 < spans.length; span += 2) {
            index += spans[span];
            for (int i = 0; i < spans[span + 1] && n < buckets; i++) {
                indices[n++] = index++;
            }
        }
        return indices;
    }

    private static double upperBound(Histogram histogram, int index) {
        return histogram.hasCustomBuckets()
                ? customBound(histogram.customBounds(), index)
                : upperBound(histogram.schema(), index);
    }

    /** The upper bound of the custom bucket; -Inf before the first, +Inf from the last on. */
    public static double customBound(double[] bounds, int index) {
        if (index < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return index < bounds.length ? bounds[index] : Double.POSITIVE_INFINITY;
    }

    /**
     * The upper bound of an exponential bucket on the positive side.
     *
     * @param schema {@link Histogram#MIN_SCHEMA} to {@link Histogram#MAX_SCHEMA}
     */
    public static double upperBound(int schema, int index) {
        if (schema < 0) {
            int exponent = index << -schema;
            // The bucket after this one is for infinite observations.
            return exponent == OVERFLOW_EXPONENT ? Double.MAX_VALUE : Math.scalb(1.0, exponent);
        }
        double fraction = FRACTIONS[schema][index & ((1 << schema) - 1)];
        int exponent = (index >> schema) + 1;
        if (fraction == 0.5 && exponent == OVERFLOW_EXPONENT + 1) {
            return Double.MAX_VALUE;
        }
        return Math.scalb(fraction, exponent);
    }

    /** As Prometheus' table was once generated, so that bounds are equal to the last digit. */
    private static double[][] fractions() {
        double[][] fractions = new double[Histogram.MAX_SCHEMA + 1][];
        for (int schema = 0; schema < fractions.length; schema++) {
            double[] bounds = new double[1 << schema];
            bounds[0] = 0.5;
            double factor = exp2(exp2(-schema));
            for (int i = 1; i < bounds.length; i++) {
                bounds[i] = i % 2 == 0 ? fractions[schema - 1][i / 2] : bounds[i - 1] * factor;
            }
            fractions[schema] = bounds;
        }
        return fractions;
    }

    /** Two to the power of x, with the rounding of Go's portable implementation (FreeBSD's {@code e_exp.c}). */
    private static double exp2(double x) {
        int k = (int) (x > 0 ? x + 0.5 : x - 0.5);
        double rest = x - k;
        double high = rest * LN2_HIGH;
        double low = -rest * LN2_LOW;
        double r = high - low;
        double t = r * r;
        double polynomial = 0;
        for (int i = EXP.length - 1; i >= 0; i--) {
            polynomial = EXP[i] + t * polynomial;
        }
        double c = r - t * polynomial;
        return Math.scalb(1 - ((low - (r * c) / (2 - c)) - high), k);
    }
}
