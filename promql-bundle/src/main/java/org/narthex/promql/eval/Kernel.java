package org.narthex.promql.eval;

import java.util.function.DoubleUnaryOperator;

import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;

/** The code of a function. */
public sealed interface Kernel {
    /** From each value another one, e.g. {@code abs}. */
    record PerSample(DoubleUnaryOperator function) implements Kernel {}

    /**
     * From each window a value, e.g. {@code rate}.
     *
     * @param keepsName whether the metric name stays
     * @param wantsCounter whether to inform about metrics not named like counters
     */
    record OverRange(RangeFunction function, boolean keepsName, boolean wantsCounter) implements Kernel {}

    /** Anything else; evaluates its arguments itself. */
    record General(Code code) implements Kernel {}

    /** A function that evaluates its arguments itself. */
    @FunctionalInterface
    interface Code {
        Value call(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException;
    }
}
