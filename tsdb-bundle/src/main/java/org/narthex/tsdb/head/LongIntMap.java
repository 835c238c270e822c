package org.narthex.tsdb.head;

import java.util.Arrays;

/**
 * A map from positive longs to ints, of which -1 stands for none, without objects per entry. Made for series numbers, which mostly follow one another:
 * sixteen neighbours share a page, pages are found by hash. Not thread-safe.
 */
public final class LongIntMap {
    public static final int NONE = -1;
    private static final int PAGE_BITS = 4;
    private static final int PAGE = 1 << PAGE_BITS;

    /** Open addressing: 1 + page number, 0 for empty. */
    private long[] keys = new long[64];

    /** Where the page's values begin, by the place of its key. */
    private int[] offsets = new int[64];

    private int[] values = new int[64 * PAGE];
    private int pages;
    private int size;
    /** The page asked for last: its key, and where its values begin. */
    private long lastKey;

    private int lastOffset;

    public LongIntMap() {
        Arrays.fill(values, NONE);
    }

    private static int spread(long key) {
        return (int) ((key * 0x9e3779b97f4a7c15L) >>> 32);
    }

    /** Where the page's values begin, or -1. */
    private int page(long key) {
        if (key == lastKey) {
            return lastOffset;
        }
        int mask = keys.length - 1;
        for (int i = spread(key) & mask; keys[i] != 0; i = (i + 1) & mask) {
            if (keys[i] == key) {
                lastKey = key;
                lastOffset = offsets[i];
                return lastOffset;
            }
        }
        return NONE;
    }

    /** @param key greater than 0 */
    public int get(long key) {
        int page = page((key >>> PAGE_BITS) + 1);
        return page == NONE ? NONE : values[page + (int) (key & (PAGE - 1))];
    }

    /** @param key greater than 0 */
    public void put(long key, int value) {
        int page = page((key >>> PAGE_BITS) + 1);
        if (page == NONE) {
            page = add((key >>> PAGE_BITS) + 1);
        }
        int at = page + (int) (key & (PAGE - 1));
        size += (values[at] == NONE ? 0 : -1) + (value == NONE ? 0 : 1);
        values[at] = value;
    }

    private int add(long key) {
        if (2 * (pages + 1) > keys.length) {
            grow();
        }
        int offset = pages++ * PAGE;
        if (offset == values.length) {
            values = Arrays.copyOf(values, 2 * offset);
            Arrays.fill(values, offset, values.length, NONE);
        }
        insert(key, offset);
        lastKey = key;
        lastOffset = offset;
        return offset;
    }

    private void insert(long key, int offset) {
        int mask = keys.length - 1;
        int i = spread(key) & mask;
        while (keys[i] != 0) {
            i = (i + 1) & mask;
        }
        keys[i] = key;
        offsets[i] = offset;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldOffsets = offsets;
        keys = new long[oldKeys.length * 2];
        offsets = new int[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                insert(oldKeys[i], oldOffsets[i]);
            }
        }
    }

    /** Keys whose value is not {@link #NONE}. */
    public int size() {
        return size;
    }
}
