package org.narthex.promql.function;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.MappedVector;
import org.narthex.promql.eval.Notes;
import org.narthex.promql.eval.RowOperation;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.eval.Value;
import org.narthex.promql.eval.Vector;
import org.narthex.promql.histogram.Estimates;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Quoting;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.Span;
import org.narthex.promql.parser.ValueType;

/** Quantiles, fractions and moments of histograms, native and, where they have a meaning, classic ones. */
final class HistogramFunctions {
    private static final String HELP =
            "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile";

    private HistogramFunctions() {}

    static void addTo(Functions table) {
        ValueType vector = ValueType.VECTOR;
        ValueType scalar = ValueType.SCALAR;
        table.add(
                Signature.of("histogram_quantile", vector, scalar, vector),
                new Kernel.General(HistogramFunctions::quantile));
        table.add(
                Signature.of("histogram_quantiles", vector, vector, ValueType.STRING, scalar)
                        .withVariadic(9)
                        .asExperimental(),
                new Kernel.General(HistogramFunctions::quantiles));
        table.add(
                Signature.of("histogram_fraction", vector, scalar, scalar, vector),
                new Kernel.General(HistogramFunctions::fraction));
        ofNative(table, "avg", true, histogram -> histogram.sum() / histogram.count());
        ofNative(table, "count", true, FloatHistogram::count);
        ofNative(table, "sum", true, FloatHistogram::sum);
        ofNative(table, "stddev", false, histogram -> Math.sqrt(Estimates.variance(histogram)));
        ofNative(table, "stdvar", false, Estimates::variance);
    }

    /** These take native histograms and leave floats out. */
    private static void ofNative(
            Functions table, String what, boolean withoutBuckets, ToDoubleFunction<FloatHistogram> function) {
        RowOperation operation = new RowOperation() {
            @Override
            public void apply(double[] in, double[] out) {
                Arrays.fill(out, Absent.VALUE);
            }

            @Override
            public FloatHistogram[] applyToHistograms(FloatHistogram[] in, double[] out) {
                for (int step = 0; step < in.length; step++) {
                    if (in[step] != null) {
                        out[step] = function.applyAsDouble(in[step]);
                    }
                }
                return null;
            }
        };
        table.add(
                Signature.of("histogram_" + what, ValueType.VECTOR, ValueType.VECTOR),
                new Kernel.General((call, grid, evaluator) -> {
                    Vector vector = evaluator.vector(call.arguments().get(0), grid, withoutBuckets);
                    return MappedVector.withoutName(vector, operation, evaluator.query(), grid.steps());
                }));
    }

    private static NativeHistograms.Estimate quantileOf(double[] q, Notes notes, Span span) {
        return (histogram, metric, step) -> {
            Estimates.Quantile quantile = Estimates.quantile(q[step], histogram);
            if (quantile.nans() != Estimates.Nans.NONE) {
                String effect = quantile.nans() == Estimates.Nans.RESULT ? "NaN" : "skewed higher";
                notes.info(
                        "input to histogram_quantile has NaN observations, result is " + effect
                                + NativeHistograms.ofMetric(metric),
                        span);
            }
            return quantile.value();
        };
    }

    private static Value quantile(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        double[] q = evaluator.scalar(call.arguments().get(0), grid);
        for (double value : q) {
            OverTimeFunctions.warnUnlessQuantile(value, call.arguments().get(0), evaluator);
        }
        Expr argument = call.arguments().get(1);
        Rows rows = Rows.of(evaluator.vector(argument, grid, false), evaluator.query(), grid.steps());
        Notes notes = evaluator.query().notes();
        Rows result = new Rows();
        List<ClassicHistograms.Histogram> classics = ClassicHistograms.of(rows, notes, argument.span());
        NativeHistograms natives = NativeHistograms.of(rows, classics, evaluator, argument.span());
        natives.addTo(result, "", "", grid.steps(), quantileOf(q, notes, argument.span()));
        for (ClassicHistograms.Histogram histogram : classics) {
            evaluator.query().budget().check();
            addQuantile(result, histogram, histogram.labels(), q, rows, notes, argument.span());
        }
        return result.joined();
    }

    private static void addQuantile(
            Rows result,
            ClassicHistograms.Histogram histogram,
            Labels labels,
            double[] q,
            Rows rows,
            Notes notes,
            Span span) {
        Buckets buckets = new Buckets(histogram.size());
        double[] out = new double[q.length];
        boolean forced = false;
        for (int step = 0; step < out.length; step++) {
            histogram.fill(buckets, rows, step);
            out[step] = buckets.isEmpty() ? Absent.VALUE : buckets.quantile(q[step]);
            forced |= buckets.wasForced();
        }
        if (forced) {
            notes.info(
                    "input to histogram_quantile needed to be fixed for monotonicity (see " + HELP
                            + ")"
                            + NativeHistograms.ofMetric(histogram.metricName()),
                    span);
        }
        if (!Absent.isEverywhere(out)) {
            result.add(labels, false, out);
        }
    }

    private static Value quantiles(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        List<Expr> arguments = call.arguments();
        Expr argument = arguments.get(0);
        String label = evaluator.text(arguments.get(1), grid);
        if (label.isEmpty() || !Quoting.isValidUtf8(label)) {
            throw new QueryException(QueryException.Kind.EXECUTION, "invalid label name " + Quoting.quote(label));
        }
        Rows rows = Rows.of(evaluator.vector(argument, grid, false), evaluator.query(), grid.steps());
        Notes notes = evaluator.query().notes();
        List<ClassicHistograms.Histogram> histograms = ClassicHistograms.of(rows, notes, argument.span());
        NativeHistograms natives = NativeHistograms.of(rows, histograms, evaluator, argument.span());
        Rows result = new Rows();
        for (int i = 2; i < arguments.size(); i++) {
            double[] q = evaluator.scalar(arguments.get(i), grid);
            for (double value : q) {
                OverTimeFunctions.warnUnlessQuantile(value, arguments.get(i), evaluator);
            }
            String text = openMetricsFloat(q[0]);
            natives.addTo(result, label, text, grid.steps(), quantileOf(q, notes, argument.span()));
            for (ClassicHistograms.Histogram histogram : histograms) {
                Labels labels = histogram.labels().toBuilder().set(label, text).build();
                addQuantile(result, histogram, labels, q, rows, notes, argument.span());
            }
        }
        return result.joined();
    }

    private static String openMetricsFloat(double value) {
        String text = SampleValue.format(value);
        boolean whole =
                text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('N') < 0 && text.indexOf('I') < 0;
        return whole ? text + ".0" : text;
    }

    private static NativeHistograms.Estimate fractionOf(double[] lower, double[] upper, Notes notes, Span span) {
        return (histogram, metric, step) -> {
            if (Estimates.hasNans(histogram)) {
                notes.info(
                        "input to histogram_fraction has NaN observations, which are excluded from all fractions"
                                + NativeHistograms.ofMetric(metric),
                        span);
            }
            return Estimates.fraction(lower[step], upper[step], histogram);
        };
    }

    private static Value fraction(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        double[] lower = evaluator.scalar(call.arguments().get(0), grid);
        double[] upper = evaluator.scalar(call.arguments().get(1), grid);
        Expr argument = call.arguments().get(2);
        Rows rows = Rows.of(evaluator.vector(argument, grid, false), evaluator.query(), grid.steps());
        Rows result = new Rows();
        Notes notes = evaluator.query().notes();
        List<ClassicHistograms.Histogram> classics = ClassicHistograms.of(rows, notes, argument.span());
        NativeHistograms.of(rows, classics, evaluator, argument.span())
                .addTo(result, "", "", grid.steps(), fractionOf(lower, upper, notes, argument.span()));
        for (ClassicHistograms.Histogram histogram : classics) {
            evaluator.query().budget().check();
            Buckets buckets = new Buckets(histogram.size());
            double[] out = new double[grid.steps()];
            for (int step = 0; step < out.length; step++) {
                histogram.fill(buckets, rows, step);
                out[step] = buckets.isEmpty() ? Absent.VALUE : buckets.fraction(lower[step], upper[step]);
            }
            if (!Absent.isEverywhere(out)) {
                result.add(histogram.labels(), false, out);
            }
        }
        return result.joined();
    }
}
