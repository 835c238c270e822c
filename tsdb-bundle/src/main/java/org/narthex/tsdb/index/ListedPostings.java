package org.narthex.tsdb.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;

/** Postings as a list of unsigned 32-bit numbers, mostly that of the index file itself. */
final class ListedPostings extends Postings {
    private final IntBuffer list;
    private final int count;
    private int at = -1;

    /** @param bytes big-endian numbers, ascending */
    ListedPostings(ByteBuffer bytes) {
        this(bytes.asIntBuffer());
    }

    private ListedPostings(IntBuffer list) {
        this.list = list;
        this.count = list.capacity();
    }

    /** All of several lists that share no number. */
    static Postings merged(List<ListedPostings> lists, int size) {
        int[] all = new int[size];
        int n = 0;
        for (ListedPostings postings : lists) {
            postings.list.get(0, all, n, postings.count);
            n += postings.count;
        }
        // Unsigned order is that of signed numbers with their sign turned over.
        for (int i = 0; i < n; i++) {
            all[i] ^= Integer.MIN_VALUE;
        }
        Arrays.sort(all);
        for (int i = 0; i < n; i++) {
            all[i] ^= Integer.MIN_VALUE;
        }
        return new ListedPostings(IntBuffer.wrap(all));
    }

    /** Everything a cursor has still before it. */
    static ListedPostings copyOf(Postings postings) throws IOException {
        int[] all = new int[64];
        int n = 0;
        for (long number = postings.next(); number != END; number = postings.next()) {
            if (n == all.length) {
                all = Arrays.copyOf(all, 2 * n);
            }
            all[n++] = (int) number;
        }
        return new ListedPostings(IntBuffer.wrap(Arrays.copyOf(all, n)));
    }

    /** A new cursor over the same list. */
    ListedPostings again() {
        return new ListedPostings(list);
    }

    private long get(int i) {
        return Integer.toUnsignedLong(list.get(i));
    }

    /** The greatest, or -1. */
    long last() {
        return count == 0 ? -1 : get(count - 1);
    }

    @Override
    public long next() {
        if (at < count) {
            at++;
        }
        return at < count ? get(at) : END;
    }

    @Override
    public long seek(long atLeast) {
        at = Math.max(at, 0);
        if (at == count) {
            return END;
        }
        if (get(at) >= atLeast) {
            return get(at);
        }
        // Wider and wider steps, then halves: cheap where the target is near, logarithmic where it is far.
        int low = at;
        int step = 1;
        while (low + step < count && get(low + step) < atLeast) {
            low += step;
            step <<= 1;
        }
        int high = Math.min(low + step, count);
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (get(middle) < atLeast) {
                low = middle;
            } else {
                high = middle;
            }
        }
        at = high;
        return at < count ? get(at) : END;
    }

    @Override
    public long size() {
        return count;
    }
}
