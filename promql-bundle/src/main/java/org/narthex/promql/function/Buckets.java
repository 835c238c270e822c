package org.narthex.promql.function;

import org.narthex.promql.eval.Absent;

/** The buckets of one classic histogram at one step: upper bounds ascending, counts cumulative. Reused from step to step. */
final class Buckets {
    /** Relative differences up to here come from adding floats and mean nothing. */
    private static final double TOLERANCE = 1e-12;

    private final double[] bounds;
    private final double[] counts;
    private int size;
    private boolean forced;

    Buckets(int capacity) {
        bounds = new double[capacity];
        counts = new double[capacity];
    }

    void clear() {
        size = 0;
        forced = false;
    }

    /** Adds a bucket; bounds must not fall. Counts of equal bounds are added up. */
    void add(double bound, double count) {
        if (Absent.is(count)) {
            return;
        }
        if (size > 0 && bounds[size - 1] == bound) {
            counts[size - 1] += count;
            return;
        }
        bounds[size] = bound;
        counts[size++] = count;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether the last quantile had to raise counts that were below those of smaller buckets. */
    boolean wasForced() {
        return forced;
    }

    double quantile(double q) {
        if (Double.isNaN(q)) {
            return Double.NaN;
        }
        if (q < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (q > 1) {
            return Double.POSITIVE_INFINITY;
        }
        if (size < 2 || bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        makeMonotonic();
        double observations = counts[size - 1];
        if (observations == 0) {
            return Double.NaN;
        }
        double rank = q * observations;
        int b = 0;
        while (b < size - 1 && !(counts[b] >= rank)) {
            b++;
        }
        if (b == size - 1) {
            return bounds[size - 2];
        }
        if (b == 0 && bounds[0] <= 0) {
            return bounds[0];
        }
        double start = b == 0 ? 0 : bounds[b - 1];
        double below = b == 0 ? 0 : counts[b - 1];
        return start + (bounds[b] - start) * ((rank - below) / (counts[b] - below));
    }

    private void makeMonotonic() {
        double before = counts[0];
        for (int i = 1; i < size; i++) {
            double count = counts[i];
            if (count == before) {
                continue;
            }
            if (isNearly(before, count)) {
                counts[i] = before;
            } else if (count < before) {
                counts[i] = before;
                forced = true;
            } else {
                before = count;
            }
        }
    }

    private static boolean isNearly(double a, double b) {
        double sum = Math.abs(a) + Math.abs(b);
        double difference = Math.abs(a - b);
        if (a == 0 || b == 0 || sum < Double.MIN_NORMAL) {
            return difference < TOLERANCE * Double.MIN_NORMAL;
        }
        return difference / Math.min(sum, Double.MAX_VALUE) < TOLERANCE;
    }

    /** The part of all observations that lies between the bounds. */
    double fraction(double lower, double upper) {
        if (size == 0 || bounds[size - 1] != Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        double count = counts[size - 1];
        if (count == 0 || Double.isNaN(lower) || Double.isNaN(upper)) {
            return Double.NaN;
        }
        if (lower >= upper) {
            return 0;
        }
        return (rank(upper, count) - rank(lower, count)) / count;
    }

    /** How many observations are at most the value, interpolating inside a bucket. */
    private double rank(double value, double count) {
        double below = 0;
        for (int i = 0; i < size; i++) {
            double start = i > 0 ? bounds[i - 1] : bounds[0] <= 0 ? Double.NEGATIVE_INFINITY : 0;
            if (start >= value) {
                return Math.min(below, count);
            }
            if (bounds[i] > value) {
                if (start == Double.NEGATIVE_INFINITY) {
                    return Math.min(counts[i], count);
                }
                double inside = below + (counts[i] - below) * (value - start) / (bounds[i] - start);
                return Math.min(inside, count);
            }
            below = counts[i];
        }
        return count;
    }
}
