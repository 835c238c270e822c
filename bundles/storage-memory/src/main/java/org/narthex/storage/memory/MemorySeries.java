package org.narthex.storage.memory;

import java.util.Arrays;

import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBuffer;

/**
 * The samples of one series as parallel arrays in ascending time; the third array says by which batch each came, so that a view can leave out
 * batches younger than itself. Guarded by the storage's lock.
 */
final class MemorySeries {
    private static final int FIRST_CAPACITY = 16;

    final Labels labels;
    final long ref;
    private long[] timestampsMs = new long[FIRST_CAPACITY];
    private double[] values = new double[FIRST_CAPACITY];
    private long[] batches = new long[FIRST_CAPACITY];
    private int from;
    private int to;
    /** Outlives the samples: what a delete removed does not come back out of order. */
    private long newestMs;

    private double newest;
    private boolean touched;

    MemorySeries(Labels labels, long ref) {
        this.labels = labels;
        this.ref = ref;
    }

    int size() {
        return to - from;
    }

    boolean hasNewest() {
        return touched;
    }

    long newestMs() {
        return newestMs;
    }

    double newest() {
        return newest;
    }

    long oldestKeptMs() {
        return timestampsMs[from];
    }

    long newestKeptMs() {
        return timestampsMs[to - 1];
    }

    void add(long timestampMs, double value, long batch) {
        if (to == values.length) {
            makeRoom();
        }
        timestampsMs[to] = timestampMs;
        values[to] = value;
        batches[to++] = batch;
        newestMs = timestampMs;
        newest = value;
        touched = true;
    }

    private void makeRoom() {
        int size = size();
        int capacity = from > values.length / 2 ? values.length : values.length * 2;
        timestampsMs = Arrays.copyOf(Arrays.copyOfRange(timestampsMs, from, to), capacity);
        values = Arrays.copyOf(Arrays.copyOfRange(values, from, to), capacity);
        batches = Arrays.copyOf(Arrays.copyOfRange(batches, from, to), capacity);
        from = 0;
        to = size;
    }

    /** Drops samples older than the given time; returns how many. */
    int dropBefore(long minTimeMs) {
        int before = from;
        from = indexOf(minTimeMs);
        return from - before;
    }

    /** Drops the samples within inclusive bounds; returns how many. */
    int delete(long minTimeMs, long maxTimeMs) {
        int first = indexOf(minTimeMs);
        int end = maxTimeMs == Long.MAX_VALUE ? to : indexOf(maxTimeMs + 1);
        if (first >= end) {
            return 0;
        }
        System.arraycopy(timestampsMs, end, timestampsMs, first, to - end);
        System.arraycopy(values, end, values, first, to - end);
        System.arraycopy(batches, end, batches, first, to - end);
        to -= end - first;
        return end - first;
    }

    boolean hasSampleWithin(long minTimeMs, long maxTimeMs, long newestBatch) {
        int i = indexOf(minTimeMs);
        return i < to && timestampsMs[i] <= maxTimeMs && batches[i] <= newestBatch;
    }

    void read(long minTimeMs, long maxTimeMs, long newestBatch, SampleBuffer into) {
        for (int i = indexOf(minTimeMs); i < to && timestampsMs[i] <= maxTimeMs && batches[i] <= newestBatch; i++) {
            into.add(timestampsMs[i], values[i]);
        }
    }

    /** The first sample not older than the given time. */
    private int indexOf(long timeMs) {
        int found = Arrays.binarySearch(timestampsMs, from, to, timeMs);
        return found >= 0 ? found : -found - 1;
    }
}
