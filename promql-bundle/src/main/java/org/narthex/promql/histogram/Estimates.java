package org.narthex.promql.histogram;

import org.narthex.promql.eval.Kahan;

/**
 * What a histogram tells about its observations: quantiles, fractions, variance. Within exponential buckets observations are taken to be
 * distributed as over finer buckets of the same kind, within the zero bucket and custom ones evenly.
 */
public final class Estimates {
    /** What NaN among the observations did to a quantile. */
    public enum Nans {
        NONE,
        /** They count as above everything else, so the quantile is higher than without them. */
        SKEWED,
        /** The quantile is one of them. */
        RESULT
    }

    /** A quantile. */
    public record Quantile(double value, Nans nans) {}

    private Estimates() {}

    public static Quantile quantile(double q, FloatHistogram histogram) {
        if (Double.isNaN(q)) {
            return new Quantile(Double.NaN, Nans.NONE);
        }
        if (q < 0) {
            return new Quantile(Double.NEGATIVE_INFINITY, Nans.NONE);
        }
        if (q > 1) {
            return new Quantile(Double.POSITIVE_INFINITY, Nans.NONE);
        }
        if (histogram.count() == 0) {
            return new Quantile(Double.NaN, Nans.NONE);
        }
        return new Search(q, histogram).find();
    }

    /** Looks for the bucket of a quantile, from the nearer end; NaN observations are in no bucket and count as the highest. */
    private static final class Search {
        private final FloatHistogram histogram;
        private final Ascending buckets;
        private final boolean upwards;
        private double rank;
        private double count;
        private int at = -1;
        private int last;

        Search(double q, FloatHistogram histogram) {
            this.histogram = histogram;
            this.buckets = new Ascending(histogram);
            this.upwards = Double.isNaN(histogram.sum()) || q < 0.5;
            this.rank = (upwards ? q : 1 - q) * histogram.count();
        }

        Quantile find() {
            while (last < buckets.size()) {
                int bucket = upwards ? last : buckets.size() - 1 - last;
                last++;
                if (buckets.count(bucket) != 0) {
                    at = bucket;
                    count += buckets.count(bucket);
                    if (count >= rank) {
                        break;
                    }
                }
            }
            double lower = at < 0 ? 0 : buckets.lower(at);
            double upper = at < 0 ? 0 : buckets.upper(at);
            double inBucket = at < 0 ? 0 : buckets.count(at);
            if (histogram.hasCustomBuckets()) {
                if (lower == Double.NEGATIVE_INFINITY) {
                    if (upper <= 0) {
                        return new Quantile(upper, Nans.NONE);
                    }
                    lower = 0;
                } else if (upper == Double.POSITIVE_INFINITY) {
                    return new Quantile(lower, Nans.NONE);
                }
            } else if (lower < 0 && upper > 0) {
                lower = onlyPositive(histogram) ? 0 : lower;
                upper = onlyNegative(histogram) ? 0 : upper;
            }
            // Adding floats may have given more than there is.
            count = Math.min(count, histogram.count());
            boolean hasNans = Double.isNaN(histogram.sum());
            if (count < rank) {
                return hasNans ? new Quantile(Double.NaN, Nans.RESULT) : new Quantile(upper, Nans.NONE);
            }
            rank = upwards ? rank - (count - inBucket) : count - rank;
            Nans nans = hasNans && isSkewed() ? Nans.SKEWED : Nans.NONE;
            return new Quantile(inside(lower, upper, rank / inBucket), nans);
        }

        /** A sum of NaN may also come from infinities of both signs; only observations in no bucket skew. */
        private boolean isSkewed() {
            double all = count;
            for (int i = last; i < buckets.size(); i++) {
                all += buckets.count(i);
            }
            return all < histogram.count();
        }

        private double inside(double lower, double upper, double part) {
            if (histogram.hasCustomBuckets() || (lower <= 0 && upper >= 0)) {
                return lower + (upper - lower) * part;
            }
            double logLower = log2(Math.abs(lower));
            double logUpper = log2(Math.abs(upper));
            if (lower > 0) {
                return Math.pow(2, logLower + (logUpper - logLower) * part);
            }
            return -Math.pow(2, logUpper + (logLower - logUpper) * (1 - part));
        }
    }

    private static boolean onlyPositive(FloatHistogram histogram) {
        return histogram.negative().size() == 0 && histogram.positive().size() > 0;
    }

    private static boolean onlyNegative(FloatHistogram histogram) {
        return histogram.positive().size() == 0 && histogram.negative().size() > 0;
    }

    /** The binary logarithm, exact for powers of two. */
    static double log2(double value) {
        int exponent = Math.getExponent(value);
        if (exponent < Double.MIN_EXPONENT || exponent > Double.MAX_EXPONENT) {
            return Math.log(value) / Math.log(2);
        }
        double fraction = Math.scalb(value, -exponent - 1);
        return fraction == 0.5 ? exponent : Math.log(fraction) / Math.log(2) + exponent + 1;
    }

    /** The part of all observations that lies between the bounds; NaN observations are part of all. */
    public static double fraction(double lower, double upper, FloatHistogram histogram) {
        if (histogram.count() == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        // NaN observations are in no bucket: the rank ends where the buckets do.
        double most =
                Double.isNaN(histogram.sum()) ? Math.min(histogram.count(), inBuckets(histogram)) : histogram.count();
        return (rank(upper, most, histogram) - rank(lower, most, histogram)) / histogram.count();
    }

    private static double inBuckets(FloatHistogram histogram) {
        Ascending buckets = new Ascending(histogram);
        double all = 0;
        for (int i = 0; i < buckets.size(); i++) {
            all += buckets.count(i);
        }
        return all;
    }

    /** Whether NaN was observed; such observations are in no bucket. */
    public static boolean hasNans(FloatHistogram histogram) {
        return Double.isNaN(histogram.sum()) && inBuckets(histogram) < histogram.count();
    }

    private static double rank(double value, double most, FloatHistogram histogram) {
        Ascending buckets = new Ascending(histogram);
        double rank = 0;
        for (int i = 0; i < buckets.size(); i++) {
            double lower = buckets.lower(i);
            double upper = buckets.upper(i);
            boolean evenly = histogram.hasCustomBuckets();
            if (evenly && lower == Double.NEGATIVE_INFINITY && upper > 0) {
                // As with classic histograms, the first bucket starts at zero.
                lower = 0;
            } else if (!evenly && lower <= 0 && upper >= 0) {
                evenly = true;
                lower = onlyPositive(histogram) ? 0 : lower;
                upper = onlyNegative(histogram) ? 0 : upper;
            }
            if (lower >= value) {
                return Math.min(rank, most);
            }
            if (upper > value) {
                return Math.min(rank + part(value, lower, upper, evenly) * buckets.count(i), most);
            }
            rank += buckets.count(i);
        }
        return most;
    }

    /** How much of a bucket lies below the value. */
    private static double part(double value, double lower, double upper, boolean evenly) {
        if (lower == Double.NEGATIVE_INFINITY) {
            return 1;
        }
        if (upper == Double.POSITIVE_INFINITY) {
            return evenly ? 0 : 1;
        }
        if (evenly) {
            return (value - lower) / (upper - lower);
        }
        double logLower = log2(Math.abs(lower));
        double logUpper = log2(Math.abs(upper));
        double logValue = log2(Math.abs(value));
        return value > 0
                ? (logValue - logLower) / (logUpper - logLower)
                : 1 - (logValue - logUpper) / (logLower - logUpper);
    }

    /** The variance, each observation taken to be in the middle of its bucket: the geometric one of exponential buckets. */
    public static double variance(FloatHistogram histogram) {
        double mean = histogram.sum() / histogram.count();
        Ascending buckets = new Ascending(histogram);
        Kahan squares = new Kahan();
        for (int i = 0; i < buckets.size(); i++) {
            if (buckets.count(i) != 0) {
                double delta = middle(buckets.lower(i), buckets.upper(i), histogram.hasCustomBuckets()) - mean;
                squares.add(buckets.count(i) * delta * delta);
            }
        }
        return squares.value() / histogram.count();
    }

    private static double middle(double lower, double upper, boolean custom) {
        if (custom) {
            return (upper + lower) / 2;
        }
        if (lower <= 0 && upper >= 0) {
            return 0;
        }
        double middle = Math.sqrt(upper * lower);
        return upper < 0 ? -middle : middle;
    }
}
