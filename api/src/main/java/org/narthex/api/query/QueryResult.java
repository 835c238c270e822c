package org.narthex.api.query;

import java.util.List;

/**
 * An answered query.
 *
 * @param warnings what may make the answer wrong, as sentences
 * @param infos what its author may want to know
 */
public record QueryResult(QueryValue value, List<String> warnings, List<String> infos, QueryStatistics statistics) {
    public QueryResult {
        warnings = List.copyOf(warnings);
        infos = List.copyOf(infos);
    }
}
