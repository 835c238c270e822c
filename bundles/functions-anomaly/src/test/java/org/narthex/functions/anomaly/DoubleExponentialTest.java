package org.narthex.functions.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.narthex.api.query.FunctionPack;

/** Expected numbers were computed with exact fractions in Python, and the root of their mean square in double precision. */
class DoubleExponentialTest {
    private static final FunctionPack.Window SAMPLES = Given.everyMinute(10, 12, 11, 15, 14, 18, 17, 30);

    private static double band(FunctionPack.Window window, double deviations) {
        return Given.call("double_exponential_band", window, 0.5, 0.25, deviations);
    }

    private static double score(FunctionPack.Window window) {
        return Given.call("double_exponential_zscore", window, 0.5, 0.25);
    }

    @Test
    void isPromqlsSmoothingInItsMiddle() {
        assertThat(band(SAMPLES, 0)).isEqualTo(1_616_873 / 65_536.0);
    }

    @Test
    void liesSoManyDeviationsAroundIt() {
        assertThat(band(SAMPLES, 3)).isCloseTo(38.863397407138606, within(1e-12));
        assertThat(band(SAMPLES, -3)).isCloseTo(10.479650688564515, within(1e-12));
    }

    @Test
    void scoresTheNewestSampleByTheErrorsBeforeIt() {
        assertThat(score(SAMPLES)).isCloseTo(5.237324979060888, within(1e-12));
    }

    @Test
    void followsAStraightLineWithoutErrors() {
        FunctionPack.Window line = Given.everyMinute(1, 3, 5, 7, 9);
        assertThat(band(line, 5)).isEqualTo(9);
        assertThat(score(line)).isZero();
        assertThat(score(Given.everyMinute(1, 3, 5, 7, 10))).isEqualTo(Double.POSITIVE_INFINITY);
    }

    @Test
    void leavesNanOut() {
        double nan = Double.NaN;
        assertThat(band(Given.everyMinute(nan, 10, 12, 11, nan, 15, 14, 18, 17, 30, nan), 0))
                .isEqualTo(1_616_873 / 65_536.0);
        assertThat(score(Given.everyMinute(10, 12, 11, 15, 14, nan))).isNaN();
    }

    @Test
    void needsThreeSamplesAndTheScoreFour() {
        assertThat(Given.isNone(band(Given.everyMinute(1, 2), 1))).isTrue();
        assertThat(Given.isNone(band(Given.everyMinute(1, 2, 3), 1))).isFalse();
        assertThat(Given.isNone(score(Given.everyMinute(1, 2, 3)))).isTrue();
        assertThat(Given.isNone(score(Given.everyMinute(1, 2, 3, 4)))).isFalse();
    }

    @Test
    void refusesFactorsThatAreNone() {
        assertThatThrownBy(() -> Given.call("double_exponential_band", SAMPLES, 0, 0.5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid smoothing factor. Expected: 0 < factor < 1, got: 0.0");
        assertThatThrownBy(() -> Given.call("double_exponential_zscore", SAMPLES, 0.5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("invalid trend factor. Expected: 0 < factor < 1, got: 1.0");
    }
}
