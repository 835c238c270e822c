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
        for (double k : parameter) {
            check(k);
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

    static void check(double k) throws QueryException {
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

    private int[] best(int[] group, int step) {
        int k = (int) Math.min((long) parameter[step], group.length);
        if (k < 1) {
            return new int[0];
        }
        int[] best = new int[k];
        int n = 0;
        for (int row : group) {
            if (operator == TokenType.LIMITK) {
                if (n < k && !rows.row(row).isAbsent(step)) {
                    best[n++] = row;
                }
                continue;
            }
            double value = rows.values(row)[step];
            if (Absent.is(value)) {
                continue;
            }
            if (n == k && !isBetter(value, rows.values(best[k - 1])[step])) {
                continue;
            }
            int at = insertion(best, n, value, step);
            if (n < k) {
                n++;
            }
            System.arraycopy(best, at, best, at + 1, n - 1 - at);
            best[at] = row;
        }
        return n == k ? best : Arrays.copyOf(best, n);
    }

    /** Where a value goes: behind all that are as good. */
    private int insertion(int[] best, int n, double value, int step) {
        int low = 0;
        int high = n;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBetter(value, rows.values(best[middle])[step])) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Whether the first value ranks before the second; NaN is last. */
    private boolean isBetter(double a, double b) {
        if (Double.isNaN(b)) {
            return !Double.isNaN(a);
        }
        return operator == TokenType.BOTTOMK ? a < b : a > b;
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
