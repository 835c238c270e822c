package org.narthex.promql.function;

import java.util.function.DoubleUnaryOperator;

import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.MappedVector;
import org.narthex.promql.eval.RowOperation;
import org.narthex.promql.eval.Value;
import org.narthex.promql.eval.Vector;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** Functions of one number, rounding and clamping. */
final class MathFunctions {
    private static final double LN2 = Math.log(2);

    private MathFunctions() {}

    static void addTo(Functions table) {
        perSample(table, "abs", Math::abs);
        perSample(table, "ceil", Math::ceil);
        perSample(table, "floor", Math::floor);
        perSample(table, "exp", Math::exp);
        perSample(table, "sqrt", Math::sqrt);
        perSample(table, "ln", Math::log);
        perSample(table, "log2", MathFunctions::log2);
        perSample(table, "log10", Math::log10);
        perSample(table, "sgn", Math::signum);
        perSample(table, "deg", value -> value * 180 / Math.PI);
        perSample(table, "rad", value -> value * Math.PI / 180);
        perSample(table, "sin", Math::sin);
        perSample(table, "cos", Math::cos);
        perSample(table, "tan", Math::tan);
        perSample(table, "asin", Math::asin);
        perSample(table, "acos", Math::acos);
        perSample(table, "atan", Math::atan);
        perSample(table, "sinh", Math::sinh);
        perSample(table, "cosh", Math::cosh);
        perSample(table, "tanh", Math::tanh);
        perSample(table, "asinh", MathFunctions::asinh);
        perSample(table, "acosh", MathFunctions::acosh);
        perSample(table, "atanh", value -> 0.5 * Math.log1p(2 * value / (1 - value)));
        ValueType vector = ValueType.VECTOR;
        ValueType scalar = ValueType.SCALAR;
        table.add(
                Signature.of("round", vector, vector, scalar).withVariadic(1),
                new Kernel.General(MathFunctions::round));
        table.add(Signature.of("clamp", vector, vector, scalar, scalar), new Kernel.General(MathFunctions::clamp));
        table.add(
                Signature.of("clamp_min", vector, vector, scalar),
                new Kernel.General((call, grid, evaluator) -> mapped(
                        call,
                        grid,
                        evaluator,
                        max(evaluator.scalar(call.arguments().get(1), grid)))));
        table.add(
                Signature.of("clamp_max", vector, vector, scalar),
                new Kernel.General((call, grid, evaluator) -> mapped(
                        call,
                        grid,
                        evaluator,
                        min(evaluator.scalar(call.arguments().get(1), grid)))));
        table.add(
                Signature.of("pi", scalar),
                new Kernel.General((call, grid, evaluator) -> QueryFunctions.constant(Math.PI, grid)));
    }

    private static void perSample(Functions table, String name, DoubleUnaryOperator function) {
        table.add(Signature.of(name, ValueType.VECTOR, ValueType.VECTOR), new Kernel.PerSample(function));
    }

    /** Exact for powers of two. */
    private static double log2(double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            return Math.log(value);
        }
        int exponent = Math.getExponent(value);
        if (exponent < Double.MIN_EXPONENT) {
            return Math.log(value) / LN2;
        }
        double fraction = Math.scalb(value, -exponent - 1);
        return fraction == 0.5 ? exponent : Math.log(fraction) / LN2 + exponent + 1;
    }

    private static double asinh(double value) {
        double abs = Math.abs(value);
        double result =
                abs > 1e150 ? Math.log(abs) + LN2 : Math.log1p(abs + abs * abs / (1 + Math.sqrt(abs * abs + 1)));
        return value == 0 || Double.isInfinite(value) ? value : Math.copySign(result, value);
    }

    private static double acosh(double value) {
        if (value < 1) {
            // Far below, rounding would make the logarithm's argument 0.
            return Double.NaN;
        }
        if (value > 1e150) {
            return Math.log(value) + LN2;
        }
        double above = value - 1;
        return Math.log1p(above + Math.sqrt(2 * above + above * above));
    }

    private static Value mapped(Expr.Call call, Grid grid, Evaluator evaluator, RowOperation operation)
            throws QueryException {
        Vector vector = evaluator.vector(call.arguments().get(0), grid);
        return MappedVector.withoutName(vector, operation, evaluator.query(), grid.steps());
    }

    private static RowOperation max(double[] bound) {
        return (in, out) -> {
            for (int step = 0; step < in.length; step++) {
                out[step] = Absent.is(in[step]) ? Absent.VALUE : greater(in[step], bound[step]);
            }
        };
    }

    private static RowOperation min(double[] bound) {
        return (in, out) -> {
            for (int step = 0; step < in.length; step++) {
                out[step] = Absent.is(in[step]) ? Absent.VALUE : lesser(in[step], bound[step]);
            }
        };
    }

    private static Value clamp(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        double[] min = evaluator.scalar(call.arguments().get(1), grid);
        double[] max = evaluator.scalar(call.arguments().get(2), grid);
        return mapped(call, grid, evaluator, (in, out) -> {
            for (int step = 0; step < in.length; step++) {
                out[step] = Absent.is(in[step]) || max[step] < min[step]
                        ? Absent.VALUE
                        : greater(min[step], lesser(max[step], in[step]));
            }
        });
    }

    private static Value round(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        double[] nearest = call.arguments().size() > 1
                ? evaluator.scalar(call.arguments().get(1), grid)
                : QueryFunctions.constant(1, grid).values();
        return mapped(call, grid, evaluator, (in, out) -> {
            for (int step = 0; step < in.length; step++) {
                // Multiplying by the inverse loses less than dividing.
                double inverse = 1 / nearest[step];
                out[step] = Absent.is(in[step]) ? Absent.VALUE : Math.floor(in[step] * inverse + 0.5) / inverse;
            }
        });
    }

    /** As Go has it: infinity is greater even than NaN. */
    static double greater(double a, double b) {
        return a == Double.POSITIVE_INFINITY || b == Double.POSITIVE_INFINITY
                ? Double.POSITIVE_INFINITY
                : Math.max(a, b);
    }

    /** As Go has it: negative infinity is less even than NaN. */
    static double lesser(double a, double b) {
        return a == Double.NEGATIVE_INFINITY || b == Double.NEGATIVE_INFINITY
                ? Double.NEGATIVE_INFINITY
                : Math.min(a, b);
    }
}
