package org.narthex.promql.eval;

import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.TokenType;

/**
 * The aggregations that can be folded row by row: sum, avg, min, max, count, group, stddev, stdvar. Rows of a group are added in their own
 * order, so that the result does not depend on how many cores there are: each core takes whole groups where there are enough of them, else rows
 * are computed in batches by all cores, then added.
 */
final class Aggregation {
    /** Samples computed before they are added, 2 MB; bounds the memory, not the number of series. */
    private static final int BATCH_SAMPLES = 1 << 18;

    /** Rows of a batch at least, so that all cores have something to do. */
    private static final int MIN_BATCH = 64;

    /** Fewer steps are not worth a thread of their own. */
    private static final int SLICE = 32;

    /** The largest group is at most this part of all rows if cores are to take whole groups, for one may be left alone with the last. */
    private static final int SHARE = 16;

    private final Expr.Aggregate aggregate;
    private final Vector vector;
    private final Query query;
    private final int steps;
    private final Groups groups;
    private final Fold[] folds;
    /** Of groups that have histograms. */
    private final HistogramFold[] histogramFolds;

    private final boolean[] dropsName;

    private Aggregation(Expr.Aggregate aggregate, Vector vector, Query query, int steps) {
        this.aggregate = aggregate;
        this.vector = vector;
        this.query = query;
        this.steps = steps;
        this.groups = new Groups(aggregate, vector);
        this.folds = new Fold[groups.size()];
        this.histogramFolds = new HistogramFold[groups.size()];
        this.dropsName = new boolean[groups.size()];
    }

    static Rows evaluate(Expr.Aggregate aggregate, Vector vector, Query query, int steps) throws QueryException {
        return new Aggregation(aggregate, vector, query, steps).evaluate();
    }

    private Rows evaluate() throws QueryException {
        if (groups.largest() * SHARE <= vector.size()) {
            addGroups();
        } else {
            addBatches();
        }
        Rows result = new Rows();
        for (int group = 0; group < folds.length; group++) {
            Row row = folds[group] == null ? null : result(group);
            if (row != null) {
                result.add(groups.labels(group), dropsName[group], row);
            }
        }
        return result;
    }

    /** A row is added right after it was computed, while it is in the core's cache. */
    private void addGroups() throws QueryException {
        int[][] rows = groups.rows();
        int least = Math.max(1, EvalPool.MIN_ITEMS * rows.length / Math.max(1, vector.size()));
        query.parallel(rows.length, least, (group, scratch) -> {
            double[] buffer = scratch.takeRow(steps);
            for (int i : rows[group]) {
                query.budget().check();
                Row row = vector.row(i, buffer, scratch);
                if (row != null) {
                    prepare(row, i);
                    add(row, i, 0, steps);
                }
            }
            scratch.giveRow(buffer);
        });
    }

    private void addBatches() throws QueryException {
        int most = Math.max(MIN_BATCH, (int) (query.budget().modest(BATCH_SAMPLES) / steps));
        Row[] batch = new Row[Math.min(most, vector.size())];
        double[][] buffers = new double[batch.length][];
        long held = (long) batch.length * steps;
        query.budget().hold(held);
        for (int start = 0; start < vector.size(); start += batch.length) {
            int from = start;
            int count = Math.min(batch.length, vector.size() - start);
            query.parallel(count, (i, scratch) -> {
                if (buffers[i] == null) {
                    buffers[i] = new double[steps];
                }
                batch[i] = vector.row(from + i, buffers[i], scratch);
            });
            for (int i = 0; i < count; i++) {
                if (batch[i] != null) {
                    prepare(batch[i], from + i);
                }
            }
            add(batch, from, count);
        }
        query.budget().release(held);
    }

    /** Makes room for the row in its group; by one thread at a time for each group. */
    private void prepare(Row row, int i) throws QueryException {
        int group = groups.of(i);
        dropsName[group] |= vector.dropsName(i);
        if (folds[group] == null) {
            query.budget().hold(steps);
            folds[group] = Fold.of(aggregate.operator(), steps);
        }
        if (row.hasHistograms() && histogramFolds[group] == null) {
            query.budget().hold(row.weight());
            histogramFolds[group] = new HistogramFold(aggregate, steps, query.notes());
        }
    }

    private void add(Row[] batch, int from, int count) throws QueryException {
        int slices = Math.max(1, steps / SLICE);
        int width = (steps + slices - 1) / slices;
        if ((long) count * steps < 16_384) {
            addSlice(batch, from, count, 0, steps);
            return;
        }
        query.spread(
                slices, slice -> addSlice(batch, from, count, slice * width, Math.min(steps, (slice + 1) * width)));
    }

    private void addSlice(Row[] batch, int from, int count, int firstStep, int endStep) {
        for (int i = 0; i < count; i++) {
            if (batch[i] != null) {
                add(batch[i], from + i, firstStep, endStep);
            }
        }
    }

    private void add(Row row, int i, int firstStep, int endStep) {
        int group = groups.of(i);
        folds[group].add(row.values(), firstStep, endStep);
        if (row.hasHistograms()) {
            String metric = vector.labels(i).metricName();
            histogramFolds[group].add(row.histograms(), metric, firstStep, endStep);
        }
    }

    private Row result(int group) {
        HistogramFold histograms = histogramFolds[group];
        TokenType operator = aggregate.operator();
        boolean counts = operator == TokenType.COUNT || operator == TokenType.GROUP;
        if (histograms != null && counts) {
            // To be counted it does not matter what they are.
            folds[group].addCounts(histograms);
        }
        double[] values = folds[group].results();
        if (histograms == null || counts) {
            return Row.ofAny(values, null);
        }
        if (operator == TokenType.SUM || operator == TokenType.AVG) {
            return Row.ofAny(values, histograms.results(folds[group], values));
        }
        query.notes().histogramIgnored(operator.text(), aggregate.inner().span());
        return Row.ofAny(values, null);
    }
}
