package org.narthex.functions.anomaly;

import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.FunctionPack;

/**
 * Holt's double exponential smoothing, step by step as PromQL's {@code double_exponential_smoothing} does it, and how far the samples were from
 * what it foretold. The first two samples set level and trend; errors are counted from the third on.
 */
final class DoubleExponential {
    private static final int FIRST_FORETOLD = 2;

    private double level;
    /** Of the newest sample: what it was less what was foretold. */
    private double error;
    /** Squares of the errors before the newest one. */
    private double squares;

    private DoubleExponential(Samples samples, double levelFactor, double trendFactor) {
        double before = 0;
        double trend = samples.value(1) - samples.value(0);
        level = samples.value(0);
        for (int i = 1; i < samples.size(); i++) {
            trend = i == 1 ? trend : trendFactor * (level - before) + (1 - trendFactor) * trend;
            double foretold = level + trend;
            squares += error * error;
            error = i < FIRST_FORETOLD ? 0 : samples.value(i) - foretold;
            before = level;
            level = levelFactor * samples.value(i) + (1 - levelFactor) * foretold;
        }
    }

    private static DoubleExponential of(Samples samples, double[] parameters) {
        return new DoubleExponential(samples, factor("smoothing", parameters[0]), factor("trend", parameters[1]));
    }

    private static double factor(String name, double factor) {
        if (!(factor > 0 && factor < 1)) {
            throw new IllegalArgumentException("invalid " + name + " factor. Expected: 0 < factor < 1, got: " + factor);
        }
        return factor;
    }

    /** {@code double_exponential_band(v range-vector, sf scalar, tf scalar, deviations scalar)}. */
    static double band(FunctionPack.Window window, double[] parameters) {
        Samples samples = Samples.of(window);
        if (samples.size() <= FIRST_FORETOLD) {
            return StaleNaN.VALUE;
        }
        DoubleExponential smoothed = of(samples, parameters);
        double deviations = parameters[2];
        double all = smoothed.squares + smoothed.error * smoothed.error;
        return deviations == 0
                ? smoothed.level
                : smoothed.level + deviations * Math.sqrt(all / (samples.size() - FIRST_FORETOLD));
    }

    /** {@code double_exponential_zscore(v range-vector, sf scalar, tf scalar)}: of the newest sample, by the errors before it. */
    static double score(FunctionPack.Window window, double[] parameters) {
        Samples samples = Samples.of(window);
        int errorsBefore = samples.size() - 1 - FIRST_FORETOLD;
        if (errorsBefore < 1) {
            return StaleNaN.VALUE;
        }
        DoubleExponential smoothed = of(samples, parameters);
        boolean isNumber = !Double.isNaN(window.value(window.size() - 1));
        return isNumber
                ? RobustScore.inDeviations(smoothed.error, Math.sqrt(smoothed.squares / errorsBefore))
                : Double.NaN;
    }
}
