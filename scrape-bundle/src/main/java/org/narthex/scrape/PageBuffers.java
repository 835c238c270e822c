package org.narthex.scrape;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Buffers for pages: used again, so that a scrape costs no new memory, and bounded, so that targets which send too much share what there is instead of
 * taking the heap. Thread-safe.
 */
final class PageBuffers {
    private static final int SMALLEST_BITS = 12;
    private static final int LARGEST_KEPT_BITS = 23;

    private final long maxLent;
    private final long maxKept;
    private final AtomicLong lent = new AtomicLong();
    private final AtomicLong kept = new AtomicLong();
    /** By the logarithm of their size. */
    private final List<Queue<byte[]>> free = new ArrayList<>();

    PageBuffers() {
        this(Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 4));
    }

    /** @param maxLent how many bytes all pages under way may take together */
    PageBuffers(long maxLent) {
        this.maxLent = maxLent;
        maxKept = Math.min(32L << 20, maxLent / 8);
        for (int bits = SMALLEST_BITS; bits <= LARGEST_KEPT_BITS; bits++) {
            free.add(new ConcurrentLinkedQueue<>());
        }
    }

    /** @throws ScrapeException so much is not to be had at present */
    byte[] take(int capacity) throws ScrapeException {
        int bits = Math.max(SMALLEST_BITS, 32 - Integer.numberOfLeadingZeros(Math.max(1, capacity - 1)));
        // Beyond what is kept, pages are rare: those take what they need and half as much again.
        int size = bits <= LARGEST_KEPT_BITS
                ? 1 << bits
                : (int) Math.min(Integer.MAX_VALUE - 8L, capacity + (capacity >> 1));
        if (lent.addAndGet(size) > maxLent) {
            lent.addAndGet(-size);
            throw new ScrapeException("the pages scraped at present take more than " + maxLent + " bytes together");
        }
        byte[] buffer =
                bits <= LARGEST_KEPT_BITS ? free.get(bits - SMALLEST_BITS).poll() : null;
        if (buffer == null) {
            return new byte[size];
        }
        kept.addAndGet(-size);
        return buffer;
    }

    /** A larger buffer with the same content, in exchange for the given one. */
    byte[] grow(byte[] buffer, int length, int capacity) throws ScrapeException {
        byte[] larger = take(capacity);
        System.arraycopy(buffer, 0, larger, 0, length);
        giveBack(buffer);
        return larger;
    }

    /** Nobody may use the buffer any more. */
    void giveBack(byte[] buffer) {
        forget(buffer);
        if (buffer.length > 1 << LARGEST_KEPT_BITS) {
            return;
        }
        if (kept.addAndGet(buffer.length) <= maxKept) {
            int bits = 31 - Integer.numberOfLeadingZeros(buffer.length);
            free.get(bits - SMALLEST_BITS).offer(buffer);
        } else {
            kept.addAndGet(-buffer.length);
        }
    }

    /** Somebody may still use the buffer, so nobody else gets it. */
    void forget(byte[] buffer) {
        lent.addAndGet(-buffer.length);
    }

    /** Bytes of the buffers that are in use. */
    long lent() {
        return lent.get();
    }
}
