package org.narthex.promql.function;

import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kahan;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.eval.Scratch;
import org.narthex.promql.eval.Value;
import org.narthex.promql.eval.Vector;
import org.narthex.promql.eval.Windows;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** Trends: deriv, predict_linear, double_exponential_smoothing. */
final class RegressionFunctions {
    private RegressionFunctions() {}

    static void addTo(Functions table) {
        ValueType vector = ValueType.VECTOR;
        ValueType matrix = ValueType.MATRIX;
        ValueType scalar = ValueType.SCALAR;
        table.add(
                Signature.of("deriv", vector, matrix),
                new Kernel.OverRange(RegressionFunctions::deriv, false, MixedOverTime::ignoring));
        table.add(
                Signature.of("predict_linear", vector, matrix, scalar),
                new Kernel.OverRange(RegressionFunctions::predict, false, MixedOverTime::ignoring));
        table.add(
                Signature.of("double_exponential_smoothing", vector, matrix, scalar, scalar)
                        .asExperimental(),
                new Kernel.General(RegressionFunctions::smoothing));
    }

    private static void deriv(Windows windows, double[][] parameters, double[] out, Scratch scratch)
            throws QueryException {
        Line line = new Line();
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            if (windows.to(step) - from < 2) {
                out[step] = Absent.VALUE;
                continue;
            }
            scratch.worked(4 * windows.count(step));
            line.fit(windows, step, windows.timestampsMs()[from]);
            out[step] = line.slope;
        }
    }

    private static void predict(Windows windows, double[][] parameters, double[] out, Scratch scratch)
            throws QueryException {
        Line line = new Line();
        for (int step = 0; step < out.length; step++) {
            if (windows.to(step) - windows.from(step) < 2) {
                out[step] = Absent.VALUE;
                continue;
            }
            scratch.worked(4 * windows.count(step));
            line.fit(windows, step, windows.timeMs(step));
            out[step] = line.slope * parameters[1][step] + line.intercept;
        }
    }

    /** A least squares fit. */
    private static final class Line {
        private final Kahan sumX = new Kahan();
        private final Kahan sumY = new Kahan();
        private final Kahan sumXy = new Kahan();
        private final Kahan sumXx = new Kahan();
        private double slope;
        private double intercept;

        /** @param zeroMs the time whose value is the intercept */
        void fit(Windows windows, int step, long zeroMs) {
            long[] times = windows.timestampsMs();
            double[] values = windows.values();
            int from = windows.from(step);
            int to = windows.to(step);
            double first = values[from];
            boolean constant = true;
            sumX.reset();
            sumY.reset();
            sumXy.reset();
            sumXx.reset();
            for (int i = from; i < to; i++) {
                double y = values[i];
                constant &= i == from || y == first;
                double x = (times[i] - zeroMs) / 1000.0;
                sumX.add(x);
                sumY.add(y);
                sumXy.add(x * y);
                sumXx.add(x * x);
            }
            if (constant) {
                slope = Double.isInfinite(first) ? Double.NaN : 0;
                intercept = Double.isInfinite(first) ? Double.NaN : first;
                return;
            }
            double n = to - from;
            double covariance = sumXy.value() - sumX.value() * sumY.value() / n;
            double variance = sumXx.value() - sumX.value() * sumX.value() / n;
            slope = covariance / variance;
            intercept = sumY.value() / n - slope * sumX.value() / n;
        }
    }

    private static Value smoothing(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        double[] level = evaluator.scalar(call.arguments().get(1), grid);
        double[] trend = evaluator.scalar(call.arguments().get(2), grid);
        Kernel.OverRange kernel = new Kernel.OverRange(RegressionFunctions::smooth, false, MixedOverTime::ignoring);
        Vector smoothed =
                evaluator.overRange(call.arguments().get(0), kernel, new double[][] {null, level, trend}, grid);
        for (int step = 0; step < level.length; step++) {
            if (!isFactor(level[step]) || !isFactor(trend[step])) {
                // Whether anybody wants the result or not, it is an error if there are samples.
                return Rows.of(smoothed, evaluator.query(), grid.steps());
            }
        }
        return smoothed;
    }

    private static boolean isFactor(double factor) {
        return factor > 0 && factor < 1;
    }

    private static void requireFactor(String name, double factor) throws QueryException {
        if (!isFactor(factor)) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION,
                    "invalid " + name + " factor. Expected: 0 < " + name.charAt(0) + "f < 1, got: " + factor);
        }
    }

    private static void smooth(Windows windows, double[][] parameters, double[] out, Scratch scratch)
            throws QueryException {
        double[] values = windows.values();
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            int to = windows.to(step);
            if (to > from) {
                requireFactor("smoothing", parameters[1][step]);
                requireFactor("trend", parameters[2][step]);
            }
            if (to - from < 2) {
                out[step] = Absent.VALUE;
                continue;
            }
            scratch.worked(to - from);
            double level = parameters[1][step];
            double trendFactor = parameters[2][step];
            double before = 0;
            double smoothed = values[from];
            double trend = values[from + 1] - values[from];
            for (int i = from + 1; i < to; i++) {
                if (i > from + 1) {
                    trend = trendFactor * (smoothed - before) + (1 - trendFactor) * trend;
                }
                double next = level * values[i] + (1 - level) * (smoothed + trend);
                before = smoothed;
                smoothed = next;
            }
            out[step] = smoothed;
        }
    }
}
