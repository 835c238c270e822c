package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;

/**
 * Series with one value, or none, per step. Labels are known from the start, values are computed when a row is asked for, so that
 * an aggregation over many series never holds more than a few rows. All methods may be called by several threads, each with its
 * own buffer and scratch.
 */
public abstract non-sealed class Vector implements Value {
    public abstract int size();

    public abstract Labels labels(int row);

    /** The labels for who does not look at {@link Names#isMetadata metric name, type and unit}, so that those need not be dropped first. */
    Labels labelsBesidesName(int row) {
        return labels(row);
    }

    /** Whether the metric name is to be left out at the end; only with delayed name removal. */
    public boolean dropsName(int row) {
        return false;
    }

    /** Whether it is known that rows differ in more than the metric name, so that dropping it makes no two equal. */
    boolean isDistinctWithoutName() {
        return false;
    }

    /**
     * Computes a row.
     *
     * @param buffer as long as there are steps; may be used for the result
     * @return over the buffer or arrays owned by this vector, which must not be changed; null if the row has no value at all
     */
    public abstract Row row(int row, double[] buffer, Scratch scratch) throws QueryException;
}
