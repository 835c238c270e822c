package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;

/** A range function applied to each series. */
final class RangeVector extends Vector {
    private final Query query;
    private final SeriesSource source;
    private final RangeShape shape;
    private final Kernel.OverRange kernel;
    private final double[][] parameters;
    private final CounterCheck counterCheck;

    /** @param counterCheck null if the function does not care whether it sees a counter */
    RangeVector(
            Query query,
            SeriesSource source,
            RangeShape shape,
            Kernel.OverRange kernel,
            double[][] parameters,
            CounterCheck counterCheck) {
        this.query = query;
        this.source = source;
        this.shape = shape;
        this.kernel = kernel;
        this.parameters = parameters;
        this.counterCheck = counterCheck;
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public Labels labels(int row) {
        Labels labels = source.labels(row);
        return kernel.keepsName() || query.settings().delayedNameRemoval() ? labels : Names.drop(labels);
    }

    @Override
    public boolean dropsName(int row) {
        return source.dropsName(row) || (!kernel.keepsName() && query.settings().delayedNameRemoval());
    }

    @Override
    boolean isDistinctWithoutName() {
        return source.isDistinctWithoutName();
    }

    @Override
    public double[] row(int row, double[] buffer, Scratch scratch) throws QueryException {
        source.read(row, scratch);
        if (scratch.samples().size() == 0) {
            return null;
        }
        query.budget().hold(scratch.samples().size());
        Windows windows = scratch.windows();
        windows.slide(scratch.samples(), shape);
        query.budget().look(windows.total());
        kernel.function().apply(windows, parameters, buffer, scratch);
        query.budget().release(scratch.samples().size());
        if (Absent.isEverywhere(buffer)) {
            return null;
        }
        if (counterCheck != null) {
            counterCheck.check(source.labels(row));
        }
        return buffer;
    }
}
