package org.narthex.promql.eval;

import java.util.Arrays;

import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;

/**
 * The samples of one series and, for each step, which of them lie in the range {@code (startMs, endMs]}. Reused from series to series;
 * the arrays are valid until the next one.
 */
public final class Windows {
    /** Times of longer series are not kept: finding their windows anew takes little beside reading them. */
    private static final int MAX_KNOWN = 1 << 14;

    private long[] timestampsMs;
    private double[] values;
    private SampleBuffer samples;
    private int size;
    /** The first of these are the times for which {@link #from} and {@link #to} were found. */
    private long[] knownMs = new long[0];

    private int known = -1;
    private int[] from = new int[0];
    private int[] to = new int[0];
    private int steps;
    private long total;
    private RangeShape shape;
    private double[] figures = new double[0];
    /** What {@link #figures} were worked out by, for the windows as they are; null if nothing was yet. */
    private Figures knownFigures;

    /** Works out a figure per step that depends on the windows and the times of their samples alone. */
    @FunctionalInterface
    public interface Figures {
        /** @param into to be set for the first {@link Windows#steps()} indices */
        void workOut(Windows windows, double[] into);
    }

    /** Finds the samples of each step. Series scraped together have the same times: what was found for one holds for the next. */
    void slide(SampleBuffer newSamples, RangeShape newShape, Scratch scratch) throws QueryException {
        boolean sameShape = newShape.equals(shape);
        shape = newShape;
        samples = newSamples;
        timestampsMs = samples.timestampsMs();
        values = samples.values();
        size = samples.size();
        if (sameShape && size == known && Arrays.equals(timestampsMs, 0, size, knownMs, 0, size)) {
            return;
        }
        known = -1;
        knownFigures = null;
        find(scratch);
        if (size <= MAX_KNOWN) {
            if (knownMs.length < size) {
                knownMs = new long[Math.min(MAX_KNOWN, timestampsMs.length)];
            }
            System.arraycopy(timestampsMs, 0, knownMs, 0, size);
            known = size;
        }
    }

    /** Both ends only move forward. */
    private void find(Scratch scratch) throws QueryException {
        steps = shape.grid().steps();
        if (from.length < steps) {
            from = new int[steps];
            to = new int[steps];
        }
        int lo = 0;
        int hi = 0;
        long sum = 0;
        for (int step = 0; step < steps; step++) {
            if ((step & 0xFFFF) == 0xFFFF) {
                scratch.worked(step);
            }
            long start = shape.endMs(step) - shape.rangeMs() - shape.beforeMs();
            long end = shape.endMs(step) + shape.afterMs();
            while (hi < size && timestampsMs[hi] <= end) {
                hi++;
            }
            while (lo < hi && timestampsMs[lo] <= start) {
                lo++;
            }
            from[step] = lo;
            to[step] = hi;
            sum += hi - lo;
        }
        total = sum;
    }

    /** The figures per step; worked out once for all series with the same times that follow each other. */
    public double[] figures(Figures wanted) {
        if (knownFigures != wanted) {
            if (figures.length < steps) {
                figures = new double[steps];
            }
            wanted.workOut(this, figures);
            knownFigures = wanted;
        }
        return figures;
    }

    /** Samples in all windows together. */
    long total() {
        return total;
    }

    public int steps() {
        return steps;
    }

    public int size() {
        return size;
    }

    public long[] timestampsMs() {
        return timestampsMs;
    }

    public double[] values() {
        return values;
    }

    /** Whether it is known of any sample since when it has been counting. */
    public boolean hasStartTimestamps() {
        return samples.hasStartTimestamps();
    }

    /** Since when the sample has been counting, in milliseconds since the epoch; 0 for unknown. */
    public long startTimestampMs(int i) {
        return samples.startTimestampMs(i);
    }

    /** Index of the first sample in the window of the step. */
    public int from(int step) {
        return from[step];
    }

    /** Index after the last sample in the window of the step. */
    public int to(int step) {
        return to[step];
    }

    /** How many samples the window of the step holds. */
    public int count(int step) {
        return to[step] - from[step];
    }

    /** Left end of the window, exclusive. */
    public long startMs(int step) {
        return shape.endMs(step) - shape.rangeMs();
    }

    /** Right end of the window, inclusive. */
    public long endMs(int step) {
        return shape.endMs(step);
    }

    public long rangeMs() {
        return shape.rangeMs();
    }

    /** The evaluation time, which is not the window's end where offset or {@code @} moved that. */
    public long timeMs(int step) {
        return shape.grid().time(step);
    }
}
