package org.narthex.tsdb.head;

import java.util.Arrays;

/**
 * The head's chunks as columns, keyed by a dense number; those of one series are linked from the newest to the oldest. A chunk is open until
 * its series starts the next: then {@link #close} fixes its end. A chunk's samples lie in one of three places: in the slabs (floats), in an object
 * ({@link ObjectChunks}: histograms and other encodings), or, closed ones after a while, in a file. Written under the head's lock; an entry is not used
 * again while a view that may know it is open, so it can be read without.
 */
final class ChunkTable {
    static final int NONE = -1;
    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;
    /** Places below this are blocks of the slabs, from it on file references plus this. */
    private static final long FILE = 1L << 32;

    private static final class Page {
        final long[] minTimeMs = new long[PAGE];
        final long[] maxTimeMs = new long[PAGE];
        final long[] place = new long[PAGE];
        final int[] previous = new int[PAGE];
        final char[] samples = new char[PAGE];
        final char[] bytes = new char[PAGE];
        final byte[] encoding = new byte[PAGE];
    }

    private volatile Page[] pages = new Page[0];
    private int unused;
    private int[] free = new int[16];
    private int freeCount;

    /** @param firstBlock in the slabs; 0 if the samples are in an object */
    int open(int encoding, long minTimeMs, int firstBlock, int previous) {
        int chunk = freeCount > 0 ? free[--freeCount] : unused++;
        if (chunk >>> PAGE_BITS >= pages.length) {
            Page[] more = Arrays.copyOf(pages, pages.length + 1);
            more[pages.length] = new Page();
            pages = more;
        }
        Page page = page(chunk);
        int i = chunk & (PAGE - 1);
        page.minTimeMs[i] = minTimeMs;
        page.maxTimeMs[i] = Long.MAX_VALUE;
        page.place[i] = firstBlock;
        page.previous[i] = previous;
        page.samples[i] = 0;
        page.bytes[i] = 0;
        page.encoding[i] = (byte) encoding;
        return chunk;
    }

    /** Adds a closed chunk that lies in a file. */
    int inFile(int encoding, long minTimeMs, long maxTimeMs, int samples, long fileRef, int previous) {
        int chunk = open(encoding, minTimeMs, 0, previous);
        close(chunk, maxTimeMs, samples, 0);
        moveToFile(chunk, fileRef);
        return chunk;
    }

    /** @param bytes of samples in the slabs, without a header */
    void close(int chunk, long maxTimeMs, int samples, int bytes) {
        Page page = page(chunk);
        int i = chunk & (PAGE - 1);
        page.samples[i] = (char) samples;
        page.bytes[i] = (char) bytes;
        page.maxTimeMs[i] = maxTimeMs;
    }

    /** From now on the samples are read from a file; what they took elsewhere is the caller's to free, once no view is open that was taken before. */
    void moveToFile(int chunk, long fileRef) {
        page(chunk).place[chunk & (PAGE - 1)] = FILE + fileRef;
    }

    void free(int chunk) {
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = chunk;
    }

    private Page page(int chunk) {
        return pages[chunk >>> PAGE_BITS];
    }

    long minTimeMs(int chunk) {
        return page(chunk).minTimeMs[chunk & (PAGE - 1)];
    }

    /** {@link Long#MAX_VALUE} while open. */
    long maxTimeMs(int chunk) {
        return page(chunk).maxTimeMs[chunk & (PAGE - 1)];
    }

    boolean isOpen(int chunk) {
        return maxTimeMs(chunk) == Long.MAX_VALUE;
    }

    int encoding(int chunk) {
        return page(chunk).encoding[chunk & (PAGE - 1)];
    }

    /** Where the samples lie at the moment, for the methods below; readers ask once, since it may change. */
    long place(int chunk) {
        return page(chunk).place[chunk & (PAGE - 1)];
    }

    static boolean isFile(long place) {
        return place >= FILE;
    }

    static long fileRef(long place) {
        return place - FILE;
    }

    static boolean isSlab(long place) {
        return place > 0 && place < FILE;
    }

    static int firstBlock(long place) {
        return (int) place;
    }

    int previous(int chunk) {
        return page(chunk).previous[chunk & (PAGE - 1)];
    }

    void unlinkPrevious(int chunk) {
        page(chunk).previous[chunk & (PAGE - 1)] = NONE;
    }

    /** 0 while open. */
    int samples(int chunk) {
        return page(chunk).samples[chunk & (PAGE - 1)];
    }

    /** Bytes of samples in the slabs, without a header; 0 while open. */
    int bytes(int chunk) {
        return page(chunk).bytes[chunk & (PAGE - 1)];
    }

    int size() {
        return unused - freeCount;
    }
}
