package org.narthex.promql.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;

class FloatHistogramTest {
    private static final int[] NO_SPANS = {};
    private static final double[] NONE = {};

    private static FloatHistogram exponential(
            int schema, double zeroThreshold, double zero, int offset, double... buckets) {
        double count = zero;
        for (double bucket : buckets) {
            count += bucket;
        }
        return FloatHistogram.of(Histogram.ofFloats(
                ResetHint.UNKNOWN,
                schema,
                zeroThreshold,
                zero,
                count,
                count,
                new int[] {offset, buckets.length},
                buckets,
                NO_SPANS,
                NONE,
                NONE));
    }

    private static FloatHistogram custom(double[] bounds, double... buckets) {
        return FloatHistogram.of(Histogram.ofFloats(
                ResetHint.UNKNOWN,
                Histogram.CUSTOM_BUCKETS,
                0,
                0,
                10,
                10,
                new int[] {0, buckets.length},
                buckets,
                NO_SPANS,
                NONE,
                bounds));
    }

    @Test
    void wholeNumbersAndSpansSurviveTheWayThere() {
        Histogram stored = Histogram.ofIntegers(
                ResetHint.GAUGE,
                3,
                0.001,
                2,
                9,
                4.5,
                new int[] {-3, 2, 4, 1},
                new long[] {1, 2, 3},
                new int[] {5, 1},
                new long[] {1},
                NONE);
        Histogram back = FloatHistogram.of(stored).toHistogram();
        assertThat(back.positiveSpans()).containsExactly(-3, 2, 4, 1);
        assertThat(back.negativeSpans()).containsExactly(5, 1);
        assertThat(back.positive(2)).isEqualTo(3);
        assertThat(back.count()).isEqualTo(9);
        assertThat(back.resetHint()).isEqualTo(ResetHint.GAUGE);
    }

    @Test
    void addingBringsTheFinerSchemaToTheCoarserOne() {
        // Of schema 1 the buckets 1 and 2 make up bucket 1 of schema 0, 3 and 4 its bucket 2.
        FloatHistogram sum = exponential(1, 0, 0, 1, 1, 2, 4, 8).plus(exponential(0, 0, 0, 2, 16));
        assertThat(sum.isSame(exponential(0, 0, 0, 1, 3, 28))).isTrue();
    }

    @Test
    void addingWidensTheZeroBucketBeyondBucketsItCutsThrough() {
        // 0.75 is within (0.5, 1], which holds something: the zero bucket reaches to 1.
        FloatHistogram sum = exponential(0, 0.75, 1, 3, 1).plus(exponential(0, 0, 2, 0, 4, 8));
        assertThat(sum.zeroThreshold()).isEqualTo(1);
        assertThat(sum.zeroCount()).isEqualTo(7);
        assertThat(sum.positive().counts()).containsExactly(8, 1);
        assertThat(sum.toHistogram().positiveSpans()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void aLostBucketIsAResetAndANewOneIsNot() {
        FloatHistogram before = exponential(0, 0, 0, 1, 1, 2);
        assertThat(exponential(0, 0, 0, 1, 4).isResetAfter(before)).isTrue();
        assertThat(exponential(0, 0, 0, 1, 1, 2, 3).isResetAfter(before)).isFalse();
        assertThat(exponential(0, 0, 0, 1, 0, 9).isResetAfter(before)).isTrue();
    }

    @Test
    void aFinerResolutionOrANarrowerZeroBucketIsAReset() {
        FloatHistogram before = exponential(0, 0.5, 1, 1, 1, 2);
        assertThat(exponential(1, 0.5, 5, 1, 5, 5, 5, 5).isResetAfter(before)).isTrue();
        assertThat(exponential(0, 0.25, 5, 1, 5, 5).isResetAfter(before)).isTrue();
        assertThat(exponential(-1, 0.5, 5, 1, 5).isResetAfter(before)).isFalse();
    }

    @Test
    void aHintDecidesWithoutALook() {
        FloatHistogram before = exponential(0, 0, 0, 1, 1, 2);
        FloatHistogram less = exponential(0, 0, 0, 1, 1);
        assertThat(less.withHint(ResetHint.NOT_RESET).isResetAfter(before)).isFalse();
        assertThat(before.withHint(ResetHint.RESET).isResetAfter(less)).isTrue();
    }

    @Test
    void otherCustomBoundsAreAResetOnlyIfACommonBucketShrinks() {
        FloatHistogram before = custom(new double[] {5, 10}, 1, 2, 7);
        assertThat(custom(new double[] {10}, 3, 7).isResetAfter(before)).isFalse();
        assertThat(custom(new double[] {10}, 2, 8).isResetAfter(before)).isTrue();
    }

    @Test
    void divisionByZeroLeavesNoBuckets() {
        FloatHistogram quotient = exponential(0, 0, 0, 1, 1, 2).dividedBy(0);
        assertThat(quotient.count()).isInfinite();
        assertThat(quotient.positive().size()).isZero();
    }

    @Test
    void aNegativeFactorMakesAGauge() {
        assertThat(exponential(0, 0, 0, 1, 1).times(-1).isGauge()).isTrue();
        assertThat(exponential(0, 0, 0, 1, 1).times(2).isGauge()).isFalse();
    }

    @Test
    void sumsDoNotLoseWhatIsSmallBesideWhatIsGreat() {
        HistogramSum sum = HistogramSum.sum(exponential(0, 0, 0, 1, 1e16));
        sum.add(exponential(0, 0, 0, 1, 1));
        sum.add(exponential(0, 0, 0, 1, 1));
        assertThat(sum.result().positive().count(0)).isEqualTo(1e16 + 2);
    }

    @Test
    void aMeanGoesOnWhereTheSumWouldOverflow() {
        HistogramSum mean = HistogramSum.mean(exponential(0, 0, 0, 1, 1.5e308));
        mean.add(exponential(0, 0, 0, 1, 1.7e308));
        assertThat(mean.result().count()).isCloseTo(1.6e308, org.assertj.core.data.Percentage.withPercentage(1e-9));
    }

    @Test
    void exponentialAndCustomBucketsDoNotAdd() {
        HistogramSum sum = HistogramSum.sum(exponential(0, 0, 0, 1, 1));
        assertThat(sum.add(custom(new double[] {5}, 1))).isEqualTo(HistogramSum.Outcome.INCOMPATIBLE);
    }

    @Test
    void nanObservationsAreAboveAllOthers() {
        FloatHistogram histogram = FloatHistogram.of(Histogram.ofFloats(
                ResetHint.UNKNOWN, 0, 0, 0, 10, Double.NaN, new int[] {1, 1}, new double[] {8}, NO_SPANS, NONE, NONE));
        assertThat(Estimates.quantile(0.4, histogram))
                .isEqualTo(new Estimates.Quantile(Math.sqrt(2), Estimates.Nans.SKEWED));
        assertThat(Estimates.quantile(0.9, histogram).nans()).isEqualTo(Estimates.Nans.RESULT);
        assertThat(Estimates.fraction(0, Double.POSITIVE_INFINITY, histogram)).isEqualTo(0.8);
    }
}
