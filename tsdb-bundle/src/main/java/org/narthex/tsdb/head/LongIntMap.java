package org.narthex.tsdb.head;

/** A map from positive longs to ints, of which -1 stands for none, without objects per entry. Not thread-safe. */
public final class LongIntMap {
    public static final int NONE = -1;

    private long[] keys = new long[256];
    private int[] values = new int[256];
    private int size;

    /** Keys are mostly consecutive: left as they are, they lie side by side, and so do look-ups in their order. */
    private static int spread(long key) {
        return (int) (key ^ key >>> 32);
    }

    /** @param key not 0 */
    public int get(long key) {
        int mask = keys.length - 1;
        for (int i = spread(key) & mask; keys[i] != 0; i = (i + 1) & mask) {
            if (keys[i] == key) {
                return values[i];
            }
        }
        return NONE;
    }

    public void put(long key, int value) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        int mask = keys.length - 1;
        int i = spread(key) & mask;
        while (keys[i] != 0 && keys[i] != key) {
            i = (i + 1) & mask;
        }
        size += keys[i] == 0 ? 1 : 0;
        keys[i] = key;
        values[i] = value;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[oldKeys.length * 2];
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldValues[i]);
            }
        }
    }

    public int size() {
        return size;
    }
}
