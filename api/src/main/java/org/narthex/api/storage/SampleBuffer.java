package org.narthex.api.storage;

import java.util.Arrays;

/**
 * Samples of one series, as two parallel arrays in ascending time. A reader fills it, the next read into the same buffer overwrites
 * it; the arrays may be replaced when it grows, so fetch them after each read. Not thread-safe.
 */
public final class SampleBuffer {
    private long[] timestampsMs = new long[256];
    private double[] values = new double[256];
    private int size;

    /** Milliseconds since the epoch, ascending; only the first {@link #size()} count. */
    public long[] timestampsMs() {
        return timestampsMs;
    }

    /** Values; staleness markers are included as they are. Only the first {@link #size()} count. */
    public double[] values() {
        return values;
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    /** Drops the samples from the given index on. */
    public void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    public void add(long timestampMs, double value) {
        if (size == values.length) {
            ensureCapacity(size * 2);
        }
        timestampsMs[size] = timestampMs;
        values[size++] = value;
    }

    /** Makes room for so many samples in all, so that a reader can then write the arrays directly and call {@link #size(int)}. */
    public void ensureCapacity(int capacity) {
        if (capacity > values.length) {
            int length = Math.max(capacity, values.length * 2);
            timestampsMs = Arrays.copyOf(timestampsMs, length);
            values = Arrays.copyOf(values, length);
        }
    }

    /** For readers that wrote the arrays directly. */
    public void size(int newSize) {
        size = newSize;
    }
}
