package org.narthex.api.query;

/** A query that cannot be answered; the message is meant for its author. */
public final class QueryException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why, in the API's terms. */
    public enum Kind {
        /** The expression is no valid PromQL, or a parameter is wrong. */
        BAD_DATA,
        /** It was valid but could not be evaluated, e.g. ambiguous matching or a limit exceeded. */
        EXECUTION,
        TIMEOUT,
        CANCELED,
        /** The storage failed. */
        INTERNAL,
        /** A part of the server that is needed is not there at present; worth trying again. */
        UNAVAILABLE
    }

    private final Kind kind;
    private final int position;

    public QueryException(Kind kind, String message) {
        this(kind, message, -1, null);
    }

    public QueryException(Kind kind, String message, Throwable cause) {
        this(kind, message, -1, cause);
    }

    /** @param position byte offset in the expression's UTF-8 form, or -1 */
    public QueryException(Kind kind, String message, int position, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.position = position;
    }

    public Kind kind() {
        return kind;
    }

    /** Byte offset in the expression's UTF-8 form, or -1 if the error is not about one place. */
    public int position() {
        return position;
    }
}
