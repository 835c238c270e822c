package org.narthex.promql.function;

import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kahan;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.MixedFunction;
import org.narthex.promql.eval.Quantiles;
import org.narthex.promql.eval.RangeFunction;
import org.narthex.promql.eval.Scratch;
import org.narthex.promql.eval.Value;
import org.narthex.promql.eval.Windows;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** Aggregations over the samples of a window. */
final class OverTimeFunctions {
    /** Whole numbers up to here are exact in a double, and so are their sums. */
    private static final double EXACT = 1L << 53;

    private OverTimeFunctions() {}

    static void addTo(Functions table) {
        add(table, "sum_over_time", OverTimeFunctions::sum, false, new MixedOverTime.Sum(false));
        add(table, "avg_over_time", OverTimeFunctions::average, false, new MixedOverTime.Sum(true));
        add(table, "count_over_time", OverTimeFunctions::count, false, MixedOverTime::count);
        add(table, "present_over_time", OverTimeFunctions::present, false, MixedOverTime::present);
        add(table, "last_over_time", OverTimeFunctions::last, true, MixedOverTime::last);
        add(table, "stddev_over_time", (w, p, out, s) -> deviation(w, out, true, s), false, MixedOverTime::ignoring);
        add(table, "stdvar_over_time", (w, p, out, s) -> deviation(w, out, false, s), false, MixedOverTime::ignoring);
        table.add(
                Signature.of("first_over_time", ValueType.VECTOR, ValueType.MATRIX)
                        .asExperimental(),
                new Kernel.OverRange(OverTimeFunctions::first, true, MixedOverTime::first));
        table.add(
                Signature.of("mad_over_time", ValueType.VECTOR, ValueType.MATRIX)
                        .asExperimental(),
                new Kernel.OverRange(OverTimeFunctions::medianDeviation, false, MixedOverTime::ignoring));
        table.add(
                Signature.of("quantile_over_time", ValueType.VECTOR, ValueType.SCALAR, ValueType.MATRIX),
                new Kernel.General(OverTimeFunctions::quantile));
    }

    private static void add(
            Functions table, String name, RangeFunction function, boolean keepsName, MixedFunction histograms) {
        table.add(
                Signature.of(name, ValueType.VECTOR, ValueType.MATRIX),
                new Kernel.OverRange(function, keepsName, histograms));
    }

    private static void count(Windows windows, double[][] parameters, double[] out, Scratch scratch) {
        for (int step = 0; step < out.length; step++) {
            int count = windows.to(step) - windows.from(step);
            out[step] = count == 0 ? Absent.VALUE : count;
        }
    }

    private static void present(Windows windows, double[][] parameters, double[] out, Scratch scratch) {
        for (int step = 0; step < out.length; step++) {
            out[step] = windows.to(step) == windows.from(step) ? Absent.VALUE : 1;
        }
    }

    private static void last(Windows windows, double[][] parameters, double[] out, Scratch scratch) {
        double[] values = windows.values();
        for (int step = 0; step < out.length; step++) {
            int to = windows.to(step);
            out[step] = to == windows.from(step) ? Absent.VALUE : values[to - 1];
        }
    }

    private static void first(Windows windows, double[][] parameters, double[] out, Scratch scratch) {
        double[] values = windows.values();
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            out[step] = from == windows.to(step) ? Absent.VALUE : values[from];
        }
    }

    private static void sum(Windows windows, double[][] parameters, double[] out, Scratch scratch)
            throws QueryException {
        double[] prefix = exactPrefixSums(windows, scratch);
        if (prefix != null) {
            for (int step = 0; step < out.length; step++) {
                int from = windows.from(step);
                int to = windows.to(step);
                out[step] = from == to ? Absent.VALUE : prefix[to] - prefix[from];
            }
            return;
        }
        double[] values = windows.values();
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            int to = windows.to(step);
            double sum = 0;
            double compensation = 0;
            scratch.worked(to - from);
            for (int i = from; i < to; i++) {
                double total = sum + values[i];
                compensation = Kahan.compensation(values[i], sum, compensation, total);
                sum = total;
            }
            out[step] = from == to ? Absent.VALUE : Double.isInfinite(sum) ? sum : sum + compensation;
        }
    }

    private static void average(Windows windows, double[][] parameters, double[] out, Scratch scratch)
            throws QueryException {
        double[] prefix = exactPrefixSums(windows, scratch);
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            int to = windows.to(step);
            if (from == to) {
                out[step] = Absent.VALUE;
            } else if (prefix != null) {
                out[step] = (prefix[to] - prefix[from]) / (to - from);
            } else {
                scratch.worked(to - from);
                out[step] = mean(windows.values(), from, to);
            }
        }
    }

    /**
     * Sums of the first i samples, if all values are whole numbers so small that every sum is exact: then differences of these sums are what
     * a compensated sum gives, whatever the order. Null if not, or if windows overlap too little to be worth it.
     */
    private static double[] exactPrefixSums(Windows windows, Scratch scratch) {
        int size = windows.size();
        int middle = windows.steps() / 2;
        if (windows.steps() < 8 || windows.to(middle) - windows.from(middle) < 8) {
            return null;
        }
        double[] values = windows.values();
        double[] prefix = scratch.sorting(size + 1);
        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < size; i++) {
            prefix[i] = sum;
            double value = values[i];
            magnitude += Math.abs(value);
            if (!(magnitude <= EXACT) || value != Math.rint(value)) {
                return null;
            }
            sum += value;
        }
        prefix[size] = sum;
        return prefix;
    }

    /** Sum by count; where the sum would overflow, a running mean. */
    private static double mean(double[] values, int from, int to) {
        double sum = values[from];
        double compensation = 0;
        int i = from + 1;
        for (; i < to; i++) {
            double total = sum + values[i];
            if (Double.isInfinite(total)) {
                break;
            }
            compensation = Kahan.compensation(values[i], sum, compensation, total);
            sum = total;
        }
        double count = i - from;
        if (i == to) {
            return sum / count + compensation / count;
        }
        double mean = sum / count;
        compensation /= count;
        for (; i < to; i++) {
            count++;
            double weight = (count - 1) / count;
            double share = values[i] / count;
            double weighted = weight * mean;
            double total = weighted + share;
            compensation = Kahan.compensation(share, weighted, weight * compensation, total);
            mean = total;
        }
        return mean + compensation;
    }

    /** Welford's method with compensated sums, of the population. */
    private static void deviation(Windows windows, double[] out, boolean root, Scratch scratch) throws QueryException {
        double[] values = windows.values();
        Kahan mean = new Kahan();
        Kahan squares = new Kahan();
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            int to = windows.to(step);
            if (from == to) {
                out[step] = Absent.VALUE;
                continue;
            }
            mean.reset();
            squares.reset();
            scratch.worked(2 * (to - from));
            for (int i = from; i < to; i++) {
                double delta = values[i] - mean.value();
                mean.add(delta / (i - from + 1));
                squares.add(delta * (values[i] - mean.value()));
            }
            double variance = squares.value() / (to - from);
            out[step] = root ? Math.sqrt(variance) : variance;
        }
    }

    private static Value quantile(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        double[] q = evaluator.scalar(call.arguments().get(0), grid);
        for (double value : q) {
            warnUnlessQuantile(value, call.arguments().get(0), evaluator);
        }
        Kernel.OverRange kernel = new Kernel.OverRange(OverTimeFunctions::quantiles, false, MixedOverTime::ignoring);
        return evaluator.overRange(call.arguments().get(1), kernel, new double[][] {q, null}, grid);
    }

    static void warnUnlessQuantile(double q, Expr argument, Evaluator evaluator) {
        if (!(q >= 0 && q <= 1)) {
            evaluator
                    .query()
                    .notes()
                    .warn("quantile value should be between 0 and 1, got " + SampleValue.format(q), argument.span());
        }
    }

    private static void quantiles(Windows windows, double[][] parameters, double[] out, Scratch scratch)
            throws QueryException {
        double[] values = windows.values();
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            int count = windows.to(step) - from;
            if (count == 0) {
                out[step] = Absent.VALUE;
                continue;
            }
            scratch.worked(4 * count);
            double[] sorted = scratch.sorting(count);
            System.arraycopy(values, from, sorted, 0, count);
            out[step] = Quantiles.of(parameters[0][step], sorted, count);
        }
    }

    /** The median of the distances from the median. */
    private static void medianDeviation(Windows windows, double[][] parameters, double[] out, Scratch scratch)
            throws QueryException {
        double[] values = windows.values();
        for (int step = 0; step < out.length; step++) {
            int from = windows.from(step);
            int count = windows.to(step) - from;
            if (count == 0) {
                out[step] = Absent.VALUE;
                continue;
            }
            scratch.worked(4 * count);
            double[] sorted = scratch.sorting(count);
            System.arraycopy(values, from, sorted, 0, count);
            double median = Quantiles.of(0.5, sorted, count);
            boolean nan = false;
            for (int i = 0; i < count; i++) {
                sorted[i] = Math.abs(values[from + i] - median);
                nan |= Double.isNaN(sorted[i]);
            }
            out[step] = nan ? Double.NaN : Quantiles.of(0.5, sorted, count);
        }
    }
}
