package org.narthex.promql.eval;

import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;

/**
 * The aggregations that can be folded row by row: sum, avg, min, max, count, group, stddev, stdvar. Rows are computed in batches by all
 * cores, then added in their own order, so that the result does not depend on how many cores there are.
 */
final class Aggregation {
    /** Rows computed before they are added; bounds the memory, not the number of series. */
    private static final int BATCH = 512;

    /** Fewer steps are not worth a thread of their own. */
    private static final int SLICE = 64;

    private Aggregation() {}

    static Rows evaluate(Expr.Aggregate aggregate, Vector vector, Query query, int steps) throws QueryException {
        Groups groups = new Groups(aggregate, vector);
        Fold[] folds = new Fold[groups.size()];
        boolean[] drops = new boolean[groups.size()];
        double[][] batch = new double[Math.min(BATCH, vector.size())][];
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
                    int group = groups.of(from + i);
                    drops[group] |= vector.dropsName(from + i);
                    if (folds[group] == null) {
                        query.budget().hold(steps);
                        folds[group] = Fold.of(aggregate.operator(), steps);
                    }
                }
            }
            add(batch, from, count, groups, folds, query, steps);
        }
        query.budget().release(held);
        Rows result = new Rows();
        for (int group = 0; group < folds.length; group++) {
            if (folds[group] != null) {
                result.add(groups.labels(group), drops[group], folds[group].results());
            }
        }
        return result;
    }

    private static void add(double[][] batch, int from, int count, Groups groups, Fold[] folds, Query query, int steps)
            throws QueryException {
        int slices = Math.max(1, steps / SLICE);
        int width = (steps + slices - 1) / slices;
        if ((long) count * steps < 16_384) {
            addSlice(batch, from, count, groups, folds, 0, steps);
            return;
        }
        query.spread(
                slices,
                slice -> addSlice(
                        batch, from, count, groups, folds, slice * width, Math.min(steps, (slice + 1) * width)));
    }

    private static void addSlice(
            double[][] batch, int from, int count, Groups groups, Fold[] folds, int firstStep, int endStep) {
        for (int i = 0; i < count; i++) {
            if (batch[i] != null) {
                folds[groups.of(from + i)].add(batch[i], firstStep, endStep);
            }
        }
    }
}
