package org.narthex.tsdb.chunk;

import java.io.IOException;

import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBuffer;

/** Series that one part of the database (the head, a block) found, in the order of their labels, each once. Thread-safe. */
public interface SeriesSource {
    int size();

    Labels labels(int series);

    /** Appends the samples within inclusive bounds to the buffer, ascending. */
    void read(int series, long minTimeMs, long maxTimeMs, SampleBuffer into) throws IOException;
}
