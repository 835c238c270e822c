package org.narthex.functions.anomaly;

import java.util.Arrays;

import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.FunctionPack;

/**
 * How far a value lies from the median of others, in deviations that a few of them cannot distort: the modified z-score of Iglewicz and
 * Hoaglin, "How to Detect and Handle Outliers" (1993), with their means for the case that more than half of the values are equal.
 */
final class RobustScore {
    /** Below so many values a median of deviations says nothing. */
    static final int LEAST_VALUES = 3;

    /** The median absolute deviation of normally distributed values is the standard deviation divided by this. */
    static final double PER_MEDIAN_DEVIATION = 1.482602218505602;

    /** The mean absolute deviation of normally distributed values is the standard deviation divided by this: the root of pi / 2. */
    static final double PER_MEAN_DEVIATION = 1.2533141373155003;

    private final double median;
    private final double deviation;

    /** @param sorted at least one value, in ascending order */
    RobustScore(double[] sorted) {
        median = median(sorted);
        double[] deviations = new double[sorted.length];
        double sum = 0;
        for (int i = 0; i < sorted.length; i++) {
            // Infinite values lie at an infinite median, not at an unknown distance from it.
            deviations[i] = sorted[i] == median ? 0 : Math.abs(sorted[i] - median);
            sum += deviations[i];
        }
        Arrays.sort(deviations);
        double ofMedian = median(deviations);
        deviation = ofMedian > 0 ? PER_MEDIAN_DEVIATION * ofMedian : PER_MEAN_DEVIATION * (sum / sorted.length);
    }

    /** @param sorted at least one value, in ascending order */
    static double median(double[] sorted) {
        int middle = sorted.length / 2;
        double upper = sorted[middle];
        double lower = sorted.length % 2 == 1 ? upper : sorted[middle - 1];
        return lower == upper ? upper : lower + (upper - lower) / 2;
    }

    double median() {
        return median;
    }

    double of(double value) {
        return inDeviations(value == median ? 0 : value - median, deviation);
    }

    /** A distance in deviations; without deviations every distance but none is infinite. */
    static double inDeviations(double distance, double deviation) {
        return distance == 0 ? 0 : distance / deviation;
    }

    /** {@code robust_zscore(v range-vector)}: of the newest sample among all in the window. */
    static double ofNewest(FunctionPack.Window window) {
        double newest = window.value(window.size() - 1);
        Samples samples = Samples.of(window);
        if (samples.size() < LEAST_VALUES) {
            return StaleNaN.VALUE;
        }
        return Double.isNaN(newest) ? Double.NaN : new RobustScore(samples.sorted(0, samples.size())).of(newest);
    }
}
