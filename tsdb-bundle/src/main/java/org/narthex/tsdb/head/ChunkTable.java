package org.narthex.tsdb.head;

import java.util.Arrays;

/**
 * The head's chunks as columns, keyed by a dense number; those of one series are linked from the newest to the oldest. A chunk is open until
 * its series starts the next: then {@link #close} fixes its end. Written under the head's lock; an entry is not used again while a
 * view that may know it is open, so it can be read without.
 */
final class ChunkTable {
    static final int NONE = -1;
    private static final int PAGE_BITS = 10;
    private static final int PAGE = 1 << PAGE_BITS;

    private static final class Page {
        final long[] minTimeMs = new long[PAGE];
        final long[] maxTimeMs = new long[PAGE];
        final int[] firstBlock = new int[PAGE];
        final int[] previous = new int[PAGE];
        final char[] samples = new char[PAGE];
        final char[] bytes = new char[PAGE];
    }

    private volatile Page[] pages = new Page[0];
    private int unused;
    private int[] free = new int[16];
    private int freeCount;

    int open(long minTimeMs, int firstBlock, int previous) {
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
        page.firstBlock[i] = firstBlock;
        page.previous[i] = previous;
        page.samples[i] = 0;
        page.bytes[i] = 0;
        return chunk;
    }

    /** @param bytes of samples, without a header */
    void close(int chunk, long maxTimeMs, int samples, int bytes) {
        Page page = page(chunk);
        int i = chunk & (PAGE - 1);
        page.samples[i] = (char) samples;
        page.bytes[i] = (char) bytes;
        page.maxTimeMs[i] = maxTimeMs;
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

    int firstBlock(int chunk) {
        return page(chunk).firstBlock[chunk & (PAGE - 1)];
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

    /** Bytes of samples, without a header; 0 while open. */
    int bytes(int chunk) {
        return page(chunk).bytes[chunk & (PAGE - 1)];
    }

    int size() {
        return unused - freeCount;
    }
}
