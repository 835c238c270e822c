package org.narthex.tsdb.wal;

import org.narthex.api.model.Histogram;

/** Samples of some series in the log's order, in columns; used again after it was filled in. Not thread-safe: one thread after the other has it. */
public final class WalBatch {
    static final int CAPACITY = 4096;

    /** What an entry is. */
    public enum Kind {
        FLOAT,
        HISTOGRAM,
        MMAP_MARKER
    }

    private final int[] slots = new int[CAPACITY];
    private final long[] timesMs = new long[CAPACITY];
    private final long[] startTimesMs = new long[CAPACITY];
    private final long[] bits = new long[CAPACITY];
    private final Kind[] kinds = new Kind[CAPACITY];
    /** Null until there is one: most logs have none. */
    private Histogram[] histograms;

    private int size;

    WalBatch() {}

    public int size() {
        return size;
    }

    public int slot(int i) {
        return slots[i];
    }

    public Kind kind(int i) {
        return kinds[i];
    }

    public long timestampMs(int i) {
        return timesMs[i];
    }

    /** 0 for none. */
    public long startTimestampMs(int i) {
        return startTimesMs[i];
    }

    /** IEEE-754 bits of a float. */
    public long valueBits(int i) {
        return bits[i];
    }

    /** Where the chunk of a marker is. */
    public long chunkRef(int i) {
        return bits[i];
    }

    /** Of an entry of that kind only. */
    public Histogram histogram(int i) {
        return histograms[i];
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    void add(int slot, Kind kind, long timeMs, long startTimeMs, long valueBits) {
        slots[size] = slot;
        kinds[size] = kind;
        timesMs[size] = timeMs;
        startTimesMs[size] = startTimeMs;
        bits[size] = valueBits;
        size++;
    }

    void addHistogram(int slot, long timeMs, long startTimeMs, Histogram histogram) {
        if (histograms == null) {
            histograms = new Histogram[CAPACITY];
        }
        histograms[size] = histogram;
        add(slot, Kind.HISTOGRAM, timeMs, startTimeMs, 0);
    }

    void clear() {
        size = 0;
    }
}
