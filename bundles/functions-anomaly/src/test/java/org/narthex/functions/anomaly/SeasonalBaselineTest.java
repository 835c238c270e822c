package org.narthex.functions.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.narthex.api.query.FunctionPack;

/** Expected numbers were computed by hand from the definition. */
class SeasonalBaselineTest {
    private static final long HOUR_MS = 60 * Given.MINUTE_MS;

    /** Five hours of samples each minute, the minute of the hour by the hour's own factor, and the newest sample as given. */
    private static FunctionPack.Window hours(double newest, double... factors) {
        int size = factors.length * 60;
        long[] timestampsMs = new long[size];
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            timestampsMs[i] = (i + 1) * Given.MINUTE_MS;
            values[i] = factors[i / 60] * ((i % 60) + 1);
        }
        values[size - 1] = newest;
        return Given.window(0, size * Given.MINUTE_MS, timestampsMs, values);
    }

    @Test
    void isTheMedianOfTheSameTimeInEarlierSeasons() {
        // An hour ago, within a minute and a half: the minutes 59 and 60 of one hour and 1 of the next, times the
        // factor.
        FunctionPack.Window window = hours(0, 1, 2, 10, 3, 1);
        assertThat(Given.call("seasonal_baseline", window, 3600, 180)).isEqualTo((2 * 59 + 3 * 59) / 2.0);
        // Within half a minute: minute 60 alone, of four hours, times 1, 2, 10 and 3.
        assertThat(Given.call("seasonal_baseline", window, 3600, 60)).isEqualTo(150);
    }

    @Test
    void scoresTheNewestSampleByTheSpreadOfTheSeasons() {
        // 60, 120, 600, 180: median 150, deviations 90, 30, 450, 30, of which the median is 60.
        FunctionPack.Window window = hours(450, 1, 2, 10, 3, 1);
        assertThat(Given.call("seasonal_zscore", window, 3600, 60))
                .isCloseTo(300 / (1.482602218505602 * 60), within(1e-12));
        assertThat(Given.call("seasonal_zscore", hours(Double.NaN, 1, 2, 10, 3, 1), 3600, 60))
                .isNaN();
        assertThat(Given.isNone(Given.call("seasonal_zscore", hours(Double.NaN, 1, 2, 10, 3, 1), 3600, 60)))
                .isFalse();
    }

    @Test
    void countsOnlySeasonsThatLieInTheWindow() {
        FunctionPack.Window window = hours(1, 1, 2);
        assertThat(Given.call("seasonal_baseline", window, 3600, 60)).isEqualTo(60);
        // Half of the width of the season one hour ago is beyond the beginning.
        assertThat(Given.isNone(Given.call("seasonal_baseline", window, 7170, 120)))
                .isTrue();
        assertThat(Given.isNone(Given.call("seasonal_baseline", window, 86_400, 60)))
                .isTrue();
        assertThat(Given.isNone(Given.call("seasonal_zscore", window, 3600, 60)))
                .isTrue();
    }

    @Test
    void leavesOutSeasonsWithoutSamplesAndNan() {
        long[] timestampsMs = {HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS, 5 * HOUR_MS};
        FunctionPack.Window window = Given.window(0, 5 * HOUR_MS, timestampsMs, new double[] {4, Double.NaN, 6, 100});
        assertThat(Given.call("seasonal_baseline", window, 3600, 60)).isEqualTo(5);
    }

    @Test
    void scoresNoSampleThatIsOld() {
        long[] timestampsMs = {HOUR_MS, 2 * HOUR_MS, 3 * HOUR_MS, 4 * HOUR_MS, 5 * HOUR_MS - Given.MINUTE_MS};
        FunctionPack.Window window = Given.window(0, 5 * HOUR_MS, timestampsMs, new double[] {1, 2, 3, 4, 5});
        assertThat(Given.isNone(Given.call("seasonal_zscore", window, 3600, 60)))
                .isTrue();
        assertThat(Given.isNone(Given.call("seasonal_zscore", window, 3600, 61)))
                .isFalse();
    }

    @Test
    void refusesPeriodsAndWidthsThatAreNone() {
        FunctionPack.Window window = hours(1, 1, 2);
        assertThatThrownBy(() -> Given.call("seasonal_baseline", window, 0, 60))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the period must be a number of seconds, at least 0.001, not 0.0");
        assertThatThrownBy(() -> Given.call("seasonal_baseline", window, 60, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the width");
        assertThatThrownBy(() -> Given.call("seasonal_zscore", window, 60, 120))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("120.0 s is greater than 60.0 s");
    }
}
