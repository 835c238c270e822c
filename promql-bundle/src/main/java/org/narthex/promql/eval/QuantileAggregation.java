package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;

/** {@code quantile}: needs all values of a group at once. */
final class QuantileAggregation {
    private QuantileAggregation() {}

    static Rows evaluate(Expr.Aggregate aggregate, double[] parameter, Rows rows, Query query, int steps)
            throws QueryException {
        for (double q : parameter) {
            warnUnlessQuantile(q, aggregate.parameter(), query.notes());
        }
        for (int row = 0; row < rows.size(); row++) {
            if (rows.row(row).hasHistograms()) {
                query.notes().histogramIgnored("quantile", aggregate.inner().span());
            }
        }
        Groups groups = new Groups(aggregate, rows);
        int[][] members = members(groups, rows.size());
        Rows result = new Rows();
        for (int group = 0; group < groups.size(); group++) {
            query.budget().check();
            query.budget().hold(steps);
            int[] rowsOfGroup = members[group];
            double[] out = new double[steps];
            boolean drops = false;
            for (int row : rowsOfGroup) {
                drops |= rows.dropsName(row);
            }
            query.parallel(steps, (step, scratch) -> {
                double[] values = scratch.sorting(rowsOfGroup.length);
                int n = 0;
                for (int row : rowsOfGroup) {
                    double value = rows.values(row)[step];
                    if (!Absent.is(value)) {
                        values[n++] = value;
                    }
                }
                out[step] = n == 0 ? Absent.VALUE : Quantiles.of(parameter[step], values, n);
            });
            Labels labels = groups.labels(group);
            if (!Absent.isEverywhere(out)) {
                result.add(labels, drops, out);
            }
        }
        return result;
    }

    static void warnUnlessQuantile(double q, Expr parameter, Notes notes) {
        if (!(q >= 0 && q <= 1)) {
            notes.warn("quantile value should be between 0 and 1, got " + SampleValue.format(q), parameter.span());
        }
    }

    /** The rows of each group. */
    static int[][] members(Groups groups, int rows) {
        int[] sizes = new int[groups.size()];
        for (int row = 0; row < rows; row++) {
            sizes[groups.of(row)]++;
        }
        int[][] members = new int[groups.size()][];
        for (int group = 0; group < members.length; group++) {
            members[group] = new int[sizes[group]];
        }
        for (int row = rows - 1; row >= 0; row--) {
            int group = groups.of(row);
            members[group][--sizes[group]] = row;
        }
        return members;
    }
}
