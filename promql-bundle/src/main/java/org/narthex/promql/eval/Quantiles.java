package org.narthex.promql.eval;

import java.util.Arrays;

/** The quantile of plain values. */
public final class Quantiles {
    /** Up to here sorting is as fast as selecting. */
    private static final int FEW = 32;

    private Quantiles() {}

    /**
     * Linear interpolation at rank q·(n-1) of the sorted values, NaN sorting first.
     *
     * @param values the first {@code size} count and are put into another order
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
        int numbers = numbersFirst(values, size);
        double rank = q * (size - 1.0);
        int lower = (int) Math.floor(rank) - (size - numbers);
        if (lower < 0) {
            return Double.NaN;
        }
        double weight = rank - Math.floor(rank);
        double atLower = select(lower, values, numbers);
        double atUpper = lower + 1 < numbers ? least(values, lower + 1, numbers) : atLower;
        return atLower * (1 - weight) + atUpper * weight;
    }

    /** Moves NaN to the end; returns how many values are numbers. */
    private static int numbersFirst(double[] values, int size) {
        int numbers = size;
        for (int i = size - 1; i >= 0; i--) {
            if (Double.isNaN(values[i])) {
                values[i] = values[--numbers];
                values[numbers] = Double.NaN;
            }
        }
        return numbers;
    }

    private static double least(double[] values, int from, int to) {
        double least = values[from];
        for (int i = from + 1; i < to; i++) {
            least = Math.min(least, values[i]);
        }
        return least;
    }

    /**
     * The value that would stand at the index if the values were sorted; smaller ones stand before it afterwards, and greater ones behind it.
     * Hoare's quickselect; values that make it slow are sorted.
     *
     * @param values the first {@code size} count; none is NaN
     */
    private static double select(int index, double[] values, int size) {
        int from = 0;
        int to = size;
        // Each round leaves a part of what there was; more rounds than this only if the pivots are bad.
        int rounds = 2 * (Integer.SIZE - Integer.numberOfLeadingZeros(size));
        while (to - from > FEW && rounds-- > 0) {
            double pivot = middle(values, from, to);
            int left = from;
            int right = to - 1;
            while (left <= right) {
                while (values[left] < pivot) {
                    left++;
                }
                while (values[right] > pivot) {
                    right--;
                }
                if (left <= right) {
                    double moved = values[left];
                    values[left++] = values[right];
                    values[right--] = moved;
                }
            }
            if (index <= right) {
                to = right + 1;
            } else if (index >= left) {
                from = left;
            } else {
                return values[index];
            }
        }
        Arrays.sort(values, from, to);
        return values[index];
    }

    /** The middle one of the first, the middle and the last value. */
    private static double middle(double[] values, int from, int to) {
        double first = values[from];
        double center = values[(from + to) >>> 1];
        double last = values[to - 1];
        return Math.max(Math.min(first, center), Math.min(Math.max(first, center), last));
    }
}
