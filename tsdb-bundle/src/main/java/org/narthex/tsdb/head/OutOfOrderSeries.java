package org.narthex.tsdb.head;

import java.util.Arrays;
import java.util.function.LongPredicate;

import org.narthex.api.model.Histogram;
import org.narthex.api.storage.SampleBuffer;

/**
 * The out-of-order samples of one series: the newest ones sorted in memory, up to {@link #CAPACITY}, older ones in chunks in files. Each sample has the
 * number of the batch that brought it, so that a view shows whole batches alone. Guarded by the head's lock.
 */
final class OutOfOrderSeries {
    /** As Prometheus' {@code --storage.tsdb.out-of-order-cap-max}. */
    static final int CAPACITY = 32;

    /**
     * A chunk in a file.
     *
     * @param fileRef where it lies
     * @param batches the batch of each sample, ascending in the samples' time
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Chunk(long fileRef, int encoding, long minTimeMs, long maxTimeMs, long[] batches) {
        boolean noneMatch(LongPredicate isShown) {
            for (long batch : batches) {
                if (isShown.test(batch)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final Chunk[] NO_CHUNKS = {};

    private long[] timesMs = new long[4];
    private double[] values = new double[4];
    private Histogram[] histograms;
    /** Made with the first start timestamp. */
    private long[] startsMs;

    private long[] batches = new long[4];
    private int size;
    private Chunk[] chunks = NO_CHUNKS;

    /** How many samples wait in memory. */
    int size() {
        return size;
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    boolean isEmpty() {
        return size == 0 && chunks.length == 0;
    }

    Chunk[] chunks() {
        return chunks;
    }

    /** The index of the sample in memory at that time, or a negative number. */
    int find(long timeMs) {
        return Arrays.binarySearch(timesMs, 0, size, timeMs);
    }

    /** Whether the sample in memory at the index is this one. */
    boolean isSame(int at, double value, Histogram histogram) {
        return SampleEquality.areEqual(
                Double.doubleToRawLongBits(values[at]),
                histograms == null ? null : histograms[at],
                Double.doubleToRawLongBits(value),
                histogram);
    }

    /**
     * Adds a sample at a time where there is none in memory.
     *
     * @param startMs since when it has been counting; 0 for unknown
     * @param histogram null for a float
     */
    void insert(long timeMs, long startMs, double value, Histogram histogram, long batch) {
        int at = -find(timeMs) - 1;
        if (size == timesMs.length) {
            grow(Math.min(CAPACITY, 2 * size));
        }
        if (histogram != null && histograms == null) {
            histograms = new Histogram[timesMs.length];
        }
        if (startMs != 0 && startsMs == null) {
            startsMs = new long[timesMs.length];
        }
        shift(timesMs, at);
        shift(values, at);
        shift(batches, at);
        timesMs[at] = timeMs;
        values[at] = value;
        batches[at] = batch;
        if (histograms != null) {
            shift(histograms, at);
            histograms[at] = histogram;
        }
        if (startsMs != null) {
            shift(startsMs, at);
            startsMs[at] = startMs;
        }
        size++;
    }

    private void grow(int capacity) {
        timesMs = Arrays.copyOf(timesMs, capacity);
        values = Arrays.copyOf(values, capacity);
        batches = Arrays.copyOf(batches, capacity);
        histograms = histograms == null ? null : Arrays.copyOf(histograms, capacity);
        startsMs = startsMs == null ? null : Arrays.copyOf(startsMs, capacity);
    }

    private void shift(Object array, int at) {
        System.arraycopy(array, at, array, at + 1, size - at);
    }

    /** Takes samples out of memory again whose batch is not to be kept. */
    void keepInMemory(LongPredicate isKept) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (isKept.test(batches[i])) {
                move(i, kept++);
            }
        }
        size = kept;
    }

    private void move(int from, int to) {
        timesMs[to] = timesMs[from];
        values[to] = values[from];
        batches[to] = batches[from];
        if (histograms != null) {
            histograms[to] = histograms[from];
        }
        if (startsMs != null) {
            startsMs[to] = startsMs[from];
        }
    }

    /** Takes a batch's samples out again; where they are in chunks already, no view will show them. */
    void forget(long batch) {
        keepInMemory(kept -> kept != batch);
        for (Chunk chunk : chunks) {
            for (int i = 0; i < chunk.batches.length; i++) {
                if (chunk.batches[i] == batch) {
                    chunk.batches[i] = Long.MIN_VALUE;
                }
            }
        }
    }

    /** Forgets chunks none of whose batches is to be kept. */
    void keepChunks(LongPredicate isKept) {
        Chunk[] kept = Arrays.stream(chunks).filter(c -> !c.noneMatch(isKept)).toArray(Chunk[]::new);
        chunks = kept.length == 0 ? NO_CHUNKS : kept;
    }

    void addChunk(Chunk chunk) {
        chunks = Arrays.copyOf(chunks, chunks.length + 1);
        chunks[chunks.length - 1] = chunk;
    }

    /** Adds a chunk in the place of the samples in memory that are in it. */
    void moved(Chunk chunk) {
        addChunk(chunk);
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (timesMs[i] < chunk.minTimeMs() || timesMs[i] > chunk.maxTimeMs()) {
                move(i, kept++);
            }
        }
        size = kept;
    }

    /** The batches of the samples in memory that are meant, in the samples' order. */
    long[] batches(LongPredicate isMeant) {
        return Arrays.stream(batches, 0, size).filter(isMeant).toArray();
    }

    /** Forgets what is in memory: it is in a chunk now. */
    void clearMemory() {
        size = 0;
        histograms = null;
        startsMs = null;
    }

    /** Appends the samples in memory that are shown and within inclusive bounds, ascending. */
    void copy(long minTimeMs, long maxTimeMs, LongPredicate isShown, SampleBuffer into) {
        for (int i = 0; i < size; i++) {
            if (timesMs[i] >= minTimeMs && timesMs[i] <= maxTimeMs && isShown.test(batches[i])) {
                if (histograms != null && histograms[i] != null) {
                    into.add(timesMs[i], histograms[i]);
                } else {
                    into.add(timesMs[i], values[i]);
                }
                into.startTimestampMs(into.size() - 1, startsMs == null ? 0 : startsMs[i]);
            }
        }
    }

    /** The first sample's time, in memory or files; {@link Long#MAX_VALUE} if there is none. */
    long minTimeMs() {
        long min = size == 0 ? Long.MAX_VALUE : timesMs[0];
        for (Chunk chunk : chunks) {
            min = Math.min(min, chunk.minTimeMs());
        }
        return min;
    }

    /** The last sample's time, in memory or files; {@link Long#MIN_VALUE} if there is none. */
    long maxTimeMs() {
        long max = size == 0 ? Long.MIN_VALUE : timesMs[size - 1];
        for (Chunk chunk : chunks) {
            max = Math.max(max, chunk.maxTimeMs());
        }
        return max;
    }
}
