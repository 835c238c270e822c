package org.narthex.promql;

import java.util.Arrays;
import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.query.FunctionPack;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.eval.Value;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.ValueType;

/** A pack's function of all elements of a vector, applied step by step. */
final class PackVector implements FunctionPack.Elements {
    private final Rows rows;
    /** Which rows have a float at the present step. */
    private final int[] present;

    private int size;
    private int step;
    private long timeMs;

    private PackVector(Rows rows) {
        this.rows = rows;
        this.present = new int[rows.size()];
    }

    static Value evaluate(Expr.Call call, Grid grid, Evaluator evaluator, String name, FunctionPack.OverVector function)
            throws QueryException {
        List<Expr> arguments = call.arguments();
        int scalars = 0;
        while (scalars + 1 < arguments.size() && arguments.get(scalars + 1).type() == ValueType.SCALAR) {
            scalars++;
        }
        double[][] columns = new double[scalars + 1][];
        for (int i = 1; i <= scalars; i++) {
            columns[i] = evaluator.scalar(arguments.get(i), grid);
        }
        String[] texts = new String[arguments.size() - 1 - scalars];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = evaluator.text(arguments.get(i + 1 + scalars), grid);
        }
        Rows rows = evaluator.rows(arguments.get(0), grid);
        evaluator.query().budget().hold((long) rows.size() * grid.steps());
        double[][] results = new PackVector(rows).apply(grid, evaluator, columns, List.of(texts), name, function);
        Rows answer = new Rows();
        for (int row = 0; row < results.length; row++) {
            if (!Absent.isEverywhere(results[row])) {
                answer.add(rows.labels(row), rows.dropsName(row), results[row]);
            }
        }
        return answer;
    }

    private double[][] apply(
            Grid grid,
            Evaluator evaluator,
            double[][] columns,
            List<String> texts,
            String name,
            FunctionPack.OverVector function)
            throws QueryException {
        double[][] results = new double[rows.size()][grid.steps()];
        double[] numbers = new double[columns.length - 1];
        for (int s = 0; s < grid.steps(); s++) {
            evaluator.query().budget().check();
            moveTo(s, grid.time(s));
            double[] out = new double[size];
            Arrays.fill(out, Absent.VALUE);
            PackFunction.numbersAt(columns, s, numbers);
            try {
                if (size > 0) {
                    function.values(this, numbers, texts, out);
                }
            } catch (RuntimeException | LinkageError e) {
                throw new PackFunction.Failure(name, e);
            }
            for (double[] row : results) {
                row[s] = Absent.VALUE;
            }
            for (int i = 0; i < size; i++) {
                results[present[i]][s] = out[i];
            }
        }
        return results;
    }

    private void moveTo(int newStep, long newTimeMs) {
        step = newStep;
        timeMs = newTimeMs;
        size = 0;
        for (int row = 0; row < present.length; row++) {
            if (!Absent.is(rows.values(row)[newStep])) {
                present[size++] = row;
            }
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Labels labels(int i) {
        return rows.labels(present[i]);
    }

    @Override
    public double value(int i) {
        return rows.values(present[i])[step];
    }

    @Override
    public long timeMs() {
        return timeMs;
    }
}
