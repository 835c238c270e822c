package org.narthex.promql.eval;

import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;

/**
 * The samples of one series and, for each step, which of them lie in the range {@code (startMs, endMs]}. Reused from series to series;
 * the arrays are valid until the next one.
 */
public final class Windows {
    private long[] timestampsMs;
    private double[] values;
    private SampleBuffer samples;
    private int size;
    private int[] from = new int[0];
    private int[] to = new int[0];
    private int steps;
    private long total;
    private RangeShape shape;

    /** Finds the samples of each step; both ends only move forward. */
    void slide(SampleBuffer newSamples, RangeShape newShape, Scratch scratch) throws QueryException {
        shape = newShape;
        samples = newSamples;
        timestampsMs = samples.timestampsMs();
        values = samples.values();
        size = samples.size();
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
