package org.narthex.api.query;

import java.util.List;
import java.util.Optional;

/**
 * An answered query.
 *
 * @param warnings what may make the answer wrong, as sentences
 * @param infos what its author may want to know
 * @param plan what each part of the expression cost, if asked for
 */
public record QueryResult(
        QueryValue value,
        List<String> warnings,
        List<String> infos,
        QueryStatistics statistics,
        Optional<PlanNode> plan) {
    public QueryResult(QueryValue value, List<String> warnings, List<String> infos, QueryStatistics statistics) {
        this(value, warnings, infos, statistics, Optional.empty());
    }

    public QueryResult {
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }
}
