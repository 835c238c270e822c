package org.narthex.promql.eval;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;

/** What one thread needs while computing rows, kept from row to row. */
public final class Scratch {
    /** Some milliseconds of work. */
    private static final int CHECK_AFTER = 1 << 20;
    /** Half a megabyte. */
    private static final long UNCOUNTED_SAMPLES = 1 << 16;

    private final Budget budget;
    private final Deque<double[]> rows = new ArrayDeque<>();
    private final SampleBuffer samples = new SampleBuffer(this::filling);
    private final Windows windows = new Windows();
    private double[] sorting = new double[64];
    private int[] indices = new int[64];
    private int work;
    /** Room for samples that the budget has given, used by one series after the other. */
    private long room;
    /** What the budget has given for a series so long that it was asked while the series was being read. */
    private long fillingBytes;
    /** Counted here first: threads that count in one place all the time keep each other waiting. */
    private long looked;

    private long keptSamples;
    private long keptBytes;

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

    /** Ends a storage's reading. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped(QueryException cause) {
            super(null, cause, false, false);
        }
    }

    /**
     * Reads samples of a stored series into {@link #samples}.
     *
     * @throws LimitReached there is not so much memory
     */
    void read(SeriesSet series, int index, long minTimeMs, long maxTimeMs) throws QueryException {
        try {
            series.read(index, minTimeMs, maxTimeMs, samples);
        } catch (IOException e) {
            throw StorageFailure.of(e);
        } catch (Stopped e) {
            throw (QueryException) e.getCause();
        }
        worked(samples.size());
    }

    private void filling(int count) {
        try {
            budget.check();
        } catch (QueryException e) {
            throw new Stopped(e);
        }
        long more = count * (long) (Long.BYTES + Double.BYTES) - fillingBytes;
        if (more > 0) {
            // The budget counts what it refuses, too.
            fillingBytes += more;
            budget.holdBytes(more);
        }
    }

    /**
     * Makes sure there is room for the samples of the series at hand, in what the series before needed if that was enough.
     *
     * @throws LimitReached there is not so much
     */
    void reserve(long samples) {
        if (samples > room) {
            budget.hold(samples - room);
            room = samples;
        }
    }

    /**
     * Takes memory for a row that is kept.
     *
     * @throws LimitReached there is not so much; it may be said only at one of the next rows
     */
    void keep(Row row) {
        keptSamples += row.weight();
        keptBytes += Budget.SERIES_BYTES;
        if (keptSamples > UNCOUNTED_SAMPLES) {
            countKept();
        }
    }

    private void countKept() {
        budget.hold(keptSamples);
        budget.holdBytes(keptBytes);
        keptSamples = 0;
        keptBytes = 0;
    }

    /** Counts samples the expression looked at. */
    void look(long samples) {
        looked += samples;
    }

    /** Counts the samples of all windows. */
    void look(Windows ofAll, Grid grid) {
        looked += ofAll.total();
        budget.lookPerStep(ofAll, grid);
    }

    /**
     * Counts the samples that a row holds.
     *
     * @param row may be null, for none
     */
    void look(int samples, Row row, Grid grid) {
        looked += samples;
        budget.lookPerStep(row, grid);
    }

    /**
     * Called when work on some series is done: gives back the room for their samples, and the budget learns what was counted.
     *
     * @throws LimitReached rows kept need more than there is
     */
    void settle() {
        budget.release(room);
        room = 0;
        budget.releaseBytes(fillingBytes);
        fillingBytes = 0;
        budget.look(looked);
        looked = 0;
        countKept();
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
