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
     * @param anchored what to apply to anchored ranges, or null if it cannot be
     * @param smoothed what to apply to smoothed ranges, or null if it cannot be
     * @param histograms what to do in windows with histograms, or null to leave those out
     */
    record OverRange(
            RangeFunction function,
            boolean keepsName,
            boolean wantsCounter,
            RangeFunction anchored,
            RangeFunction smoothed,
            MixedFunction histograms)
            implements Kernel {
        public OverRange(RangeFunction function, boolean keepsName, boolean wantsCounter) {
            this(function, keepsName, wantsCounter, null, null, null);
        }

        public OverRange(RangeFunction function, boolean keepsName, MixedFunction histograms) {
            this(function, keepsName, false, null, null, histograms);
        }

        /** The same, applied to ranges with such edges. */
        OverRange at(Expr.Edges edges) {
            return new OverRange(function(edges), keepsName, wantsCounter, null, null, histograms);
        }

        /** What to apply to ranges with such edges, or null if it cannot be applied to them. */
        RangeFunction function(Expr.Edges edges) {
            return switch (edges) {
                case PLAIN -> function;
                case ANCHORED -> anchored;
                case SMOOTHED -> smoothed;
            };
        }
    }

    /** Anything else; evaluates its arguments itself. */
    record General(Code code) implements Kernel {}

    /** A function that evaluates its arguments itself. */
    @FunctionalInterface
    interface Code {
        Value call(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException;
    }
}
