package org.narthex.alert.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryValue;

/**
 * What a rule's expression gives: {@code metrics.get(i)} has {@code values[i]}, or the histogram there.
 *
 * @param values 0 where there is a histogram, which has no number to show in an alert
 * @param histograms empty if there is none; null where there is a number
 * @param samples how many samples were looked at to find it
 */
@SuppressWarnings("ArrayRecordComponent") // columns, compared by nobody
record Vector(List<Labels> metrics, double[] values, Histogram[] histograms, long samples) {
    private static final Histogram[] NO_HISTOGRAMS = {};

    /** The histogram, or null if it is a number. */
    Histogram histogram(int i) {
        return histograms.length == 0 ? null : histograms[i];
    }

    /** What templates are given: the number or the histogram. */
    Object shown(int i) {
        Histogram histogram = histogram(i);
        return histogram == null ? (Object) values[i] : histogram;
    }

    int size() {
        return metrics.size();
    }

    /** Whether there is nothing because there was nothing to look at, rather than because nothing met the condition. */
    boolean isWithoutData() {
        return metrics.isEmpty() && samples == 0;
    }

    /**
     * Evaluates an expression at one time.
     *
     * @param origin who asks, see {@link QueryRequest#origin}
     * @throws QueryException also if the result is neither a vector nor a number
     */
    static Vector query(QueryEngine engine, String expression, long timeMs, Map<String, String> origin)
            throws QueryException {
        QueryResult result =
                engine.query(QueryRequest.instant(expression, timeMs).withOrigin(origin));
        QueryValue value = result.value();
        long samples = result.statistics().samples();
        if (value instanceof QueryValue.InstantVector vector) {
            double[] values = Arrays.copyOf(vector.values(), vector.metrics().size());
            for (int i = 0; i < values.length; i++) {
                values[i] = vector.histogram(i) == null ? values[i] : 0;
            }
            return new Vector(vector.metrics(), values, vector.histograms(), samples);
        }
        if (value instanceof QueryValue.Scalar scalar) {
            return new Vector(List.of(Labels.EMPTY), new double[] {scalar.value()}, NO_HISTOGRAMS, samples);
        }
        throw new QueryException(QueryException.Kind.BAD_DATA, "rule result is not a vector or scalar");
    }
}
