package org.narthex.tsdb.head;

import java.util.Arrays;

/**
 * Where series stand among all others in the order of their labels. Comparing strings was a third of the time of a query over many series; with their
 * ranks, numbers are compared. Ranks are a memo: series without one are sorted by comparison, and once those were many in a query, all series are
 * ranked in the background ({@link Head#rankSeries}). Guarded by the head's lock, but for {@link #sort}, which takes what was read under it.
 */
final class SeriesOrder {
    /** So many series without rank in one query are worth ranking all. */
    private static final int MANY = 512;

    private static final int UNRANKED = 0;

    private final LabelPairs pairs;
    /** By slot, from 1 on; never changed but for slots that nobody reads. */
    private int[] ranks = new int[0];

    private volatile boolean wanted;

    SeriesOrder(LabelPairs pairs) {
        this.pairs = pairs;
    }

    /** The slot has another series now. */
    void forget(int slot) {
        if (slot < ranks.length) {
            ranks[slot] = UNRANKED;
        }
    }

    /** The ranks to sort by; slots beyond the end have none. */
    int[] ranks() {
        return ranks;
    }

    boolean isWanted() {
        return wanted;
    }

    /**
     * Ranks series; others have no rank afterwards.
     *
     * @param sorted slots in the order of their labels, none of which may have been used for another series since it was read
     * @param limit one more than the greatest slot
     */
    void rank(int[] sorted, int limit) {
        int[] fresh = new int[limit];
        for (int i = 0; i < sorted.length; i++) {
            fresh[sorted[i]] = i + 1;
        }
        ranks = fresh;
        wanted = false;
    }

    /**
     * Returns the indexes of series in the order of their labels.
     *
     * @param slots of series
     * @param labels of the same series
     * @param count how many of them
     */
    int[] sort(int[] slots, int[][] labels, int count, int[] ranked) {
        long[] keys = new long[count];
        int[] others = new int[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
            int rank = slots[i] < ranked.length ? ranked[slots[i]] : UNRANKED;
            if (rank == UNRANKED) {
                others[i - n] = i;
            } else {
                keys[n++] = (long) rank << 32 | i;
            }
        }
        Arrays.sort(keys, 0, n);
        others = Arrays.copyOf(others, count - n);
        IntSort.sort(others, (a, b) -> pairs.compare(labels[a], labels[b]));
        if (others.length >= MANY) {
            wanted = true;
        }
        int[] order = new int[count];
        int next = 0;
        for (int i = 0; i < n; i++) {
            int index = (int) keys[i];
            while (next < others.length && pairs.compare(labels[others[next]], labels[index]) < 0) {
                order[i + next] = others[next++];
            }
            order[i + next] = index;
        }
        System.arraycopy(others, next, order, n + next, others.length - next);
        return order;
    }
}
