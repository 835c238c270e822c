package org.narthex.api.storage;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.Matcher;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A view of the stored series within a time range, fixed when it was opened: of each batch it shows all samples or none. Close it, since
 * it may keep files open. May be used by several threads.
 */
@ConsumerType
public interface Querier extends AutoCloseable {
    /**
     * Finds the series that match all matchers and may have samples in the querier's range.
     *
     * @param matchers at least one; callers make sure that not all of them match the empty value
     */
    SeriesSet select(List<Matcher> matchers) throws IOException;

    /**
     * The names of labels on matching series, ascending.
     *
     * @param matchers empty for all series
     * @param limit the most to return, 0 for all
     */
    List<String> labelNames(List<Matcher> matchers, int limit) throws IOException;

    /**
     * The values of one label on matching series, ascending, each once.
     *
     * @param matchers empty for all series
     * @param limit the most to return, 0 for all
     */
    List<String> labelValues(String name, List<Matcher> matchers, int limit) throws IOException;

    @Override
    void close();
}
