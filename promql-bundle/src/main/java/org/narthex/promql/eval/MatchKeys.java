package org.narthex.promql.eval;

import java.util.HashSet;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.promql.parser.Expr;

/** The labels by which elements of two vectors are matched. */
final class MatchKeys {
    private final boolean on;
    private final Set<String> names;

    MatchKeys(Expr.Matching matching) {
        on = matching.on();
        names = new HashSet<>(matching.labels());
    }

    Labels key(Labels labels) {
        return on
                ? labels.without(name -> !names.contains(name))
                : labels.without(name -> name.equals(Labels.METRIC_NAME) || names.contains(name));
    }

    /** What a one-to-one match leaves of the labels. */
    Labels kept(Labels labels) {
        return on ? labels.without(name -> !names.contains(name)) : labels.without(names::contains);
    }
}
