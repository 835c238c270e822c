package org.narthex.promql.eval;

/**
 * Where the windows of a range lie.
 *
 * @param pinned whether {@code @} fixed the time
 * @param pinMs that time
 * @param offsetMs how far back
 * @param beforeMs how far windows also reach to the left of the range
 * @param afterMs how far they also reach beyond its end
 */
record RangeShape(Grid grid, long rangeMs, boolean pinned, long pinMs, long offsetMs, long beforeMs, long afterMs) {
    long endMs(int step) {
        return (pinned ? pinMs : grid.time(step)) - offsetMs;
    }

    /** The earliest sample any window holds, inclusive. */
    long minTimeMs() {
        return endMs(0) - rangeMs - beforeMs + 1;
    }

    /** The latest sample any window holds, inclusive. */
    long maxTimeMs() {
        return endMs(grid.steps() - 1) + afterMs;
    }

    RangeShape extended(long before, long after) {
        return new RangeShape(grid, rangeMs, pinned, pinMs, offsetMs, before, after);
    }
}
