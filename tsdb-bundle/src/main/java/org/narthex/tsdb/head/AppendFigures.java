package org.narthex.tsdb.head;

import org.narthex.api.storage.AppendResult;

/** Counts what became of samples since the start. Guarded by the head's lock. */
final class AppendFigures {
    private final long[] floats = new long[AppendResult.values().length];
    private final long[] histograms = new long[AppendResult.values().length];
    private long late;
    private long created;

    void count(AppendResult result, boolean isHistogram, boolean isLate) {
        (isHistogram ? histograms : floats)[result.ordinal()]++;
        late += isLate ? 1 : 0;
    }

    void created() {
        created++;
    }

    long floats(AppendResult result) {
        return floats[result.ordinal()];
    }

    long histograms(AppendResult result) {
        return histograms[result.ordinal()];
    }

    /** Samples taken out of order. */
    long late() {
        return late;
    }

    /** Series made. */
    long seriesCreated() {
        return created;
    }
}
