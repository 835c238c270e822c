package org.narthex.api.query;

import java.util.List;

import org.narthex.api.model.Labels;

/** What a query gives. Values hold arrays for speed: they belong to the result, nobody changes them. */
public sealed interface QueryValue {
    /** A number at a time. */
    record Scalar(long timestampMs, double value) implements QueryValue {}

    /** A string at a time. */
    record Text(long timestampMs, String value) implements QueryValue {}

    /** One value per series, all at the same time; {@code metrics.get(i)} belongs to {@code values[i]}. */
    @SuppressWarnings("ArrayRecordComponent") // columns, compared by nobody
    record InstantVector(long timestampMs, List<Labels> metrics, double[] values) implements QueryValue {}

    /** Series of samples, sorted by labels unless an instant query of a range selector gave them. */
    record RangeVector(List<Series> series) implements QueryValue {}

    /** Samples of one series in ascending time; only the first {@code size} elements of the arrays count. */
    @SuppressWarnings("ArrayRecordComponent")
    record Series(Labels metric, long[] timestampsMs, double[] values, int size) {}
}
