package org.narthex.promql.eval;

/**
 * Evaluation times.
 *
 * @param startMs the first, in milliseconds since the epoch
 * @param stepMs their distance; any positive value if there is only one
 * @param steps how many there are
 */
public record Grid(long startMs, long stepMs, int steps) {
    public long time(int step) {
        return startMs + step * stepMs;
    }

    public long endMs() {
        return time(steps - 1);
    }

    /** The first time alone. */
    Grid first() {
        return steps == 1 ? this : new Grid(startMs, stepMs, 1);
    }
}
