package org.narthex.promql.histogram;

import java.util.Arrays;
import java.util.List;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.HistogramBucket;

/**
 * A native histogram to calculate with. All counts are floating-point numbers and may be negative. Immutable.
 *
 * <p>After {@code model/histogram/float_histogram.go} of Prometheus.
 */
public final class FloatHistogram {
    private final ResetHint hint;
    private final int schema;
    private final double zeroThreshold;
    private final double zeroCount;
    private final double count;
    private final double sum;
    private final double[] bounds;
    private final Side positive;
    private final Side negative;

    FloatHistogram(
            ResetHint hint,
            int schema,
            double zeroThreshold,
            double zeroCount,
            double count,
            double sum,
            double[] bounds,
            Side positive,
            Side negative) {
        this.hint = hint;
        this.schema = schema;
        this.zeroThreshold = zeroThreshold;
        this.zeroCount = zeroCount;
        this.count = count;
        this.sum = sum;
        this.bounds = bounds;
        this.positive = positive;
        this.negative = negative;
    }

    public static FloatHistogram of(Histogram histogram) {
        return new FloatHistogram(
                histogram.resetHint(),
                Math.min(histogram.schema(), Histogram.MAX_SCHEMA),
                histogram.zeroThreshold(),
                histogram.zeroCount(),
                histogram.count(),
                histogram.sum(),
                histogram.customBounds(),
                side(histogram, histogram.positiveSpans(), histogram.positiveBuckets(), true),
                side(histogram, histogram.negativeSpans(), histogram.negativeBuckets(), false));
    }

    /** Resolutions that are stored but not calculated with are reduced to the finest one that is. */
    private static Side side(Histogram histogram, int[] spans, int buckets, boolean positive) {
        Side side = Side.of(spans, buckets, positive ? histogram::positive : histogram::negative);
        int excess = histogram.schema() - Histogram.MAX_SCHEMA;
        return excess > 0 ? side.reduced(excess) : side;
    }

    /** Nothing observed, in the layout of another histogram. */
    FloatHistogram emptied() {
        return new FloatHistogram(ResetHint.UNKNOWN, schema, 0, 0, 0, 0, bounds, Side.EMPTY, Side.EMPTY);
    }

    public Histogram toHistogram() {
        return Histogram.ofFloats(
                hint,
                schema,
                zeroThreshold,
                zeroCount,
                count,
                sum,
                positive.spans(),
                positive.counts(),
                negative.spans(),
                negative.counts(),
                bounds);
    }

    public ResetHint hint() {
        return hint;
    }

    public boolean isGauge() {
        return hint == ResetHint.GAUGE;
    }

    public int schema() {
        return schema;
    }

    public boolean hasCustomBuckets() {
        return schema == Histogram.CUSTOM_BUCKETS;
    }

    double zeroThreshold() {
        return zeroThreshold;
    }

    double zeroCount() {
        return zeroCount;
    }

    public double count() {
        return count;
    }

    public double sum() {
        return sum;
    }

    double[] bounds() {
        return bounds;
    }

    Side positive() {
        return positive;
    }

    Side negative() {
        return negative;
    }

    /** The upper bound of a positive bucket. */
    double upper(int index) {
        return hasCustomBuckets()
                ? HistogramBucket.customBound(bounds, index)
                : HistogramBucket.upperBound(schema, index);
    }

    public FloatHistogram withHint(ResetHint newHint) {
        return newHint == hint
                ? this
                : new FloatHistogram(newHint, schema, zeroThreshold, zeroCount, count, sum, bounds, positive, negative);
    }

    FloatHistogram with(double newZeroCount, double newCount, double newSum, Side newPositive, Side newNegative) {
        return new FloatHistogram(
                hint, schema, zeroThreshold, newZeroCount, newCount, newSum, bounds, newPositive, newNegative);
    }

    /** Only count and sum, in the same layout. */
    public FloatHistogram withoutBuckets() {
        return new FloatHistogram(hint, schema, 0, 0, count, sum, bounds, Side.EMPTY, Side.EMPTY);
    }

    /** Without empty buckets. */
    public FloatHistogram compact() {
        Side p = positive.compact();
        Side n = negative.compact();
        return p == positive && n == negative ? this : with(zeroCount, count, sum, p, n);
    }

    /** A negative factor makes it a gauge. */
    public FloatHistogram times(double factor) {
        FloatHistogram product =
                with(zeroCount * factor, count * factor, sum * factor, positive.times(factor), negative.times(factor));
        return factor < 0 ? product.withHint(ResetHint.GAUGE) : product;
    }

    /** A negative divisor makes it a gauge; division by zero leaves no buckets. */
    public FloatHistogram dividedBy(double divisor) {
        boolean byZero = divisor == 0;
        FloatHistogram quotient = with(
                zeroCount / divisor,
                count / divisor,
                sum / divisor,
                byZero ? Side.EMPTY : positive.dividedBy(divisor),
                byZero ? Side.EMPTY : negative.dividedBy(divisor));
        return divisor < 0 ? quotient.withHint(ResetHint.GAUGE) : quotient;
    }

    /** Whether this can be added to or subtracted from the other: both have exponential or both have custom buckets. */
    public boolean isCompatible(FloatHistogram other) {
        return hasCustomBuckets() == other.hasCustomBuckets();
    }

    /** Whether adding needs to bring custom bounds into line, which loses resolution. */
    public boolean needsReconciling(FloatHistogram other) {
        return hasCustomBuckets() && !Arrays.equals(bounds, other.bounds);
    }

    /** Whether one says it was reset and the other that it was not. */
    public boolean collides(FloatHistogram other) {
        return (hint == ResetHint.RESET && other.hint == ResetHint.NOT_RESET)
                || (hint == ResetHint.NOT_RESET && other.hint == ResetHint.RESET);
    }

    /** @param other {@linkplain #isCompatible compatible} */
    public FloatHistogram plus(FloatHistogram other) {
        return combined(other, false);
    }

    /** @param other {@linkplain #isCompatible compatible} */
    public FloatHistogram minus(FloatHistogram other) {
        return combined(other, true);
    }

    private FloatHistogram combined(FloatHistogram other, boolean subtract) {
        Layout layout = Layout.common(this, other);
        FloatHistogram a = layout.apply(this);
        FloatHistogram b = layout.apply(other);
        double sign = subtract ? -1 : 1;
        return new FloatHistogram(
                joinedHint(other),
                a.schema,
                a.zeroThreshold,
                a.zeroCount + sign * b.zeroCount,
                a.count + sign * b.count,
                a.sum + sign * b.sum,
                a.bounds,
                a.positive.plus(b.positive, subtract),
                a.negative.plus(b.negative, subtract));
    }

    ResetHint joinedHint(FloatHistogram other) {
        if (hint == other.hint) {
            return hint;
        }
        return hint == ResetHint.GAUGE || other.hint == ResetHint.GAUGE ? ResetHint.GAUGE : ResetHint.UNKNOWN;
    }

    /**
     * Whether this, as the sample after the other of a counter, shows that the counter was reset: by its hint or because something became less.
     */
    public boolean isResetAfter(FloatHistogram previous) {
        if (hint == ResetHint.RESET) {
            return true;
        }
        if (hint == ResetHint.NOT_RESET) {
            return false;
        }
        if (count < previous.count) {
            return true;
        }
        if (hasCustomBuckets()) {
            if (!previous.hasCustomBuckets()) {
                return true;
            }
            Layout common = Layout.common(this, previous);
            return common.apply(previous).positive.shrinksIn(common.apply(this).positive);
        }
        if (previous.hasCustomBuckets() || schema > previous.schema || zeroThreshold < previous.zeroThreshold) {
            return true;
        }
        FloatHistogram widened = previous.widened(zeroThreshold);
        if (widened.zeroThreshold != zeroThreshold || zeroCount < widened.zeroCount) {
            return true;
        }
        FloatHistogram reduced = widened.reduced(schema);
        return reduced.positive.shrinksIn(positive) || reduced.negative.shrinksIn(negative);
    }

    FloatHistogram reduced(int targetSchema) {
        if (targetSchema == schema) {
            return this;
        }
        return new FloatHistogram(
                hint,
                targetSchema,
                zeroThreshold,
                zeroCount,
                count,
                sum,
                bounds,
                positive.reduced(schema - targetSchema),
                negative.reduced(schema - targetSchema));
    }

    /**
     * With a wider zero bucket. If the threshold falls into a bucket that holds something, the zero bucket becomes so wide as to include that.
     *
     * @param threshold not less than the present one
     */
    FloatHistogram widened(double threshold) {
        if (threshold == zeroThreshold) {
            return this;
        }
        double wider = threshold;
        while (true) {
            double before = wider;
            wider = widenedBy(positive, widenedBy(negative, wider));
            if (wider == before) {
                break;
            }
        }
        int p = below(positive, wider);
        int n = below(negative, wider);
        double zero = zeroCount;
        for (int i = 0; i < p; i++) {
            zero += positive.count(i);
        }
        for (int i = 0; i < n; i++) {
            zero += negative.count(i);
        }
        return new FloatHistogram(
                hint, schema, wider, zero, count, sum, bounds, positive.without(p), negative.without(n));
    }

    /** The threshold moved out of the bucket it falls into, if that holds something. */
    private double widenedBy(Side side, double threshold) {
        for (int i = 0; i < side.size() && upper(side.index(i) - 1) < threshold; i++) {
            if (side.count(i) != 0 && upper(side.index(i)) > threshold) {
                return upper(side.index(i));
            }
        }
        return threshold;
    }

    /** How many buckets begin below the threshold. */
    private int below(Side side, double threshold) {
        int n = 0;
        while (n < side.size() && upper(side.index(n) - 1) < threshold) {
            n++;
        }
        return n;
    }

    /** With some of its bounds only. */
    FloatHistogram rebounded(double[] kept) {
        if (Arrays.equals(bounds, kept)) {
            return this;
        }
        int[] targets = new int[positive.size()];
        for (int i = 0; i < targets.length; i++) {
            int target = 0;
            while (target < kept.length && kept[target] < upper(positive.index(i))) {
                target++;
            }
            targets[i] = target;
        }
        return new FloatHistogram(
                hint, schema, zeroThreshold, zeroCount, count, sum, kept, positive.mapped(targets), negative);
    }

    /** Whether a number is beyond what a double holds. */
    boolean isInfinite() {
        return Double.isInfinite(zeroCount)
                || Double.isInfinite(count)
                || Double.isInfinite(sum)
                || positive.isInfinite()
                || negative.isInfinite();
    }

    /** Equal bit by bit, whatever the hints are. */
    public boolean isSame(FloatHistogram other) {
        return schema == other.schema
                && zeroThreshold == other.zeroThreshold
                && sameBits(zeroCount, other.zeroCount)
                && sameBits(count, other.count)
                && sameBits(sum, other.sum)
                && Arrays.equals(bounds, other.bounds)
                && positive.isSame(other.positive)
                && negative.isSame(other.negative);
    }

    private static boolean sameBits(double a, double b) {
        return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
    }

    /** How many samples of floats take as much memory. */
    public int weight() {
        return 4 + positive.size() + negative.size();
    }

    /** The buckets that hold something, ascending. */
    List<HistogramBucket> buckets() {
        return HistogramBucket.of(toHistogram());
    }

    /** As {@code count_values} and templates show it: {@code {count:3, sum:2, [-1,-0.5):1, …}}. */
    @Override
    public String toString() {
        return HistogramText.of(toHistogram());
    }
}
