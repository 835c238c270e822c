package org.narthex.promql.eval;

/** Computes a row from a row. */
@FunctionalInterface
public interface RowOperation {
    /**
     * @param in values or {@link Absent#VALUE}
     * @param out to be set at every step; may be the same array as {@code in}
     */
    void apply(double[] in, double[] out);
}
