package org.narthex.promql.plan;

import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Times;
import org.narthex.promql.parser.Expr;

/** The span of time that the selectors of an expression look at, in milliseconds since the epoch, both ends inclusive. */
public final class TimeRange {
    private final Times times;
    private final long lookbackMs;
    private long minMs = Long.MAX_VALUE;
    private long maxMs = Long.MIN_VALUE;

    private TimeRange(Times times, long lookbackMs) {
        this.times = times;
        this.lookbackMs = lookbackMs;
    }

    public static TimeRange of(Expr expr, Times times, long lookbackMs) throws QueryException {
        TimeRange range = new TimeRange(times, lookbackMs);
        range.visit(expr, times.startMs(), times.endMs());
        return range;
    }

    /** Whether there is any selector. */
    public boolean isEmpty() {
        return minMs > maxMs;
    }

    public long minMs() {
        return minMs;
    }

    public long maxMs() {
        return maxMs;
    }

    private void visit(Expr expr, long startMs, long endMs) throws QueryException {
        if (expr instanceof Expr.VectorSelector selector) {
            long after = selector.edges() == Expr.Edges.SMOOTHED ? lookbackMs : 0;
            select(selector.shift(), lookbackMs, after, startMs, endMs);
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            // Anchored and smoothed ranges look further than their ends.
            long beyond = matrix.selector().edges() == Expr.Edges.PLAIN ? 0 : lookbackMs;
            long after = matrix.selector().edges() == Expr.Edges.SMOOTHED ? lookbackMs : 0;
            long rangeMs = times.positiveMillis(matrix.range()) + beyond;
            select(matrix.selector().shift(), rangeMs, after, startMs, endMs);
        } else if (expr instanceof Expr.Subquery subquery) {
            boolean pinned = subquery.shift().pin() != Expr.Pin.NONE;
            long offset = times.offsetMs(subquery.shift());
            long pin = times.pinMs(subquery.shift());
            long rangeMs = times.positiveMillis(subquery.range());
            visit(subquery.inner(), (pinned ? pin : startMs) - offset - rangeMs, (pinned ? pin : endMs) - offset);
        } else if (expr instanceof Expr.Paren paren) {
            visit(paren.inner(), startMs, endMs);
        } else if (expr instanceof Expr.StepInvariant invariant) {
            visit(invariant.inner(), startMs, endMs);
        } else if (expr instanceof Expr.Unary unary) {
            visit(unary.inner(), startMs, endMs);
        } else if (expr instanceof Expr.Binary binary) {
            visit(binary.left(), startMs, endMs);
            visit(binary.right(), startMs, endMs);
        } else if (expr instanceof Expr.Aggregate aggregate) {
            visit(aggregate.inner(), startMs, endMs);
            if (aggregate.parameter() != null) {
                visit(aggregate.parameter(), startMs, endMs);
            }
        } else if (expr instanceof Expr.Call call) {
            for (Expr argument : call.arguments()) {
                visit(argument, startMs, endMs);
            }
            if (call.function().name().equals("info") && !isEmpty()) {
                // Info series are instant selectors at whatever times the base looks at.
                minMs -= lookbackMs;
            }
        }
    }

    private void select(Expr.Shift shift, long rangeMs, long afterMs, long startMs, long endMs) throws QueryException {
        boolean pinned = shift.pin() != Expr.Pin.NONE;
        long offset = times.offsetMs(shift);
        long pin = times.pinMs(shift);
        minMs = Math.min(minMs, (pinned ? pin : startMs) - offset - rangeMs);
        maxMs = Math.max(maxMs, (pinned ? pin : endMs) - offset + afterMs);
    }
}
