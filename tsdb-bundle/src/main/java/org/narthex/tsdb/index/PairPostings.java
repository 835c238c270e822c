package org.narthex.tsdb.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which series have which label pair, gathered while series are written. Takes four bytes per label of each series and about 40 per distinct pair.
 * Not thread-safe.
 */
final class PairPostings {
    private static final int PAGE = 1 << 16;
    /** So many series references are put in order at a time. */
    private static final int BATCH = 1 << 22;
    /** Between two series. */
    private static final int NEXT_SERIES = -1;

    /** Open addressing; a slot holds the pair's number plus one. */
    private int[] slots = new int[1 << 10];

    /** By the pair's number: {@code name symbol << 32 | value symbol}. */
    private long[] keys = new long[256];

    private int[] counts = new int[256];
    private int pairs;

    private final Ints occurrences = new Ints();
    private final Ints series = new Ints();

    /** A growing list that is never copied. */
    private static final class Ints {
        private final List<int[]> pages = new ArrayList<>();
        private long size;

        void add(int value) {
            int at = (int) (size % PAGE);
            if (at == 0) {
                pages.add(new int[PAGE]);
            }
            pages.get(pages.size() - 1)[at] = value;
            size++;
        }

        int get(long i) {
            return pages.get((int) (i / PAGE))[(int) (i % PAGE)];
        }
    }

    /** Takes the postings of one pair: {@code refs[from..to)}, ascending. */
    @FunctionalInterface
    interface Sink {
        void postings(int[] refs, int from, int to) throws IOException;
    }

    void add(int ref, int[] labels, int count) {
        series.add(ref);
        for (int i = 0; i < count; i += 2) {
            int pair = pair((long) labels[i] << 32 | labels[i + 1]);
            counts[pair]++;
            occurrences.add(pair);
        }
        occurrences.add(NEXT_SERIES);
    }

    private static int hash(long key, int mask) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & mask;
    }

    private int pair(long key) {
        int mask = slots.length - 1;
        int slot = hash(key, mask);
        while (slots[slot] != 0) {
            if (keys[slots[slot] - 1] == key) {
                return slots[slot] - 1;
            }
            slot = (slot + 1) & mask;
        }
        if (pairs == keys.length) {
            keys = Arrays.copyOf(keys, 2 * pairs);
            counts = Arrays.copyOf(counts, 2 * pairs);
        }
        keys[pairs] = key;
        slots[slot] = ++pairs;
        if (pairs * 2 > slots.length) {
            grow();
        }
        return pairs - 1;
    }

    private void grow() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int i = 0; i < pairs; i++) {
            int slot = hash(keys[i], mask);
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = i + 1;
        }
    }

    long seriesCount() {
        return series.size;
    }

    int series(long i) {
        return series.get(i);
    }

    /** How many pairs there are; in the order of their names and values, they have the numbers up to this. */
    int size() {
        return pairs;
    }

    /** The pairs in the order of names and values; sort once. */
    int[] order() {
        long[] sorted = Arrays.copyOf(keys, pairs);
        Arrays.sort(sorted);
        int[] order = new int[pairs];
        for (int i = 0; i < pairs; i++) {
            order[i] = pair(sorted[i]);
        }
        return order;
    }

    int name(int pair) {
        return (int) (keys[pair] >>> 32);
    }

    int value(int pair) {
        return (int) keys[pair];
    }

    int count(int pair) {
        return counts[pair];
    }

    /** Gives the postings of all pairs in the given order. */
    void forEach(int[] order, Sink sink) throws IOException {
        int[] places = new int[pairs];
        int from = 0;
        while (from < order.length) {
            int to = from;
            long size = 0;
            while (to < order.length && (to == from || size + counts[order[to]] <= BATCH)) {
                size += counts[order[to++]];
            }
            batch(order, from, to, (int) size, places, sink);
            from = to;
        }
    }

    private void batch(int[] order, int from, int to, int size, int[] places, Sink sink) throws IOException {
        Arrays.fill(places, -1);
        int place = 0;
        for (int i = from; i < to; i++) {
            places[order[i]] = place;
            place += counts[order[i]];
        }
        int[] refs = new int[size];
        long at = 0;
        for (long i = 0; i < occurrences.size; i++) {
            int pair = occurrences.get(i);
            if (pair == NEXT_SERIES) {
                at++;
            } else if (places[pair] >= 0) {
                refs[places[pair]++] = series.get(at);
            }
        }
        int start = 0;
        for (int i = from; i < to; i++) {
            sink.postings(refs, start, start + counts[order[i]]);
            start += counts[order[i]];
        }
    }
}
