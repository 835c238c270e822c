package org.narthex.alert.rules;

import java.util.Arrays;
import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryValue;

/** What a rule's expression gives: {@code metrics.get(i)} has {@code values[i]}. */
@SuppressWarnings("ArrayRecordComponent") // columns, compared by nobody
record Vector(List<Labels> metrics, double[] values) {
    int size() {
        return metrics.size();
    }

    /** @throws QueryException also if the result is neither a vector nor a number */
    static Vector query(QueryEngine engine, String expression, long timeMs) throws QueryException {
        QueryValue value =
                engine.query(QueryRequest.instant(expression, timeMs)).value();
        if (value instanceof QueryValue.InstantVector vector) {
            return new Vector(
                    vector.metrics(),
                    Arrays.copyOf(vector.values(), vector.metrics().size()));
        }
        if (value instanceof QueryValue.Scalar scalar) {
            return new Vector(List.of(Labels.EMPTY), new double[] {scalar.value()});
        }
        throw new QueryException(QueryException.Kind.BAD_DATA, "rule result is not a vector or scalar");
    }
}
