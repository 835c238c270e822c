package org.narthex.tsdb.chunk;

import java.util.Arrays;

import org.narthex.api.storage.SampleBuffer;

/** Deleted stretches of time of one series: closed intervals, ascending, neither touching nor overlapping. Immutable. */
public final class Intervals {
    public static final Intervals NONE = new Intervals(new long[0]);

    /** first ms, last ms, first ms, … */
    private final long[] bounds;

    private Intervals(long[] bounds) {
        this.bounds = bounds;
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    public int size() {
        return bounds.length / 2;
    }

    public long first(int i) {
        return bounds[2 * i];
    }

    public long last(int i) {
        return bounds[2 * i + 1];
    }

    /** These and one more, inclusive. */
    public Intervals with(long first, long last) {
        long[] merged = new long[bounds.length + 2];
        int n = 0;
        int i = 0;
        while (i < bounds.length && bounds[i + 1] < first && bounds[i + 1] + 1 < first) {
            merged[n++] = bounds[i++];
            merged[n++] = bounds[i++];
        }
        long from = first;
        long to = last;
        while (i < bounds.length && (bounds[i] <= to || bounds[i] - 1 == to)) {
            from = Math.min(from, bounds[i]);
            to = Math.max(to, bounds[i + 1]);
            i += 2;
        }
        merged[n++] = from;
        merged[n++] = to;
        while (i < bounds.length) {
            merged[n++] = bounds[i++];
        }
        return new Intervals(Arrays.copyOf(merged, n));
    }

    /** Whether any of the closed range is deleted. */
    public boolean touches(long first, long last) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= last && bounds[i + 1] >= first) {
                return true;
            }
        }
        return false;
    }

    /** Whether all of the closed range is deleted. */
    public boolean covers(long first, long last) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (bounds[i] <= first && bounds[i + 1] >= last) {
                return true;
            }
        }
        return false;
    }

    /** Takes deleted samples out of the buffer, from the given index on; their times ascend. */
    public void filter(SampleBuffer samples, int from) {
        long[] times = samples.timestampsMs();
        int kept = from;
        int interval = 0;
        for (int i = from; i < samples.size(); i++) {
            while (interval < bounds.length && bounds[interval + 1] < times[i]) {
                interval += 2;
            }
            if (interval == bounds.length || times[i] < bounds[interval]) {
                samples.move(i, kept++);
            }
        }
        samples.truncate(kept);
    }
}
