package org.narthex.functions.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Expected numbers were computed with exact fractions in Python; the deviation of 1 to 9 is that of R's manual: mad(1:9) is 2.9652. */
class RobustScoreTest {
    private static double score(double... values) {
        return Given.call("robust_zscore", Given.everyMinute(values));
    }

    @Test
    void scoresTheNewestSampleInRobustDeviations() {
        assertThat(score(1, 2, 3, 4, 5, 6, 7, 8, 9)).isCloseTo(4 / 2.965204437011204, within(1e-12));
        assertThat(score(1, 2, 3, 4, 5, 6, 7, 8, 9)).isCloseTo(1.3489795003921634, within(1e-12));
        assertThat(score(9, 8, 7, 6, 5, 4, 3, 2, 1)).isCloseTo(-1.3489795003921634, within(1e-12));
        assertThat(score(2.1, 2.4, 1.9, 2.2, 2.0, 2.3, 9.7)).isCloseTo(25.293365632353062, within(1e-9));
    }

    @Test
    void takesMeansWhereMostSamplesAreEqual() {
        assertThat(score(5, 5, 5, 5, 5, 8)).isCloseTo(4.787307364817193, within(1e-12));
        assertThat(score(5, 5, 5)).isZero();
    }

    @Test
    void leavesNanOutAndSaysNothingOfANewestOne() {
        assertThat(score(1, Double.NaN, 2, 3, 4, 5, 6, 7, 8, Double.NaN, 9))
                .isCloseTo(1.3489795003921634, within(1e-12));
        assertThat(score(1, 2, 3, Double.NaN)).isNaN();
        assertThat(Given.isNone(score(1, 2, 3, Double.NaN))).isFalse();
    }

    @Test
    void needsThreeSamples() {
        assertThat(Given.isNone(score(1, 2))).isTrue();
        assertThat(Given.isNone(score(1, 2, Double.NaN))).isTrue();
        assertThat(Given.isNone(score(1, 2, 3))).isFalse();
    }

    @Test
    void findsInfiniteSamplesInfinitelyFar() {
        assertThat(score(1, 2, 3, Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(score(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY))
                .isZero();
    }
}
