package org.narthex.promql.eval;

import java.util.Arrays;

import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.TokenType;

/** {@code topk}, {@code bottomk} and {@code limitk}: at each step a few elements of each group stay as they are. */
final class Ranking {
    private final TokenType operator;
    private final Rows rows;
    private final double[] parameter;
    private final Row[] kept;

    private Ranking(TokenType operator, double[] parameter, Rows rows) {
        this.operator = operator;
        this.rows = rows;
        this.parameter = parameter;
        this.kept = new Row[rows.size()];
    }

    static Rows evaluate(Expr.Aggregate aggregate, double[] parameter, Rows rows, Query query, int steps)
            throws QueryException {
        if (takesNone(parameter)) {
            return new Rows();
        }
        Groups groups = new Groups(aggregate, rows);
        int[][] members = QuantileAggregation.members(groups, rows.size());
        Ranking ranking = new Ranking(aggregate.operator(), parameter, rows);
        if (aggregate.operator() != TokenType.LIMITK) {
            noteIgnored(aggregate, rows, query.notes());
        }
        Rows result = new Rows();
        for (int[] group : members) {
            int[] best = new int[0];
            for (int step = 0; step < steps; step++) {
                query.budget().check();
                best = ranking.best(group, step);
                for (int row : best) {
                    ranking.keep(row, step);
                }
            }
            // An instant vector is ordered by rank within its group; of a range only the rows matter.
            ranking.addTo(result, steps == 1 ? best : group);
        }
        return result;
    }

    /** Says so if there are histograms, which cannot be ranked. */
    private static void noteIgnored(Expr.Aggregate aggregate, Rows rows, Notes notes) {
        for (int row = 0; row < rows.size(); row++) {
            if (rows.row(row).hasHistograms()) {
                notes.histogramIgnored(aggregate.operator().text(), aggregate.span());
                return;
            }
        }
    }

    /** Whether no step keeps anything. Only if some might must the numbers of all steps be valid, apart from NaN. */
    private static boolean takesNone(double[] parameter) throws QueryException {
        double greatest = Double.NEGATIVE_INFINITY;
        for (double k : parameter) {
            greatest = Math.max(greatest, k);
        }
        if (greatest < 1) {
            return true;
        }
        for (double k : parameter) {
            check(k);
        }
        return false;
    }

    private static void check(double k) throws QueryException {
        if (Double.isNaN(k)) {
            throw new QueryException(QueryException.Kind.EXECUTION, "Parameter value is NaN");
        }
        if (k <= Long.MIN_VALUE) {
            throw new QueryException(QueryException.Kind.EXECUTION, "Scalar value " + goFloat(k) + " underflows int64");
        }
        if (k >= Long.MAX_VALUE) {
            throw new QueryException(QueryException.Kind.EXECUTION, "Scalar value " + goFloat(k) + " overflows int64");
        }
    }

    private static String goFloat(double value) {
        return org.narthex.api.model.SampleValue.format(value);
    }

    /** The elements to keep; of an instant vector in the order of their rank, otherwise in none. */
    private int[] best(int[] group, int step) {
        int k = (int) Math.min((long) parameter[step], group.length);
        if (k < 1) {
            return new int[0];
        }
        if (operator == TokenType.LIMITK) {
            return first(group, k, step);
        }
        RankHeap heap = new RankHeap(operator == TokenType.TOPK, k);
        for (int row : group) {
            double value = rows.values(row)[step];
            if (!Absent.is(value)) {
                heap.offer(row, value);
            }
        }
        return parameter.length == 1 ? heap.ranked() : heap.rows();
    }

    private int[] first(int[] group, int k, int step) {
        int[] first = new int[k];
        int n = 0;
        for (int i = 0; i < group.length && n < k; i++) {
            if (!rows.row(group[i]).isAbsent(step)) {
                first[n++] = group[i];
            }
        }
        return n == k ? first : Arrays.copyOf(first, n);
    }

    private void keep(int row, int step) {
        if (kept[row] == null) {
            kept[row] = rows.row(row).blank();
        }
        rows.row(row).copyTo(kept[row], step);
    }

    private void addTo(Rows result, int[] order) {
        for (int row : order) {
            if (kept[row] != null) {
                result.add(rows.labels(row), rows.dropsName(row), kept[row].settled());
            }
        }
    }
}
