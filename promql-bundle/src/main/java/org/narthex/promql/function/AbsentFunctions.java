package org.narthex.promql.function;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.eval.Value;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** {@code absent} and {@code absent_over_time}: 1 where there is nothing. */
final class AbsentFunctions {
    private static final Kernel.OverRange PRESENT = new Kernel.OverRange(
            (windows, parameters, out, scratch) -> {
                for (int step = 0; step < out.length; step++) {
                    out[step] = windows.to(step) == windows.from(step) ? Absent.VALUE : 1;
                }
            },
            true,
            MixedOverTime::present);

    private AbsentFunctions() {}

    static void addTo(Functions table) {
        table.add(
                Signature.of("absent", ValueType.VECTOR, ValueType.VECTOR),
                new Kernel.General((call, grid, evaluator) ->
                        absent(call, grid, evaluator.rows(call.arguments().get(0), grid))));
        table.add(
                Signature.of("absent_over_time", ValueType.VECTOR, ValueType.MATRIX),
                new Kernel.General(AbsentFunctions::absentOverTime));
    }

    private static Value absentOverTime(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        Expr range = call.arguments().get(0);
        double[][] none = new double[1][];
        Rows rows = Rows.of(evaluator.overRange(range, PRESENT, none, grid), evaluator.query(), grid.steps());
        return absent(call, grid, rows);
    }

    private static Rows absent(Expr.Call call, Grid grid, Rows rows) {
        double[] out = new double[grid.steps()];
        Arrays.fill(out, 1);
        for (int row = 0; row < rows.size(); row++) {
            for (int step = 0; step < out.length; step++) {
                if (!rows.row(row).isAbsent(step)) {
                    out[step] = Absent.VALUE;
                }
            }
        }
        Rows result = new Rows();
        if (!Absent.isEverywhere(out)) {
            result.add(labels(call.arguments().get(0)), false, out);
        }
        return result;
    }

    /** The labels that the missing series would surely have: those required by exactly one {@code =}. */
    private static Labels labels(Expr argument) {
        Expr expr = Evaluator.bare(argument);
        List<Matcher> matchers;
        if (expr instanceof Expr.VectorSelector selector) {
            matchers = selector.matchers();
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            matchers = matrix.selector().matchers();
        } else {
            return Labels.EMPTY;
        }
        Labels.Builder builder = Labels.builder();
        Set<String> seen = new HashSet<>();
        for (Matcher matcher : matchers) {
            if (matcher.name().equals(Labels.METRIC_NAME)) {
                continue;
            }
            if (matcher.type() == Matcher.Type.EQUAL && seen.add(matcher.name())) {
                builder.set(matcher.name(), matcher.value());
            } else {
                builder.remove(matcher.name());
            }
        }
        return builder.build();
    }
}
