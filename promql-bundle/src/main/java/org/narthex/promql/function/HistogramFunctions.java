package org.narthex.promql.function;

import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.Notes;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.eval.Value;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Quoting;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.Span;
import org.narthex.promql.parser.ValueType;

/** Quantiles and fractions of classic histograms. Of native ones there are none in a storage of floats. */
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
        for (String name : new String[] {"avg", "count", "sum", "stddev", "stdvar"}) {
            table.add(
                    Signature.of("histogram_" + name, vector, vector),
                    new Kernel.General(HistogramFunctions::ofNative));
        }
    }

    /** These take native histograms and leave floats out, and there is nothing but floats. */
    private static Value ofNative(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        evaluator.vector(call.arguments().get(0), grid);
        return new Rows();
    }

    private static Value quantile(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        double[] q = evaluator.scalar(call.arguments().get(0), grid);
        for (double value : q) {
            OverTimeFunctions.warnUnlessQuantile(value, call.arguments().get(0), evaluator);
        }
        Expr argument = call.arguments().get(1);
        Rows rows = evaluator.rows(argument, grid);
        Notes notes = evaluator.query().notes();
        Rows result = new Rows();
        for (ClassicHistograms.Histogram histogram : ClassicHistograms.of(rows, notes, argument.span())) {
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
                            + ") for metric name " + Quoting.quote(histogram.metricName()),
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
        Rows rows = evaluator.rows(argument, grid);
        Notes notes = evaluator.query().notes();
        List<ClassicHistograms.Histogram> histograms = ClassicHistograms.of(rows, notes, argument.span());
        Rows result = new Rows();
        for (int i = 2; i < arguments.size(); i++) {
            double[] q = evaluator.scalar(arguments.get(i), grid);
            for (double value : q) {
                OverTimeFunctions.warnUnlessQuantile(value, arguments.get(i), evaluator);
            }
            String text = openMetricsFloat(q[0]);
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

    private static Value fraction(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        double[] lower = evaluator.scalar(call.arguments().get(0), grid);
        double[] upper = evaluator.scalar(call.arguments().get(1), grid);
        Expr argument = call.arguments().get(2);
        Rows rows = evaluator.rows(argument, grid);
        Rows result = new Rows();
        for (ClassicHistograms.Histogram histogram :
                ClassicHistograms.of(rows, evaluator.query().notes(), argument.span())) {
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
