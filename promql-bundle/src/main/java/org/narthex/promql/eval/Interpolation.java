package org.narthex.promql.eval;

import org.narthex.promql.histogram.FloatHistogram;

/** The histogram between two samples of a series, each bucket by itself on a straight line. */
public final class Interpolation {
    private Interpolation() {}

    /**
     * @param before index of the sample before the time; the next one is after it
     * @param counter whether a reset between them is one to zero
     * @return null if one sample has exponential and the other custom buckets
     */
    public static FloatHistogram between(MixedWindows windows, int before, long timeMs, boolean counter) {
        FloatHistogram from = windows.histogram(before);
        FloatHistogram to = windows.histogram(before + 1);
        long[] times = windows.histograms().timestampsMs();
        double part = (double) (timeMs - times[before]) / (times[before + 1] - times[before]);
        if (!from.isCompatible(to)) {
            return null;
        }
        if (counter && to.isResetAfter(from)) {
            return to.times(part);
        }
        return from.plus(to.minus(from).times(part).withHint(from.hint()));
    }
}
