package org.narthex.functions.anomaly;

import java.util.Arrays;

import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.FunctionPack;

/**
 * What was usual at the same time of earlier seasons: the median over seasons of the median of the samples around that time. A season that was
 * itself out of the ordinary, or a spike in one, does not move it.
 */
final class SeasonalBaseline {
    /** Fewer seasons have no spread worth comparing with. */
    private static final int LEAST_SEASONS = 3;

    /** Beyond any time there is, and small enough for sums. */
    private static final double MAX_MS = 1e16;

    private SeasonalBaseline() {}

    /** {@code seasonal_baseline(v range-vector, period scalar, width scalar)}, both in seconds. */
    static double baseline(FunctionPack.Window window, double[] parameters) {
        double[] seasons = seasons(window, Samples.of(window), millis(parameters, 0), width(parameters));
        return seasons.length == 0 ? StaleNaN.VALUE : RobustScore.median(seasons);
    }

    /** {@code seasonal_zscore(v range-vector, period scalar, width scalar)}: of the newest sample, if it is not older than the width. */
    static double score(FunctionPack.Window window, double[] parameters) {
        long widthMs = width(parameters);
        double[] seasons = seasons(window, Samples.of(window), millis(parameters, 0), widthMs);
        int newest = window.size() - 1;
        if (seasons.length < LEAST_SEASONS || window.timestampMs(newest) <= window.endMs() - widthMs) {
            return StaleNaN.VALUE;
        }
        double value = window.value(newest);
        return Double.isNaN(value) ? Double.NaN : new RobustScore(seasons).of(value);
    }

    /** The medians of the seasons that lie in the window as a whole and have samples, in ascending order. */
    private static double[] seasons(FunctionPack.Window window, Samples samples, long periodMs, long widthMs) {
        double[] medians = new double[16];
        int size = 0;
        long end = window.endMs() - periodMs + widthMs / 2;
        for (; end - widthMs >= window.startMs(); end -= periodMs) {
            int from = samples.after(end - widthMs);
            int to = samples.after(end);
            if (from < to) {
                if (size == medians.length) {
                    medians = Arrays.copyOf(medians, 2 * size);
                }
                medians[size++] = RobustScore.median(samples.sorted(from, to));
            }
        }
        double[] sorted = Arrays.copyOf(medians, size);
        Arrays.sort(sorted);
        return sorted;
    }

    private static long width(double[] parameters) {
        long widthMs = millis(parameters, 1);
        if (widthMs > millis(parameters, 0)) {
            throw new IllegalArgumentException("the width must not be greater than the period, but " + parameters[1]
                    + " s is greater than " + parameters[0] + " s");
        }
        return widthMs;
    }

    private static long millis(double[] parameters, int i) {
        double millis = parameters[i] * 1000;
        if (!(millis >= 1 && millis <= MAX_MS)) {
            throw new IllegalArgumentException((i == 0 ? "the period" : "the width")
                    + " must be a number of seconds, at least 0.001, not " + parameters[i]);
        }
        return (long) millis;
    }
}
