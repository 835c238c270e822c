package org.narthex.promql.eval;

import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.DurationExpr;
import org.narthex.promql.parser.Expr;

/**
 * The times of the whole query, which {@code @ start()}, {@code step()} and the like stand for.
 *
 * @param stepMs 0 for an instant query
 */
public record Times(long startMs, long endMs, long stepMs) {
    private static final double MAX_SECONDS = 0x1p63 / 1e9;

    /** A duration, in milliseconds, of any sign. */
    public long millis(DurationExpr duration) throws QueryException {
        double seconds;
        try {
            seconds = duration.seconds(stepMs, endMs - startMs);
        } catch (ArithmeticException e) {
            throw bad(e.getMessage(), duration);
        }
        if (!(Math.abs(seconds) < MAX_SECONDS)) {
            throw bad("duration out of range", duration);
        }
        // Nanoseconds are rounded first: 1.001 s are 1001 ms, though a double holds a little less.
        return Math.round(seconds * 1e9) / 1_000_000;
    }

    /** A duration that must be positive, in milliseconds. */
    public long positiveMillis(DurationExpr duration) throws QueryException {
        long millis = millis(duration);
        if (millis <= 0) {
            throw bad("duration must be greater than 0", duration);
        }
        return millis;
    }

    public long offsetMs(Expr.Shift shift) throws QueryException {
        return shift.offset() == null ? 0 : millis(shift.offset());
    }

    /** The time that {@code @} names; 0 if there is none. */
    public long pinMs(Expr.Shift shift) {
        return switch (shift.pin()) {
            case TIMESTAMP -> shift.timestampMs();
            case START -> startMs;
            case END -> endMs;
            case NONE -> 0;
        };
    }

    private static QueryException bad(String message, DurationExpr duration) {
        return new QueryException(
                QueryException.Kind.BAD_DATA, message, duration.span().start(), null);
    }
}
