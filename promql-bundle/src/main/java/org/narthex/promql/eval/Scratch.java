package org.narthex.promql.eval;

import java.util.ArrayDeque;
import java.util.Deque;

import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;

/** What one thread needs while computing rows, kept from row to row. */
public final class Scratch {
    /** Some milliseconds of work. */
    private static final int CHECK_AFTER = 1 << 20;

    private final Budget budget;
    private final Deque<double[]> rows = new ArrayDeque<>();
    private final SampleBuffer samples = new SampleBuffer();
    private final Windows windows = new Windows();
    private double[] sorting = new double[64];
    private int[] indices = new int[64];
    private int work;

    Scratch(Budget budget) {
        this.budget = budget;
    }

    /**
     * Called on the way through what takes long within one series.
     *
     * @param amount how many samples were looked at since the last call
     * @throws QueryException it is time to stop
     */
    public void worked(int amount) throws QueryException {
        work += amount;
        if (work >= CHECK_AFTER) {
            work = 0;
            budget.check();
        }
    }

    /** Samples of the series being read. */
    public SampleBuffer samples() {
        return samples;
    }

    Windows windows() {
        return windows;
    }

    /** An array of at least that length, for sorting values of a window. */
    public double[] sorting(int length) {
        if (sorting.length < length) {
            sorting = new double[Math.max(length, 2 * sorting.length)];
        }
        return sorting;
    }

    /** An array of at least that length, for indices of samples. */
    public int[] indices(int length) {
        if (indices.length < length) {
            indices = new int[Math.max(length, 2 * indices.length)];
        }
        return indices;
    }

    /** A row of unspecified content; give it back. */
    double[] takeRow(int steps) {
        double[] row = rows.pollLast();
        return row != null && row.length == steps ? row : new double[steps];
    }

    void giveRow(double[] row) {
        rows.addLast(row);
    }
}
