package org.narthex.promql.eval;

import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.ParseException;
import org.narthex.promql.parser.Span;

/** A query needs more than it may have. Carries the place in the expression out of the evaluation's loops. */
public final class LimitReached extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final QueryException.Kind kind;
    private final String advice;
    private final transient Span span;

    LimitReached(QueryException.Kind kind, String message, String advice) {
        this(kind, message, advice, null);
    }

    private LimitReached(QueryException.Kind kind, String message, String advice, Span span) {
        // Where it was thrown is of no interest.
        super(message, null, false, false);
        this.kind = kind;
        this.advice = advice;
        this.span = span;
    }

    /** The same with the place, unless that is known already. */
    LimitReached at(Span place) {
        return span == null ? new LimitReached(kind, getMessage(), advice, place) : this;
    }

    /** As an error for the author of the expression. */
    public QueryException toQueryException(String expression) {
        if (span == null) {
            return new QueryException(kind, getMessage() + "; " + advice);
        }
        String text = getMessage() + " (" + ParseException.location(expression, span.start()) + "); " + advice;
        return new QueryException(kind, text, span.start(), null);
    }
}
