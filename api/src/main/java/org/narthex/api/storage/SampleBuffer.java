package org.narthex.api.storage;

import java.util.Arrays;

import org.narthex.api.model.Histogram;

/**
 * Samples of one series, as parallel arrays in ascending time. A reader fills it, the next read into the same buffer overwrites
 * it; the arrays may be replaced when it grows, so fetch them after each read. Not thread-safe.
 */
public final class SampleBuffer {
    /** So many samples are read in some milliseconds. */
    private static final int GUARD_EVERY = 1 << 18;

    /** Watches over the filling of a buffer. */
    @FunctionalInterface
    public interface Guard {
        /**
         * Called each time some hundred thousand more samples are to be put into the buffer.
         *
         * @param samples how many it is to have room for
         * @throws RuntimeException to end the reading; the reader's caller gets it, and clears the buffer before it is used again
         */
        void filling(int samples);
    }

    private final Guard guard;
    /** Up to how many samples need no more of the guard's leave. */
    private int unguarded;

    private long[] timestampsMs;
    private double[] values;
    /** Made with the first histogram; null where the sample is a float. */
    private Histogram[] histograms;
    /** Made with the first start timestamp. */
    private long[] startTimestampsMs;

    private int histogramCount;
    private int size;

    public SampleBuffer() {
        this(256);
    }

    /** @param capacity in samples, more than 0; it grows by itself */
    public SampleBuffer(int capacity) {
        this(capacity, null);
    }

    /** A buffer whose guard may end what fills it. */
    public SampleBuffer(Guard guard) {
        this(256, guard);
    }

    private SampleBuffer(int capacity, Guard guard) {
        this.guard = guard;
        unguarded = guard == null ? Integer.MAX_VALUE : GUARD_EVERY;
        timestampsMs = new long[capacity];
        values = new double[capacity];
    }

    /** Milliseconds since the epoch, ascending; only the first {@link #size()} count. */
    public long[] timestampsMs() {
        return timestampsMs;
    }

    /** Values, of histograms their sums; staleness markers are included as they are. Only the first {@link #size()} count. */
    public double[] values() {
        return values;
    }

    public int size() {
        return size;
    }

    /** Whether any sample read since the last {@link #clear} is a histogram. */
    public boolean hasHistograms() {
        return histogramCount > 0;
    }

    /** The histogram, or null if the sample is a float. */
    public Histogram histogram(int i) {
        return histogramCount == 0 || i >= histograms.length ? null : histograms[i];
    }

    /** Whether start timestamps are known for any sample read since the last {@link #clear}. */
    public boolean hasStartTimestamps() {
        return startTimestampsMs != null;
    }

    /** Since when the sample has been counting, in milliseconds since the epoch; 0 for unknown. */
    public long startTimestampMs(int i) {
        return startTimestampsMs == null || i >= startTimestampsMs.length ? 0 : startTimestampsMs[i];
    }

    public void clear() {
        size = 0;
        if (guard != null) {
            unguarded = GUARD_EVERY;
        }
        if (histogramCount > 0) {
            Arrays.fill(histograms, null);
            histogramCount = 0;
        }
        startTimestampsMs = null;
    }

    /** Drops the samples from the given index on. */
    public void truncate(int newSize) {
        if (histogramCount > 0 && newSize < Math.min(size, histograms.length)) {
            Arrays.fill(histograms, newSize, Math.min(size, histograms.length), null);
        }
        if (startTimestampsMs != null && newSize < Math.min(size, startTimestampsMs.length)) {
            Arrays.fill(startTimestampsMs, newSize, Math.min(size, startTimestampsMs.length), 0);
        }
        size = Math.min(size, newSize);
    }

    /** Adds a histogram; its sum stands among the values. */
    public void add(long timestampMs, Histogram histogram) {
        add(timestampMs, histogram.sum());
        if (histograms == null) {
            histograms = new Histogram[values.length];
        } else if (histograms.length < size) {
            histograms = Arrays.copyOf(histograms, values.length);
        }
        histograms[size - 1] = histogram;
        histogramCount++;
    }

    /** Notes since when the sample has been counting, in milliseconds since the epoch; 0 for unknown. */
    public void startTimestampMs(int i, long startMs) {
        if (startTimestampsMs == null && startMs == 0) {
            return;
        }
        if (startTimestampsMs == null) {
            startTimestampsMs = new long[values.length];
        } else if (startTimestampsMs.length <= i) {
            startTimestampsMs = Arrays.copyOf(startTimestampsMs, values.length);
        }
        startTimestampsMs[i] = startMs;
    }

    /** Puts another histogram in the place of one. */
    public void histogram(int i, Histogram histogram) {
        histograms[i] = histogram;
        values[i] = histogram.sum();
    }

    /** Forgets all start timestamps, for readers that are not to use them. */
    public void dropStartTimestamps() {
        startTimestampsMs = null;
    }

    /** Moves a sample to another place, whatever it is; what stood there is gone. For readers that sort or filter. */
    public void move(int from, int to) {
        timestampsMs[to] = timestampsMs[from];
        values[to] = values[from];
        if (histogramCount > 0) {
            Histogram moved = histogram(from);
            if (moved != null || histogram(to) != null) {
                histograms = histograms.length <= to ? Arrays.copyOf(histograms, values.length) : histograms;
                histograms[to] = moved;
            }
        }
        if (startTimestampsMs != null) {
            startTimestampMs(to, startTimestampMs(from));
        }
    }

    public void add(long timestampMs, double value) {
        if (size == values.length) {
            ensureCapacity(size * 2);
        }
        timestampsMs[size] = timestampMs;
        values[size++] = value;
    }

    /**
     * Makes room for so many samples in all, so that a reader can then write the arrays directly and call {@link #size(int)}. Readers of much
     * call it for each part, so that the guard can end them in between.
     */
    public void ensureCapacity(int capacity) {
        if (capacity > unguarded) {
            guard.filling(capacity);
            unguarded = size + GUARD_EVERY;
        }
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

    /** Appends all samples of another buffer. */
    public void addAll(SampleBuffer other) {
        ensureCapacity(size + other.size);
        for (int i = 0; i < other.size; i++) {
            if (other.histogram(i) != null) {
                add(other.timestampsMs[i], other.histogram(i));
            } else {
                add(other.timestampsMs[i], other.values[i]);
            }
            startTimestampMs(size - 1, other.startTimestampMs(i));
        }
    }
}
