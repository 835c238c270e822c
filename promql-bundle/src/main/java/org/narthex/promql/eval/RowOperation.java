package org.narthex.promql.eval;

import org.narthex.promql.histogram.FloatHistogram;

/** Computes a row from a row. */
@FunctionalInterface
public interface RowOperation {
    /**
     * @param in values or {@link Absent#VALUE}
     * @param out to be set at every step; may be the same array as {@code in}
     */
    void apply(double[] in, double[] out);

    /**
     * Says what becomes of the histograms of a row that has some, after {@link #apply} has dealt with its floats. Without more, they are dropped.
     *
     * @param in null at steps without a histogram
     * @param out what {@code apply} left; floats made of histograms go here
     * @return histograms of the result, or null for none
     */
    default FloatHistogram[] applyToHistograms(FloatHistogram[] in, double[] out) {
        return null;
    }
}
