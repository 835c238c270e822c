package org.narthex.promql.histogram;

/**
 * Cuts off the observations above or below a bound. What a bucket keeps that the bound goes through is estimated, and with it the sum: from then on
 * observations are taken to be in the middle of what is left of their buckets. If nothing is cut off, the sum stays as it is.
 */
public final class Trim {
    private final FloatHistogram histogram;
    private final double bound;
    private final boolean keepsLower;
    private double count;
    private double sum;
    private boolean changed;

    private Trim(FloatHistogram histogram, double bound, boolean keepsLower) {
        this.histogram = histogram;
        this.bound = bound;
        this.keepsLower = keepsLower;
    }

    /** @param keepsLower whether what is below the bound stays, as with {@code </}, else what is above */
    public static FloatHistogram of(FloatHistogram histogram, double bound, boolean keepsLower) {
        return new Trim(histogram, bound, keepsLower).trimmed();
    }

    private FloatHistogram trimmed() {
        boolean custom = histogram.hasCustomBuckets();
        Side positive = histogram.positive();
        double[] positives = new double[positive.size()];
        for (int i = 0; i < positives.length; i++) {
            int index = positive.index(i);
            positives[i] = keep(histogram.upper(index - 1), histogram.upper(index), positive.count(i), custom);
        }
        Side negative = histogram.negative();
        double[] negatives = new double[negative.size()];
        for (int i = 0; i < negatives.length; i++) {
            int index = negative.index(i);
            negatives[i] = keep(-histogram.upper(index), -histogram.upper(index - 1), negative.count(i), false);
        }
        double zero = keepZero();
        if (!changed) {
            return histogram;
        }
        return histogram
                .with(zero, count, count == 0 ? 0 : sum, positive.withCounts(positives), negative.withCounts(negatives))
                .compact();
    }

    /** Where there are buckets on one side only, the zero bucket is taken to reach to that side. */
    private double keepZero() {
        double edge = histogram.zeroThreshold();
        boolean onlyPositive =
                histogram.negative().size() == 0 && histogram.positive().size() > 0;
        boolean onlyNegative =
                histogram.positive().size() == 0 && histogram.negative().size() > 0;
        return keep(onlyPositive ? 0 : -edge, onlyNegative ? 0 : edge, histogram.zeroCount(), true);
    }

    /** What stays of a bucket; adds it to count and sum. */
    private double keep(double lower, double upper, double inBucket, boolean evenly) {
        if (inBucket == 0) {
            return 0;
        }
        if (lower == Double.NEGATIVE_INFINITY || upper == Double.POSITIVE_INFINITY) {
            return keepOfInfinite(lower, upper, inBucket);
        }
        if (keepsLower ? upper <= bound : lower >= bound) {
            return kept(inBucket, lower, upper, evenly);
        }
        changed = true;
        if (keepsLower ? lower >= bound : upper <= bound) {
            return 0;
        }
        double below = inBucket * part(lower, upper, evenly);
        return keepsLower ? kept(below, lower, bound, evenly) : kept(inBucket - below, bound, upper, evenly);
    }

    private double kept(double amount, double lower, double upper, boolean evenly) {
        if (evenly) {
            return keptAt(amount, (lower + upper) / 2);
        }
        double middle = Math.sqrt(Math.abs(lower) * Math.abs(upper));
        return keptAt(amount, upper <= 0 ? -middle : middle);
    }

    private double keptAt(double amount, double value) {
        count += amount;
        sum += amount * value;
        return amount;
    }

    /** How much of the bucket lies below the bound, which goes through it. */
    private double part(double lower, double upper, boolean evenly) {
        if (evenly) {
            return (bound - lower) / (upper - lower);
        }
        double logLower = Estimates.log2(Math.abs(lower));
        double logUpper = Estimates.log2(Math.abs(upper));
        double logBound = Estimates.log2(Math.abs(bound));
        return bound > 0
                ? (logBound - logLower) / (logUpper - logLower)
                : 1 - (logBound - logUpper) / (logLower - logUpper);
    }

    /**
     * Nobody knows how far the observations of an unbounded bucket reach: they are taken to be at its finite bound, or at the bound of the trim if
     * that is farther out. Only a bucket from minus infinity to a positive bound is taken to start at zero, as with quantiles.
     */
    private double keepOfInfinite(double lower, double upper, double inBucket) {
        boolean everything = bound == (keepsLower ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
        boolean nothing = bound == (keepsLower ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        boolean unbounded = lower == Double.NEGATIVE_INFINITY && upper == Double.POSITIVE_INFINITY;
        if (everything) {
            count += inBucket;
            return inBucket;
        }
        if (nothing || unbounded) {
            changed = true;
            return 0;
        }
        if (upper == Double.POSITIVE_INFINITY) {
            if (keepsLower) {
                changed = true;
                return 0;
            }
            changed |= bound > lower;
            return keptAt(inBucket, Math.max(bound, lower));
        }
        if (upper > 0 && bound >= 0) {
            return keep(0, upper, inBucket, true);
        }
        boolean stays = keepsLower && upper <= 0;
        changed |= !stays || bound < upper;
        return stays ? keptAt(inBucket, Math.min(bound, upper)) : 0;
    }
}
