package org.narthex.rest;

import java.util.Arrays;

/** The timestamps of one series as they are written, for those after it have the same, as a rule: half of what is written of a point. */
final class Stamps {
    /** More than any timestamp has bytes; the first of each entry says how many. */
    private static final int ENTRY_BYTES = 24;

    /** As many points as a range query may have. */
    private static final int MAX = 11_001;

    private long[] timesMs = new long[0];
    private byte[] texts = new byte[0];
    private int size;

    /** Whether the text of a series' sample is known. */
    boolean has(int i, long timestampMs) {
        return i < size && timesMs[i] == timestampMs;
    }

    /** Writes the text into the buffer; returns where it ends. */
    int copy(int i, byte[] buffer, int at) {
        int entry = i * ENTRY_BYTES;
        int bytes = texts[entry];
        System.arraycopy(texts, entry + 1, buffer, at, bytes);
        return at + bytes;
    }

    /** Remembers the text of a sample, if the samples before it are known and it is not. */
    void keep(int i, long timestampMs, byte[] buffer, int from, int to) {
        if (i != size || size == MAX || to - from >= ENTRY_BYTES) {
            return;
        }
        if (size == timesMs.length) {
            timesMs = Arrays.copyOf(timesMs, Math.max(64, 2 * size));
            texts = Arrays.copyOf(texts, timesMs.length * ENTRY_BYTES);
        }
        timesMs[i] = timestampMs;
        texts[i * ENTRY_BYTES] = (byte) (to - from);
        System.arraycopy(buffer, from, texts, i * ENTRY_BYTES + 1, to - from);
        size++;
    }
}
