package org.narthex.promql.eval;

import org.narthex.api.query.QueryException;

/** Makes of the windows of one series one value per step. Stateless; called by several threads. */
@FunctionalInterface
public interface RangeFunction {
    /**
     * @param windows the samples and which of them each step sees
     * @param parameters by argument position, the scalar arguments' values per step; null at other positions
     * @param out to be set for every step, to {@link Absent#VALUE} for none
     * @param scratch the thread's own
     * @throws QueryException if a parameter is not valid at a step that has samples
     */
    void apply(Windows windows, double[][] parameters, double[] out, Scratch scratch) throws QueryException;
}
