package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Span;

/** A range function applied to each series. */
final class RangeVector extends Vector {
    /** What looking at a histogram takes, in samples of floats. */
    private static final int HISTOGRAM_WORK = 64;

    private final Query query;
    private final SeriesSource source;
    private final RangeShape shape;
    private final Kernel.OverRange kernel;
    private final double[][] parameters;
    private final CounterCheck counterCheck;
    private final Expr.Edges edges;
    private final Span span;
    private final boolean countsOnly;

    /**
     * @param counterCheck null if the function does not care whether it sees a counter
     * @param span what annotations are about
     * @param countsOnly whether the buckets of histograms do not matter
     */
    RangeVector(
            Query query,
            SeriesSource source,
            RangeShape shape,
            Kernel.OverRange kernel,
            double[][] parameters,
            CounterCheck counterCheck,
            Expr.Edges edges,
            Span span,
            boolean countsOnly) {
        this.query = query;
        this.source = source;
        this.shape = shape;
        this.kernel = kernel;
        this.parameters = parameters;
        this.counterCheck = counterCheck;
        this.edges = edges;
        this.span = span;
        this.countsOnly = countsOnly;
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
    Labels labelsBesidesName(int row) {
        return source.labels(row);
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
    public Row row(int row, double[] buffer, Scratch scratch) throws QueryException {
        source.read(row, scratch);
        if (scratch.samples().size() == 0) {
            return null;
        }
        scratch.reserve(scratch.samples().size());
        Windows windows = scratch.windows();
        windows.slide(scratch.samples(), shape, scratch);
        scratch.look(windows, shape.grid());
        Row result;
        if (scratch.samples().hasHistograms()) {
            result = mixed(row, buffer, scratch);
        } else {
            kernel.function().apply(windows, parameters, buffer, scratch);
            result = Row.ofAny(buffer, null);
        }
        boolean floats = result != null && (!result.hasHistograms() || !Absent.isEverywhere(result.values()));
        if (counterCheck != null && floats) {
            counterCheck.check(source.labels(row));
        }
        if (counterCheck != null && scratch.samples().hasStartTimestamps()) {
            counterCheck.checkStartTimes(windows, source.labels(row).metricName());
        }
        return result;
    }

    private Row mixed(int row, double[] buffer, Scratch scratch) throws QueryException {
        String metric = source.labels(row).metricName();
        MixedWindows windows = new MixedWindows(
                scratch.samples(), shape, edges, metric, query.notes(), span, countsOnly, buffer, scratch);
        long weight = windows.weight();
        query.budget().hold(weight);
        kernel.function().apply(windows.floats(), parameters, buffer, scratch);
        if (kernel.histograms() != null) {
            for (int step = 0; step < buffer.length; step++) {
                if (windows.hasHistograms(step)) {
                    scratch.worked(HISTOGRAM_WORK * windows.histograms().count(step));
                    kernel.histograms().apply(windows, step);
                }
            }
        }
        query.budget().release(weight);
        return windows.row();
    }
}
