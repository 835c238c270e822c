package org.narthex.promql.eval;

/**
 * Where the windows of a range lie.
 *
 * @param pinned whether {@code @} fixed the time
 * @param pinMs that time
 * @param offsetMs how far back
 */
record RangeShape(Grid grid, long rangeMs, boolean pinned, long pinMs, long offsetMs) {
    long endMs(int step) {
        return (pinned ? pinMs : grid.time(step)) - offsetMs;
    }

    long firstEndMs() {
        return endMs(0);
    }

    long lastEndMs() {
        return endMs(grid.steps() - 1);
    }
}
