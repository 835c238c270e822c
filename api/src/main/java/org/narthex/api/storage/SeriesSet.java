package org.narthex.api.storage;

import java.io.IOException;

import org.narthex.api.model.Labels;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The series a selection found, in ascending order of their labels, each label set once. Valid until its {@link Querier} is closed. All
 * methods may be called by several threads at once, each with its own buffer, which is how a query engine spreads work over cores.
 */
@ConsumerType
public interface SeriesSet {
    int size();

    /** @param series 0 (inclusive) to {@link #size()} (exclusive) */
    Labels labels(int series);

    /**
     * Reads the samples of one series, staleness markers included. Clears the buffer first.
     *
     * @param minTimeMs the first millisecond wanted, inclusive; never before the querier's own bound
     * @param maxTimeMs the last millisecond wanted, inclusive; never after the querier's own bound
     * @throws IOException if stored data cannot be read; the message names the file
     */
    void read(int series, long minTimeMs, long maxTimeMs, SampleBuffer into) throws IOException;
}
