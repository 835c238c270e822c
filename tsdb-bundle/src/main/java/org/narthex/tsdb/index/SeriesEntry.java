package org.narthex.tsdb.index;

import org.narthex.api.model.Labels;

/** A series as the index describes it. Immutable. */
public final class SeriesEntry {
    private final Labels labels;
    private final long[] chunks;

    /** @param chunks three numbers per chunk: first ms, last ms, both inclusive, and where it lies ({@code segment << 32 | offset}); not copied */
    public SeriesEntry(Labels labels, long[] chunks) {
        this.labels = labels;
        this.chunks = chunks;
    }

    public Labels labels() {
        return labels;
    }

    public int chunkCount() {
        return chunks.length / 3;
    }

    public long minTimeMs(int chunk) {
        return chunks[3 * chunk];
    }

    public long maxTimeMs(int chunk) {
        return chunks[3 * chunk + 1];
    }

    public long ref(int chunk) {
        return chunks[3 * chunk + 2];
    }
}
