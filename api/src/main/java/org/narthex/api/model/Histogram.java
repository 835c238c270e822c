package org.narthex.api.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * A native histogram: counts of observations in buckets whose bounds follow from {@link #schema()}, or, for {@link #CUSTOM_BUCKETS}, are listed. It
 * counts in whole numbers or in floating-point ones ({@link #isFloat()}); both can be read as doubles. Used buckets are described by spans, pairs of
 * numbers in one array: how many buckets to skip from the end of the span before (the first: from bucket 0, may be negative), and how many follow.
 * Bucket counts are absolute, not differences. Immutable; arrays given and returned are shared, nobody changes them. Thread-safe.
 *
 * <p>After {@code model/histogram} of Prometheus.
 */
public final class Histogram {
    /** The schema of histograms whose upper bounds are {@link #customBounds()}. */
    public static final int CUSTOM_BUCKETS = -53;

    /** The coarsest and the finest exponential schema: a power of two has {@code 2^schema} buckets. */
    public static final int MIN_SCHEMA = -4;

    public static final int MAX_SCHEMA = 8;

    private static final int MAX_READABLE_SCHEMA = 52;
    private static final int[] NO_SPANS = {};
    private static final long[] NO_BUCKETS = {};
    private static final double[] NO_BOUNDS = {};

    /** What is known about a counter reset between a histogram and the one before it in its series; gauges have none. */
    public enum ResetHint {
        UNKNOWN,
        RESET,
        NOT_RESET,
        GAUGE
    }

    private final boolean isFloat;
    private final ResetHint resetHint;
    private final int schema;
    private final double zeroThreshold;
    private final double sum;
    /** Whole numbers, or the bits of doubles. */
    private final long zeroCount;

    private final long count;
    private final int[] positiveSpans;
    private final long[] positive;
    private final int[] negativeSpans;
    private final long[] negative;
    private final double[] customBounds;

    private Histogram(
            boolean isFloat,
            ResetHint resetHint,
            int schema,
            double zeroThreshold,
            long zeroCount,
            long count,
            double sum,
            int[] positiveSpans,
            long[] positive,
            int[] negativeSpans,
            long[] negative,
            double[] customBounds) {
        this.isFloat = isFloat;
        this.resetHint = resetHint;
        this.schema = schema;
        this.zeroThreshold = zeroThreshold;
        this.zeroCount = zeroCount;
        this.count = count;
        this.sum = sum;
        this.positiveSpans = positiveSpans.length == 0 ? NO_SPANS : positiveSpans;
        this.positive = positive.length == 0 ? NO_BUCKETS : positive;
        this.negativeSpans = negativeSpans.length == 0 ? NO_SPANS : negativeSpans;
        this.negative = negative.length == 0 ? NO_BUCKETS : negative;
        this.customBounds = customBounds.length == 0 ? NO_BOUNDS : customBounds;
    }

    /**
     * A histogram of whole numbers. Not checked: {@link #problem()} does that.
     *
     * @param count of all observations, like {@code zeroCount} an unsigned number
     * @param positive absolute counts, one for each bucket of the spans
     * @param customBounds ascending upper bounds without +Inf; empty unless the schema is {@link #CUSTOM_BUCKETS}
     */
    public static Histogram ofIntegers(
            ResetHint resetHint,
            int schema,
            double zeroThreshold,
            long zeroCount,
            long count,
            double sum,
            int[] positiveSpans,
            long[] positive,
            int[] negativeSpans,
            long[] negative,
            double[] customBounds) {
        return new Histogram(
                false,
                resetHint,
                schema,
                zeroThreshold,
                zeroCount,
                count,
                sum,
                positiveSpans,
                positive,
                negativeSpans,
                negative,
                customBounds);
    }

    /** A histogram of floating-point numbers; see {@link #ofIntegers}. */
    public static Histogram ofFloats(
            ResetHint resetHint,
            int schema,
            double zeroThreshold,
            double zeroCount,
            double count,
            double sum,
            int[] positiveSpans,
            double[] positive,
            int[] negativeSpans,
            double[] negative,
            double[] customBounds) {
        return new Histogram(
                true,
                resetHint,
                schema,
                zeroThreshold,
                Double.doubleToRawLongBits(zeroCount),
                Double.doubleToRawLongBits(count),
                sum,
                positiveSpans,
                bits(positive),
                negativeSpans,
                bits(negative),
                customBounds);
    }

    private static long[] bits(double[] values) {
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToRawLongBits(values[i]);
        }
        return bits;
    }

    /** The staleness marker of a series of histograms: only the sum counts, and it is {@link StaleNaN}. */
    public static Histogram stale(boolean isFloat) {
        return new Histogram(
                isFloat,
                ResetHint.UNKNOWN,
                0,
                0,
                0,
                0,
                StaleNaN.VALUE,
                NO_SPANS,
                NO_BUCKETS,
                NO_SPANS,
                NO_BUCKETS,
                NO_BOUNDS);
    }

    public boolean isStale() {
        return StaleNaN.is(sum);
    }

    /** The same with another hint. */
    public Histogram withResetHint(ResetHint hint) {
        return hint == resetHint
                ? this
                : new Histogram(
                        isFloat,
                        hint,
                        schema,
                        zeroThreshold,
                        zeroCount,
                        count,
                        sum,
                        positiveSpans,
                        positive,
                        negativeSpans,
                        negative,
                        customBounds);
    }

    public boolean isFloat() {
        return isFloat;
    }

    public ResetHint resetHint() {
        return resetHint;
    }

    public int schema() {
        return schema;
    }

    public boolean hasCustomBuckets() {
        return schema == CUSTOM_BUCKETS;
    }

    /** The width of the zero bucket on both sides of 0. */
    public double zeroThreshold() {
        return zeroThreshold;
    }

    public double zeroCount() {
        return isFloat ? Double.longBitsToDouble(zeroCount) : unsigned(zeroCount);
    }

    public double count() {
        return isFloat ? Double.longBitsToDouble(count) : unsigned(count);
    }

    private static double unsigned(long value) {
        return value >= 0 ? (double) value : ((value >>> 1) | (value & 1)) * 2.0;
    }

    /** The sum of all observations. */
    public double sum() {
        return sum;
    }

    /** Skip, length, skip, length, …; see the class. */
    public int[] positiveSpans() {
        return positiveSpans;
    }

    public int positiveBuckets() {
        return positive.length;
    }

    /** The count of the i-th used bucket, by the spans. */
    public double positive(int i) {
        return isFloat ? Double.longBitsToDouble(positive[i]) : positive[i];
    }

    public int[] negativeSpans() {
        return negativeSpans;
    }

    public int negativeBuckets() {
        return negative.length;
    }

    public double negative(int i) {
        return isFloat ? Double.longBitsToDouble(negative[i]) : negative[i];
    }

    /** Upper bounds of custom buckets, ascending, without +Inf. */
    public double[] customBounds() {
        return customBounds;
    }

    /** For encoders, exact: the whole number, or the double's bits. */
    public long zeroCountBits() {
        return zeroCount;
    }

    /** For encoders, exact: the whole number, or the double's bits. */
    public long countBits() {
        return count;
    }

    /** For encoders, exact: the whole number, or the double's bits. */
    public long positiveBits(int i) {
        return positive[i];
    }

    /** For encoders, exact: the whole number, or the double's bits. */
    public long negativeBits(int i) {
        return negative[i];
    }

    /** What is wrong with this histogram, for people; empty if it may be stored. The rules are those of Prometheus' {@code Validate}. */
    public Optional<String> problem() {
        String found = hasCustomBuckets() ? customProblem() : exponentialProblem();
        if (found == null) {
            found = bucketProblem("positive", positive);
        }
        if (found == null) {
            found = bucketProblem("negative", negative);
        }
        return Optional.ofNullable(found == null ? countProblem() : found);
    }

    private String customProblem() {
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < customBounds.length; i++) {
            if (!(customBounds[i] > before) || Double.isInfinite(customBounds[i])) {
                return "custom bound " + (i + 1) + " is " + SampleValue.format(customBounds[i])
                        + ": bounds must be finite and ascend";
            }
            before = customBounds[i];
        }
        if (zeroCount() != 0 || zeroThreshold != 0) {
            return "custom buckets with a zero bucket";
        }
        if (negative.length > 0 || negativeSpans.length > 0) {
            return "custom buckets with negative buckets";
        }
        String spans = spanProblem("positive", positiveSpans, positive.length);
        if (spans != null) {
            return spans;
        }
        long used = 0;
        for (int span : positiveSpans) {
            used += span;
        }
        if (positiveSpans.length > 0 && positiveSpans[0] < 0) {
            return "custom buckets with a negative first span offset";
        }
        return used > customBounds.length + 1L
                ? "custom bounds for " + (customBounds.length + 1) + " buckets, but spans for " + used
                : null;
    }

    private String exponentialProblem() {
        if (schema < MIN_SCHEMA || schema > MAX_READABLE_SCHEMA) {
            return "unknown schema " + schema;
        }
        if (customBounds.length > 0) {
            return "custom bounds with schema " + schema;
        }
        String spans = spanProblem("positive", positiveSpans, positive.length);
        return spans == null ? spanProblem("negative", negativeSpans, negative.length) : spans;
    }

    private static String spanProblem(String side, int[] spans, int buckets) {
        long used = 0;
        for (int i = 0; i < spans.length; i += 2) {
            if (i > 0 && spans[i] < 0) {
                return side + " span " + (i / 2 + 1) + " has the negative offset " + spans[i];
            }
            used += Integer.toUnsignedLong(spans[i + 1]);
        }
        return used == buckets ? null : side + " spans need " + used + " buckets, there are " + buckets;
    }

    private String bucketProblem(String side, long[] buckets) {
        for (int i = 0; i < buckets.length; i++) {
            if (isFloat ? Double.longBitsToDouble(buckets[i]) < 0 : buckets[i] < 0) {
                return side + " bucket " + (i + 1) + " has the negative count "
                        + SampleValue.format(isFloat ? Double.longBitsToDouble(buckets[i]) : buckets[i]);
            }
        }
        return null;
    }

    private String countProblem() {
        if (isFloat) {
            return count() < 0 ? "negative count" : zeroCount() < 0 ? "negative zero count" : null;
        }
        long all = zeroCount;
        for (long bucket : positive) {
            all += bucket;
        }
        for (long bucket : negative) {
            all += bucket;
        }
        // Observations of NaN are in no bucket.
        boolean fits = Double.isNaN(sum) ? Long.compareUnsigned(all, count) <= 0 : all == count;
        return fits
                ? null
                : Long.toUnsignedString(all) + " observations in buckets, but the count is "
                        + Long.toUnsignedString(count);
    }

    /** Equal bit by bit, the hint included. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Histogram that && resetHint == that.resetHint && equalsIgnoringHint(that);
    }

    /** Equal bit by bit except for the hint: what makes two samples at one time duplicates. */
    public boolean equalsIgnoringHint(Histogram that) {
        return isFloat == that.isFloat
                && schema == that.schema
                && Double.doubleToRawLongBits(zeroThreshold) == Double.doubleToRawLongBits(that.zeroThreshold)
                && zeroCount == that.zeroCount
                && count == that.count
                && Double.doubleToRawLongBits(sum) == Double.doubleToRawLongBits(that.sum)
                && Arrays.equals(positiveSpans, that.positiveSpans)
                && Arrays.equals(positive, that.positive)
                && Arrays.equals(negativeSpans, that.negativeSpans)
                && Arrays.equals(negative, that.negative)
                && Arrays.equals(customBounds, that.customBounds);
    }

    @Override
    public int hashCode() {
        return (Arrays.hashCode(positive) * 31 + Long.hashCode(count)) * 31 + Double.hashCode(sum);
    }

    @Override
    public String toString() {
        return (isFloat ? "float" : "integer") + " histogram, schema " + schema + ", count "
                + SampleValue.format(count()) + ", sum " + SampleValue.format(sum);
    }
}
