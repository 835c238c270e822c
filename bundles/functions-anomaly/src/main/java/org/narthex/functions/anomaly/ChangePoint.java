package org.narthex.functions.anomaly;

import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.FunctionPack;

/**
 * Where a series changed its level: the test of Pettitt, "A Non-Parametric Approach to the Change-Point Problem" (Applied Statistics 28, 1979).
 * It compares values by rank alone, so neither their distribution nor single spikes matter.
 */
final class ChangePoint {
    private final Samples samples;
    /** The first sample after the change. */
    private int first;
    /** The probability that values without a change would show as much. */
    private double probability = 1;

    private ChangePoint(Samples samples) {
        this.samples = samples;
        int n = samples.size();
        Ascending all = new Ascending(samples.sorted(0, n), n);
        long statistic = 0;
        long greatest = 0;
        for (int i = 0; i < n - 1; i++) {
            // How many values are less than this one, less how many are greater.
            statistic += all.below(samples.value(i)) - (n - all.notAbove(samples.value(i)));
            if (Math.abs(statistic) > greatest) {
                greatest = Math.abs(statistic);
                first = i + 1;
            }
        }
        if (first > 0) {
            double k = greatest;
            double cubes = (double) n * n * n + (double) n * n;
            probability = Math.min(1, 2 * Math.exp(-6 * k * k / cubes));
        }
    }

    private static ChangePoint of(FunctionPack.Window window, double[] parameters) {
        if (!(parameters[0] > 0 && parameters[0] <= 1)) {
            throw new IllegalArgumentException(
                    "the significance must be greater than 0 and at most 1, not " + parameters[0]);
        }
        return new ChangePoint(Samples.of(window));
    }

    private boolean isSignificant(double[] parameters) {
        return first > 0 && probability <= parameters[0];
    }

    /** {@code change_point(v range-vector, significance scalar)}: seconds since the epoch of the first sample after the change. */
    static double timeSeconds(FunctionPack.Window window, double[] parameters) {
        ChangePoint change = of(window, parameters);
        return change.isSignificant(parameters) ? change.samples.timestampMs(change.first) / 1000.0 : StaleNaN.VALUE;
    }

    /** {@code change_point_shift(v range-vector, significance scalar)}: the median after the change less the one before. */
    static double shift(FunctionPack.Window window, double[] parameters) {
        ChangePoint change = of(window, parameters);
        if (!change.isSignificant(parameters)) {
            return StaleNaN.VALUE;
        }
        double after = RobustScore.median(change.samples.sorted(change.first, change.samples.size()));
        return after - RobustScore.median(change.samples.sorted(0, change.first));
    }

    /** The probability of the greatest change found; for tests against published ones. */
    static double probability(FunctionPack.Window window) {
        return new ChangePoint(Samples.of(window)).probability;
    }
}
