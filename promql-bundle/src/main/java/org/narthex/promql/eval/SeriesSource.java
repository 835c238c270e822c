package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;

/** Series of raw samples under a range: of a selector, or of the steps of a subquery. Thread-safe. */
public abstract class SeriesSource {
    public abstract int size();

    public abstract Labels labels(int series);

    boolean dropsName(int series) {
        return false;
    }

    boolean isDistinctWithoutName() {
        return false;
    }

    /** Fills {@link Scratch#samples} with all samples that any window may need, without staleness markers. */
    abstract void read(int series, Scratch scratch) throws QueryException;
}
