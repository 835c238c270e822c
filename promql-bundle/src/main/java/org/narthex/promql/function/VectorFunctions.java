package org.narthex.promql.function;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import org.narthex.api.model.Labels;
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

/** Between scalars and vectors, and the order of vectors. */
final class VectorFunctions {
    private VectorFunctions() {}

    static void addTo(Functions table) {
        ValueType vector = ValueType.VECTOR;
        table.add(Signature.of("scalar", ValueType.SCALAR, vector), new Kernel.General(VectorFunctions::scalar));
        table.add(Signature.of("vector", vector, ValueType.SCALAR), new Kernel.General(VectorFunctions::vector));
        table.add(
                Signature.of("sort", vector, vector),
                new Kernel.General((call, grid, evaluator) -> sortedFloats(call, grid, evaluator, byValue(false))));
        table.add(
                Signature.of("sort_desc", vector, vector),
                new Kernel.General((call, grid, evaluator) -> sortedFloats(call, grid, evaluator, byValue(true))));
        table.add(
                Signature.of("sort_by_label", vector, vector, ValueType.STRING)
                        .withVariadic(-1)
                        .asExperimental(),
                new Kernel.General((call, grid, evaluator) -> sortedByLabel(call, grid, evaluator, false)));
        table.add(
                Signature.of("sort_by_label_desc", vector, vector, ValueType.STRING)
                        .withVariadic(-1)
                        .asExperimental(),
                new Kernel.General((call, grid, evaluator) -> sortedByLabel(call, grid, evaluator, true)));
    }

    /** The value of the one element; NaN at steps with none or several. */
    private static Value scalar(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        Rows rows = evaluator.rows(call.arguments().get(0), grid);
        double[] out = new double[grid.steps()];
        Arrays.fill(out, Absent.VALUE);
        for (int row = 0; row < rows.size(); row++) {
            double[] values = rows.values(row);
            for (int step = 0; step < out.length; step++) {
                if (!Absent.is(values[step])) {
                    out[step] = Absent.is(out[step]) ? values[step] : Double.NaN;
                }
            }
        }
        for (int step = 0; step < out.length; step++) {
            out[step] = Absent.is(out[step]) ? Double.NaN : out[step];
        }
        return new Value.Scalar(out);
    }

    private static Value vector(Expr.Call call, Grid grid, Evaluator evaluator) throws QueryException {
        Rows rows = new Rows();
        rows.add(Labels.EMPTY, false, evaluator.scalar(call.arguments().get(0), grid));
        return rows;
    }

    private interface RowOrder {
        int compare(Rows rows, int a, int b);
    }

    /** NaN is last in both directions. */
    private static RowOrder byValue(boolean descending) {
        return (rows, a, b) -> {
            double x = rows.values(a)[0];
            double y = rows.values(b)[0];
            if (Double.isNaN(x) || Double.isNaN(y)) {
                return Boolean.compare(Double.isNaN(x), Double.isNaN(y));
            }
            return descending ? Double.compare(y, x) : Double.compare(x, y);
        };
    }

    private static Value sortedByLabel(Expr.Call call, Grid grid, Evaluator evaluator, boolean descending)
            throws QueryException {
        List<Expr> arguments = call.arguments();
        String[] names = new String[arguments.size() - 1];
        for (int i = 0; i < names.length; i++) {
            names[i] = evaluator.text(arguments.get(i + 1), grid);
        }
        RowOrder order = (rows, a, b) -> {
            Labels x = rows.labels(descending ? b : a);
            Labels y = rows.labels(descending ? a : b);
            for (String name : names) {
                int byName = NaturalOrder.compare(x.get(name), y.get(name));
                if (byName != 0) {
                    return byName;
                }
            }
            return x.compareTo(y);
        };
        return sorted(evaluator.rows(arguments.get(0), grid), call, grid, evaluator, order);
    }

    /** Histograms have no value to be sorted by. */
    private static Value sortedFloats(Expr.Call call, Grid grid, Evaluator evaluator, RowOrder order)
            throws QueryException {
        Rows rows = evaluator.rows(call.arguments().get(0), grid);
        Rows floats = new Rows();
        for (int row = 0; row < rows.size(); row++) {
            if (!Absent.isEverywhere(rows.values(row))) {
                floats.add(rows.labels(row), rows.dropsName(row), rows.values(row));
            }
        }
        return sorted(floats, call, grid, evaluator, order);
    }

    private static Value sorted(Rows rows, Expr.Call call, Grid grid, Evaluator evaluator, RowOrder order) {
        if (grid.steps() > 1) {
            evaluator
                    .query()
                    .notes()
                    .warn(
                            "sort is ineffective for range queries since results are always ordered by labels",
                            call.span());
            return rows;
        }
        Integer[] indices = new Integer[rows.size()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = i;
        }
        Comparator<Integer> comparator = (a, b) -> order.compare(rows, a, b);
        Arrays.sort(indices, comparator);
        Rows sorted = new Rows();
        for (int row : indices) {
            sorted.add(rows.labels(row), rows.dropsName(row), rows.row(row));
        }
        return sorted;
    }
}
