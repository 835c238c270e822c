package org.narthex.promql.eval;

import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.TokenType;

/** Arithmetic and comparison of floats. */
public final class Operators {
    private Operators() {}

    /** Whether results are no longer what the metric's name says: not if they are only filtered or trimmed. */
    static boolean makesNewMetric(Expr.Binary binary) {
        TokenType operator = binary.operator();
        return binary.returnBool() || !(operator.isComparison() || HistogramOperators.isTrim(operator));
    }

    /** The result of an arithmetic operator. */
    static double arithmetic(TokenType operator, double left, double right) {
        return switch (operator) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> left / right;
            case MOD -> left % right;
            case POW -> pow(left, right);
            case ATAN2 -> Math.atan2(left, right);
            default -> throw new AssertionError(operator);
        };
    }

    /** Java's pow differs from C's and Go's where the base is 1 or the exponent is NaN or infinite. */
    public static double pow(double base, double exponent) {
        if (base == 1 || exponent == 0) {
            return 1;
        }
        if (base == -1 && Double.isInfinite(exponent)) {
            return 1;
        }
        return Math.pow(base, exponent);
    }

    /** Whether the comparison holds. */
    static boolean compare(TokenType operator, double left, double right) {
        return switch (operator) {
            case EQLC -> left == right;
            case NEQ -> left != right;
            case LTE -> left <= right;
            case LSS -> left < right;
            case GTE -> left >= right;
            case GTR -> left > right;
            default -> throw new AssertionError(operator);
        };
    }

    /** What remains of a pair: the result, 0 or 1 with {@code bool}, else the kept value or {@link Absent#VALUE}. */
    static double element(TokenType operator, boolean returnBool, double left, double right, double kept) {
        if (!operator.isComparison()) {
            return arithmetic(operator, left, right);
        }
        boolean holds = compare(operator, left, right);
        if (returnBool) {
            return holds ? 1 : 0;
        }
        return holds ? kept : Absent.VALUE;
    }

    /** A row with a number per step, on its left or right. */
    static RowOperation withScalar(TokenType operator, boolean returnBool, double[] scalar, boolean scalarOnLeft) {
        if (scalarOnLeft) {
            return (in, out) -> {
                for (int step = 0; step < in.length; step++) {
                    double value = in[step];
                    out[step] =
                            Absent.is(value) ? Absent.VALUE : element(operator, returnBool, scalar[step], value, value);
                }
            };
        }
        return switch (operator) {
            case ADD ->
                (in, out) -> {
                    for (int step = 0; step < in.length; step++) {
                        out[step] = Absent.is(in[step]) ? Absent.VALUE : in[step] + scalar[step];
                    }
                };
            case SUB ->
                (in, out) -> {
                    for (int step = 0; step < in.length; step++) {
                        out[step] = Absent.is(in[step]) ? Absent.VALUE : in[step] - scalar[step];
                    }
                };
            case MUL ->
                (in, out) -> {
                    for (int step = 0; step < in.length; step++) {
                        out[step] = Absent.is(in[step]) ? Absent.VALUE : in[step] * scalar[step];
                    }
                };
            case DIV ->
                (in, out) -> {
                    for (int step = 0; step < in.length; step++) {
                        out[step] = Absent.is(in[step]) ? Absent.VALUE : in[step] / scalar[step];
                    }
                };
            default ->
                (in, out) -> {
                    for (int step = 0; step < in.length; step++) {
                        double value = in[step];
                        out[step] = Absent.is(value)
                                ? Absent.VALUE
                                : element(operator, returnBool, value, scalar[step], value);
                    }
                };
        };
    }

    /** Pairs two rows; where either has no value the result has none. */
    static void pair(TokenType operator, boolean returnBool, double[] left, double[] right, double[] out) {
        for (int step = 0; step < out.length; step++) {
            double l = left[step];
            double r = right[step];
            out[step] = Absent.is(l) || Absent.is(r) ? Absent.VALUE : element(operator, returnBool, l, r, l);
        }
    }
}
