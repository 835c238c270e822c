package org.narthex.promql.function;

import java.util.Arrays;

import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.Times;
import org.narthex.promql.eval.Value;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** Scalars that tell about the query, and the smaller or greater of two scalars. */
final class QueryFunctions {
    private QueryFunctions() {}

    static void addTo(Functions table) {
        times(table, "start", times -> times.startMs());
        times(table, "end", times -> times.endMs());
        times(table, "range", times -> times.endMs() - times.startMs());
        times(table, "step", times -> times.stepMs());
        choice(table, "min_of", MathFunctions::lesser);
        choice(table, "max_of", MathFunctions::greater);
    }

    static Value.Scalar constant(double value, Grid grid) {
        double[] values = new double[grid.steps()];
        Arrays.fill(values, value);
        return new Value.Scalar(values);
    }

    private interface OfTimes {
        long millis(Times times);
    }

    private interface OfTwo {
        double apply(double a, double b);
    }

    private static void times(Functions table, String name, OfTimes which) {
        table.add(
                Signature.of(name, ValueType.SCALAR).asExperimental(),
                new Kernel.General((call, grid, evaluator) ->
                        constant(which.millis(evaluator.query().times()) / 1000.0, grid)));
    }

    private static void choice(Functions table, String name, OfTwo which) {
        table.add(
                Signature.of(name, ValueType.SCALAR, ValueType.SCALAR, ValueType.SCALAR)
                        .asExperimental(),
                new Kernel.General((call, grid, evaluator) -> {
                    double[] a = evaluator.scalar(call.arguments().get(0), grid);
                    double[] b = evaluator.scalar(call.arguments().get(1), grid);
                    double[] out = new double[grid.steps()];
                    for (int step = 0; step < out.length; step++) {
                        out[step] = which.apply(a[step], b[step]);
                    }
                    return new Value.Scalar(out);
                }));
    }
}
