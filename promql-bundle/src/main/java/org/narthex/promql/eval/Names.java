package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;

/** Dropping of the metric name, and of type and unit, which say something about the metric as well. */
public final class Names {
    private Names() {}

    static boolean isMetadata(String label) {
        return label.equals(Labels.METRIC_NAME) || label.equals("__type__") || label.equals("__unit__");
    }

    public static Labels drop(Labels labels) {
        return labels.without(Names::isMetadata);
    }

    /** Whether labels other than the name would be dropped too. */
    static boolean hasTypeOrUnit(Labels labels) {
        return labels.has("__type__") || labels.has("__unit__");
    }

    /** Joins rows that became equal by dropping the name, if there are such. */
    static Vector settled(Vector vector, Query query, int steps) throws QueryException {
        if (vector.isDistinctWithoutName() || !Rows.hasDuplicates(vector)) {
            return vector;
        }
        return Rows.of(vector, query, steps).joined();
    }
}
