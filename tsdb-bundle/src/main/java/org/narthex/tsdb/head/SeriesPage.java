package org.narthex.tsdb.head;

/**
 * The columns of 1024 series. Guarded by the head's lock, except {@link #view} once it is shared: then the next write replaces it by a copy,
 * so whoever took it has the state of that moment for good.
 */
final class SeriesPage {
    static final int BITS = 10;
    static final int SIZE = 1 << BITS;

    /** The series' number in the write-ahead log; 0 where no series is. */
    final long[] ref = new long[SIZE];

    /** The pairs of its labels, in the order of names; null where no series is. */
    final int[][] labels = new int[SIZE][];

    final int[] hash = new int[SIZE];

    /** The newest sample; the time is {@link Long#MIN_VALUE} before the first. */
    final long[] lastTimeMs = new long[SIZE];

    /** The newest sample's bits, of a histogram those of its sum. */
    final long[] lastValue = new long[SIZE];

    /** The encoder of the open chunk. */
    final long[] delta = new long[SIZE];

    final byte[] leading = new byte[SIZE];
    final byte[] trailing = new byte[SIZE];
    final char[] samples = new char[SIZE];

    /** The open chunk, where its last block is, and the next free bit in that. */
    final int[] chunk = new int[SIZE];

    final int[] block = new int[SIZE];
    final char[] bit = new char[SIZE];

    /** Whether the newest chunk is kept as an object ({@link ObjectChunks}) and not in the slabs. */
    final boolean[] inObject = new boolean[SIZE];

    /** When to start the next chunk, in ms since the epoch, exclusive end of this one. */
    final long[] nextAt = new long[SIZE];

    /** During an append: 1 + the index of the newest accepted sample in the batch; else 0. */
    final int[] inBatch = new int[SIZE];

    /** What readers see: the newest chunk in the high half, how many samples of it in the low half; {@link #NOTHING} for none. */
    long[] view = new long[SIZE];

    boolean viewShared;

    static final long NOTHING = -1;

    void see(int slot, int newestChunk, int visibleSamples) {
        ownView();
        view[slot] = (long) newestChunk << 32 | visibleSamples;
    }

    void seeNothing(int slot) {
        ownView();
        view[slot] = NOTHING;
    }

    private void ownView() {
        if (viewShared) {
            view = view.clone();
            viewShared = false;
        }
    }
}
