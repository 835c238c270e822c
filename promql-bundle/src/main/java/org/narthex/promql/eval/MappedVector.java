package org.narthex.promql.eval;

import java.util.function.DoubleUnaryOperator;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.promql.histogram.FloatHistogram;

/** A vector with an operation applied to each row. */
public final class MappedVector extends Vector {
    private final Vector inner;
    private final RowOperation operation;
    private final boolean dropsName;
    private final boolean delayed;

    private MappedVector(Vector inner, RowOperation operation, boolean dropsName, boolean delayed) {
        this.inner = inner;
        this.operation = operation;
        this.dropsName = dropsName;
        this.delayed = delayed;
    }

    /** Applies the operation and drops the metric name. */
    public static Vector withoutName(Vector inner, RowOperation operation, Query query, int steps)
            throws QueryException {
        MappedVector mapped =
                new MappedVector(inner, operation, true, query.settings().delayedNameRemoval());
        return mapped.delayed ? mapped : Names.settled(mapped, query, steps);
    }

    /** Applies the operation and keeps all labels. */
    static Vector withName(Vector inner, RowOperation operation) {
        return new MappedVector(inner, operation, false, false);
    }

    public static RowOperation perSample(DoubleUnaryOperator function) {
        return (in, out) -> {
            for (int step = 0; step < in.length; step++) {
                out[step] = Absent.is(in[step]) ? Absent.VALUE : function.applyAsDouble(in[step]);
            }
        };
    }

    @Override
    public int size() {
        return inner.size();
    }

    @Override
    public Labels labels(int row) {
        return dropsName && !delayed ? Names.drop(inner.labels(row)) : inner.labels(row);
    }

    @Override
    public boolean dropsName(int row) {
        return (dropsName && delayed) || inner.dropsName(row);
    }

    @Override
    boolean isDistinctWithoutName() {
        return inner.isDistinctWithoutName();
    }

    @Override
    public Row row(int row, double[] buffer, Scratch scratch) throws QueryException {
        Row in = inner.row(row, buffer, scratch);
        if (in == null) {
            return null;
        }
        operation.apply(in.values(), buffer);
        FloatHistogram[] histograms = in.hasHistograms() ? operation.applyToHistograms(in.histograms(), buffer) : null;
        return Row.ofAny(buffer, histograms);
    }
}
