package org.narthex.promql.function;

import java.util.List;

import org.narthex.promql.parser.DurationExpr;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Span;
import org.narthex.promql.parser.TokenType;

/** The time at which the first selector of an expression looks, as a shift of the evaluation time. */
final class InfoTime {
    private InfoTime() {}

    static Expr.Shift of(Expr expr) {
        Expr.Shift shift = find(expr, Expr.Shift.NONE);
        return shift == null ? Expr.Shift.NONE : shift;
    }

    private static Expr.Shift find(Expr expr, Expr.Shift outer) {
        if (expr instanceof Expr.VectorSelector selector) {
            return within(outer, selector.shift());
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            return within(outer, matrix.selector().shift());
        }
        if (expr instanceof Expr.Subquery subquery) {
            return find(subquery.inner(), within(outer, subquery.shift()));
        }
        for (Expr child : children(expr)) {
            Expr.Shift found = find(child, outer);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static List<Expr> children(Expr expr) {
        if (expr instanceof Expr.Paren paren) {
            return List.of(paren.inner());
        }
        if (expr instanceof Expr.StepInvariant invariant) {
            return List.of(invariant.inner());
        }
        if (expr instanceof Expr.Unary unary) {
            return List.of(unary.inner());
        }
        if (expr instanceof Expr.Binary binary) {
            return List.of(binary.left(), binary.right());
        }
        if (expr instanceof Expr.Aggregate aggregate) {
            return List.of(aggregate.inner());
        }
        return expr instanceof Expr.Call call ? call.arguments() : List.of();
    }

    /** A pin replaces what is outside, offsets add up. */
    private static Expr.Shift within(Expr.Shift outer, Expr.Shift inner) {
        if (inner.pin() != Expr.Pin.NONE || outer.offset() == null) {
            return inner.pin() != Expr.Pin.NONE
                    ? inner
                    : new Expr.Shift(inner.offset(), outer.pin(), outer.timestampMs());
        }
        DurationExpr sum = inner.offset() == null
                ? outer.offset()
                : new DurationExpr.Arithmetic(TokenType.ADD, outer.offset(), inner.offset(), new Span(0, 0));
        return new Expr.Shift(sum, outer.pin(), outer.timestampMs());
    }
}
