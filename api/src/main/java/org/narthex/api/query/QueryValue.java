package org.narthex.api.query;

import java.util.List;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;

/** What a query gives. Values hold arrays for speed: they belong to the result, nobody changes them. */
public sealed interface QueryValue {
    /** A number at a time. */
    record Scalar(long timestampMs, double value) implements QueryValue {}

    /** A string at a time. */
    record Text(long timestampMs, String value) implements QueryValue {}

    /**
     * One value per series, all at the same time; {@code metrics.get(i)} belongs to {@code values[i]}.
     *
     * @param histograms as long as {@code values}, or empty if there is none; where one stands it is the value, and {@code values} holds its sum
     */
    @SuppressWarnings("ArrayRecordComponent") // columns, compared by nobody
    record InstantVector(long timestampMs, List<Labels> metrics, double[] values, Histogram[] histograms)
            implements QueryValue {
        /** A vector of floats. */
        public InstantVector(long timestampMs, List<Labels> metrics, double[] values) {
            this(timestampMs, metrics, values, Series.NO_HISTOGRAMS);
        }

        /** The histogram, or null if the value is a float. */
        public Histogram histogram(int i) {
            return histograms.length == 0 ? null : histograms[i];
        }
    }

    /** Series of samples, sorted by labels unless an instant query of a range selector gave them. */
    record RangeVector(List<Series> series) implements QueryValue {}

    /**
     * Samples of one series in ascending time; only the first {@code size} elements of the arrays count.
     *
     * @param histograms at least {@code size} long, or empty if there is none; where one stands it is the sample, and {@code values} holds its sum
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Series(Labels metric, long[] timestampsMs, double[] values, Histogram[] histograms, int size) {
        static final Histogram[] NO_HISTOGRAMS = {};

        /** A series of floats. */
        public Series(Labels metric, long[] timestampsMs, double[] values, int size) {
            this(metric, timestampsMs, values, NO_HISTOGRAMS, size);
        }

        /** The histogram, or null if the sample is a float. */
        public Histogram histogram(int i) {
            return histograms.length == 0 ? null : histograms[i];
        }
    }
}
