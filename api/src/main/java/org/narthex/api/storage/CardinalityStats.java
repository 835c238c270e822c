package org.narthex.api.storage;

import java.util.List;

/**
 * Where the series are, each list in descending order of its counts.
 *
 * @param series series by metric name
 * @param labelValues distinct values by label name
 * @param labelBytes bytes of the values' texts by label name, each value counted once per series that has it
 * @param labelPairs series by {@code name=value}
 */
public record CardinalityStats(
        List<Count> series, List<Count> labelValues, List<Count> labelBytes, List<Count> labelPairs) {
    public CardinalityStats {
        series = List.copyOf(series);
        labelValues = List.copyOf(labelValues);
        labelBytes = List.copyOf(labelBytes);
        labelPairs = List.copyOf(labelPairs);
    }

    /** A name and how many. */
    public record Count(String name, long count) {}
}
