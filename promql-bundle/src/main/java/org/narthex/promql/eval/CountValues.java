package org.narthex.promql.eval;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.model.SampleValue;
import org.narthex.api.query.QueryException;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Quoting;

/** {@code count_values}: how many elements of a group have each value. */
final class CountValues {
    private CountValues() {}

    static Rows evaluate(Expr.Aggregate aggregate, String label, Rows rows, Query query, int steps)
            throws QueryException {
        if (label.isEmpty() || !Quoting.isValidUtf8(label)) {
            throw new QueryException(QueryException.Kind.EXECUTION, "invalid label name " + Quoting.quote(label));
        }
        Groups groups = new Groups(aggregate, rows);
        // The label is there before groups are made.
        boolean kept = !aggregate.without()
                || !(label.equals(Labels.METRIC_NAME) || aggregate.grouping().contains(label));
        Map<Labels, double[]> counts = new LinkedHashMap<>();
        Map<Labels, Boolean> drops = new LinkedHashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            query.budget().check();
            Row row = rows.row(i);
            Labels group = groups.labels(groups.of(i));
            Labels.Builder builder = group.toBuilder();
            for (int step = 0; step < steps; step++) {
                if (row.isAbsent(step)) {
                    continue;
                }
                Labels labels = kept ? builder.set(label, text(row, step)).build() : group;
                double[] count = counts.get(labels);
                if (count == null) {
                    query.budget().hold(steps);
                    count = new double[steps];
                    Arrays.fill(count, Absent.VALUE);
                    counts.put(labels, count);
                }
                drops.merge(labels, rows.dropsName(i), Boolean::logicalOr);
                count[step] = Absent.is(count[step]) ? 1 : count[step] + 1;
            }
        }
        Rows result = new Rows();
        counts.forEach((labels, count) -> result.add(labels, drops.get(labels), count));
        return result;
    }

    private static String text(Row row, int step) {
        FloatHistogram histogram = row.histogram(step);
        return histogram == null ? plain(row.values()[step]) : histogram.toString();
    }

    /** The shortest form without exponent. */
    private static String plain(double value) {
        String text = SampleValue.format(value);
        return text.indexOf('e') < 0 ? text : new BigDecimal(text).toPlainString();
    }
}
