package org.narthex.promql.eval;

import org.narthex.promql.histogram.FloatHistogram;

/**
 * What one series is at each step: a float, a histogram or nothing. Rows of floats, which nearly all are, have no column of histograms, and
 * nothing asks for one sample by sample.
 *
 * @param values floats; {@link Absent#VALUE} where there is a histogram or nothing
 * @param histograms null if there is none at any step
 */
@SuppressWarnings("ArrayRecordComponent") // columns, compared by nobody
public record Row(double[] values, FloatHistogram[] histograms) {
    /** A row of floats. */
    public static Row of(double[] values) {
        return new Row(values, null);
    }

    /** A row, or null if there is nothing at any step. */
    public static Row ofAny(double[] values, FloatHistogram[] histograms) {
        FloatHistogram[] used = null;
        if (histograms != null) {
            for (int step = 0; step < histograms.length && used == null; step++) {
                used = histograms[step] == null ? null : histograms;
            }
        }
        return used == null && Absent.isEverywhere(values) ? null : new Row(values, used);
    }

    public boolean hasHistograms() {
        return histograms != null;
    }

    /** The histogram at the step, or null. */
    public FloatHistogram histogram(int step) {
        return histograms == null ? null : histograms[step];
    }

    /** How many samples of floats take as much memory. */
    long weight() {
        long weight = values.length;
        if (histograms != null) {
            FloatHistogram before = null;
            for (FloatHistogram histogram : histograms) {
                // Neighbouring steps often share one.
                weight += histogram == null || histogram == before ? 0 : histogram.weight();
                before = histogram;
            }
        }
        return weight;
    }

    /** Whether there is neither float nor histogram at the step. */
    public boolean isAbsent(int step) {
        return Absent.is(values[step]) && (histograms == null || histograms[step] == null);
    }

    /** A copy whose columns may be changed. */
    Row copy() {
        return new Row(values.clone(), histograms == null ? null : histograms.clone());
    }

    /** A row of so many steps without anything, to be filled from this one by {@link #copyTo}. */
    public Row blank() {
        double[] blank = new double[values.length];
        java.util.Arrays.fill(blank, Absent.VALUE);
        return new Row(blank, histograms == null ? null : new FloatHistogram[histograms.length]);
    }

    /** Copies what is at the step to a {@link #blank} or {@link #copy} of this row. */
    public void copyTo(Row other, int step) {
        other.values[step] = values[step];
        if (histograms != null && other.histograms != null) {
            other.histograms[step] = histograms[step];
        }
    }

    /** This row after it was changed: without the column of histograms if none is left, null if nothing is. */
    public Row settled() {
        return ofAny(values, histograms);
    }

    /** Removes what is at the step. */
    void clear(int step) {
        values[step] = Absent.VALUE;
        if (histograms != null) {
            histograms[step] = null;
        }
    }
}
