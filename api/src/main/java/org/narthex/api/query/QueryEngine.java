package org.narthex.api.query;

import java.util.List;

import org.narthex.api.model.Matcher;
import org.osgi.annotation.versioning.ProviderType;

/** Answers PromQL over the current storage. May come and go at run time. All methods may be called by several threads at once. */
@ProviderType
public interface QueryEngine {
    /**
     * Evaluates on the caller's thread, with help from the engine's own, and returns when done.
     *
     * @throws QueryException if it cannot be answered, was canceled, or took too long
     */
    QueryResult query(QueryRequest request) throws QueryException;

    /**
     * Checks an expression without evaluating it.
     *
     * @return the expression in canonical form
     * @throws QueryException with {@link QueryException.Kind#BAD_DATA} and the position
     */
    String check(String expression) throws QueryException;

    /**
     * Reads a series selector such as {@code up{job="a"}}.
     *
     * @throws QueryException if it is none, or if all its matchers match the empty value
     */
    List<Matcher> parseSelector(String selector) throws QueryException;

    /**
     * The series selectors in an expression, in the order of the text; empty if there is none.
     *
     * @throws QueryException with {@link QueryException.Kind#BAD_DATA} and the position
     */
    List<List<Matcher>> selectors(String expression) throws QueryException;

    /**
     * How an expression would be evaluated.
     *
     * @return the plan, without costs
     * @throws QueryException with {@link QueryException.Kind#BAD_DATA} and the position
     */
    default PlanNode explain(QueryRequest request) throws QueryException {
        throw new QueryException(QueryException.Kind.EXECUTION, "this query engine does not explain");
    }

    /** The queries being evaluated or waiting, oldest first. */
    default List<RunningQuery> running() {
        return List.of();
    }

    /**
     * Stops a query; whoever asked it gets {@link QueryException.Kind#CANCELED}.
     *
     * @return whether there was one with this id
     */
    default boolean cancel(long id) {
        return false;
    }
}
