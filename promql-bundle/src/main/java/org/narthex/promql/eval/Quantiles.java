package org.narthex.promql.eval;

import java.util.Arrays;

/** The quantile of plain values. */
public final class Quantiles {
    private Quantiles() {}

    /**
     * Linear interpolation at rank q·(n-1) of the sorted values, NaN sorting first.
     *
     * @param values the first {@code size} count and are sorted here
     */
    public static double of(double q, double[] values, int size) {
        if (size == 0 || Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (q > 1) {
            return Double.POSITIVE_INFINITY;
        }
        Arrays.sort(values, 0, size);
        int nans = 0;
        while (nans < size && Double.isNaN(values[size - 1 - nans])) {
            nans++;
        }
        double rank = q * (size - 1.0);
        int lower = (int) Math.max(0, Math.floor(rank));
        int upper = Math.min(size - 1, lower + 1);
        double weight = rank - Math.floor(rank);
        return at(values, size, nans, lower) * (1 - weight) + at(values, size, nans, upper) * weight;
    }

    /** Java sorts NaN last: turn the order so that it comes first. */
    private static double at(double[] values, int size, int nans, int index) {
        return index < nans ? values[size - nans + index] : values[index - nans];
    }
}
