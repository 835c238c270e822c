package org.narthex.tsdb;

import java.util.Arrays;

import org.narthex.tsdb.head.HeadReplay;
import org.narthex.tsdb.head.LongIntMap;
import org.narthex.tsdb.headchunk.HeadChunk;

/**
 * The chunks found in the head's files, by the number of their series, until the log tells the labels of that: then they go to the head. Those of one
 * series are linked in the order of the files, which is that of time. Not thread-safe.
 */
final class FileChunks {
    private static final int END = -1;

    private final LongIntMap firsts = new LongIntMap();
    private final LongIntMap lasts = new LongIntMap();
    private long[] places = new long[64];
    private long[] minTimesMs = new long[64];
    private long[] maxTimesMs = new long[64];
    private char[] samples = new char[64];
    private byte[] encodings = new byte[64];
    private boolean[] isOutOfOrder = new boolean[64];
    private int[] next = new int[64];
    private int size;

    void add(long place, HeadChunk chunk) {
        if (size == places.length) {
            grow(2 * size);
        }
        places[size] = place;
        minTimesMs[size] = chunk.minTimeMs();
        maxTimesMs[size] = chunk.maxTimeMs();
        samples[size] = (char) chunk.samples();
        encodings[size] = (byte) chunk.encoding();
        isOutOfOrder[size] = chunk.isOutOfOrder();
        next[size] = END;
        int last = lasts.get(chunk.seriesRef());
        if (last == LongIntMap.NONE) {
            firsts.put(chunk.seriesRef(), size);
        } else {
            next[last] = size;
        }
        lasts.put(chunk.seriesRef(), size);
        size++;
    }

    private void grow(int capacity) {
        places = Arrays.copyOf(places, capacity);
        minTimesMs = Arrays.copyOf(minTimesMs, capacity);
        maxTimesMs = Arrays.copyOf(maxTimesMs, capacity);
        samples = Arrays.copyOf(samples, capacity);
        encodings = Arrays.copyOf(encodings, capacity);
        isOutOfOrder = Arrays.copyOf(isOutOfOrder, capacity);
        next = Arrays.copyOf(next, capacity);
    }

    int size() {
        return size;
    }

    /** Gives the chunks of a series to the head, if they were not given yet. */
    void give(long ref, int slot, HeadReplay head) {
        int chunk = ref <= 0 ? END : firsts.get(ref);
        if (chunk == LongIntMap.NONE) {
            return;
        }
        while (chunk != END) {
            if (isOutOfOrder[chunk]) {
                head.lateChunk(encodings[chunk], minTimesMs[chunk], maxTimesMs[chunk], samples[chunk], places[chunk]);
            } else {
                head.chunk(slot, encodings[chunk], minTimesMs[chunk], maxTimesMs[chunk], samples[chunk], places[chunk]);
            }
            chunk = next[chunk];
        }
        firsts.put(ref, END);
    }
}
