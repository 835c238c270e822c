package org.narthex.tsdb.chunk;

import java.util.Arrays;

/**
 * Chooses the windows of a whole chunk so that it takes the fewest bits, or hardly more. A run of xors in one window costs {@link
 * XorWindow#OPENING_BITS} and for each xor as many bits as the window needs to hold all of them, so a chunk is divided into runs: the cheapest division
 * up to a sample is that up to some earlier one and a run since then. Of the runs a division may end in only a few are kept: one that began earlier
 * can never win again once a later one, even as wide, is no dearer. Beyond {@link #RUNS} the dearest is dropped; on real series that costs less than a
 * thousandth of a bit a sample.
 *
 * <p>Used again for chunk after chunk without allocating. Not thread-safe.
 */
final class WindowPlan {
    private static final int RUNS = 12;

    /** Two control bits of a sample that uses a window. */
    private static final int CONTROL_BITS = 2;

    /** The fitting window of each xor; then the window it is written in. */
    private int[] windows = new int[128];
    /** Of the best division up to an xor: where its last run begins. */
    private int[] runStart = new int[128];

    private int size;

    private final int[] start = new int[RUNS];
    /** Bits before the run, its opening included. */
    private final int[] before = new int[RUNS];

    private final int[] leading = new int[RUNS];
    private final int[] trailing = new int[RUNS];
    private final int[] cost = new int[RUNS];

    void clear() {
        size = 0;
    }

    /** @param xor not 0: values that did not change take no window */
    void add(long xor) {
        if (size == windows.length) {
            windows = Arrays.copyOf(windows, 2 * size);
            runStart = Arrays.copyOf(runStart, 2 * size);
        }
        windows[size++] = XorWindow.fitting(xor);
    }

    /** The window of the i-th xor added, once {@link #solve} has been called. */
    int window(int i) {
        return windows[i];
    }

    /** Whether the i-th xor begins a run. */
    boolean opens(int i) {
        return runStart[i] == i;
    }

    void solve() {
        int runs = 0;
        int best = 0;
        for (int i = 0; i < size; i++) {
            if (runs == RUNS) {
                dropDearest();
                runs--;
            }
            start[runs] = i;
            before[runs] = best + XorWindow.OPENING_BITS;
            leading[runs] = Long.SIZE;
            trailing[runs] = Long.SIZE;
            runs = extend(runs + 1, i);
            int cheapest = 0;
            for (int r = 1; r < runs; r++) {
                cheapest = cost[r] < cost[cheapest] ? r : cheapest;
            }
            best = cost[cheapest];
            runStart[i] = start[cheapest];
        }
        assignWindows();
    }

    /** Takes the xor into each run and leaves out those that can not win any more; answers how many are left. */
    private int extend(int runs, int i) {
        int lead = XorWindow.leading(windows[i]);
        int trail = XorWindow.trailing(windows[i]);
        int kept = 0;
        for (int r = 0; r < runs; r++) {
            int first = start[r];
            int opened = before[r];
            int widerLead = Math.min(leading[r], lead);
            int widerTrail = Math.min(trailing[r], trail);
            int each = CONTROL_BITS + Long.SIZE - widerLead - widerTrail;
            int bits = opened + (i + 1 - first) * each;
            if (r + 1 < runs && before[r + 1] + (i + 1 - start[r + 1]) * each <= bits) {
                continue;
            }
            start[kept] = first;
            before[kept] = opened;
            leading[kept] = widerLead;
            trailing[kept] = widerTrail;
            cost[kept++] = bits;
        }
        return kept;
    }

    private void dropDearest() {
        int dearest = 0;
        for (int r = 1; r < RUNS; r++) {
            dearest = cost[r] > cost[dearest] ? r : dearest;
        }
        int after = RUNS - 1 - dearest;
        System.arraycopy(start, dearest + 1, start, dearest, after);
        System.arraycopy(before, dearest + 1, before, dearest, after);
        System.arraycopy(leading, dearest + 1, leading, dearest, after);
        System.arraycopy(trailing, dearest + 1, trailing, dearest, after);
        System.arraycopy(cost, dearest + 1, cost, dearest, after);
    }

    /** From the last run back to the first: the window of a run holds all its xors. */
    private void assignWindows() {
        for (int last = size - 1; last >= 0; ) {
            int first = runStart[last];
            int wide = windows[first];
            for (int i = first + 1; i <= last; i++) {
                wide = XorWindow.union(wide, windows[i]);
                runStart[i] = first;
            }
            Arrays.fill(windows, first, last + 1, wide);
            runStart[first] = first;
            last = first - 1;
        }
    }
}
