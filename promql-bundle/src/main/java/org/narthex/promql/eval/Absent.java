package org.narthex.promql.eval;

import org.narthex.api.model.StaleNaN;

/**
 * Marks the steps at which a row has no value. The staleness marker serves for it: selectors never let one through, and arithmetic never
 * makes one, since processors set the quiet bit on every NaN they compute. So any other NaN in a row is a real value.
 */
public final class Absent {
    public static final double VALUE = StaleNaN.VALUE;

    private Absent() {}

    public static boolean is(double value) {
        return Double.isNaN(value) && Double.doubleToRawLongBits(value) == StaleNaN.BITS;
    }

    /** Whether the row has a value anywhere. */
    public static boolean isEverywhere(double[] row) {
        for (double value : row) {
            if (!is(value)) {
                return false;
            }
        }
        return true;
    }
}
