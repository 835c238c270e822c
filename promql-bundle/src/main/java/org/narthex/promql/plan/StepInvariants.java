package org.narthex.promql.plan;

import java.util.Set;

import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.ValueType;

/** Marks the greatest parts whose value does not depend on the evaluation time, so that they are evaluated once. */
public final class StepInvariants {
    /** Depend on the evaluation time whatever their arguments are, or tell about the query. */
    private static final Set<String> DEPENDS_ON_TIME = Set.of(
            "days_in_month",
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "end",
            "hour",
            "minute",
            "month",
            "year",
            "predict_linear",
            "range",
            "start",
            "step",
            "time",
            "timestamp");

    private StepInvariants() {}

    public static Expr mark(Expr expr) {
        boolean leaf = expr instanceof Expr.NumberLiteral || expr instanceof Expr.StringLiteral;
        if (!leaf && expr.type() != ValueType.MATRIX && isInvariant(expr)) {
            return new Expr.StepInvariant(expr);
        }
        return Rewrite.children(expr, StepInvariants::mark);
    }

    private static boolean isInvariant(Expr expr) {
        if (expr instanceof Expr.NumberLiteral || expr instanceof Expr.StringLiteral) {
            return true;
        }
        if (expr instanceof Expr.VectorSelector selector) {
            return selector.shift().pin() != Expr.Pin.NONE;
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            return matrix.selector().shift().pin() != Expr.Pin.NONE;
        }
        if (expr instanceof Expr.Subquery subquery) {
            return subquery.shift().pin() != Expr.Pin.NONE;
        }
        if (expr instanceof Expr.Paren paren) {
            return isInvariant(paren.inner());
        }
        if (expr instanceof Expr.Unary unary) {
            return isInvariant(unary.inner());
        }
        if (expr instanceof Expr.Binary binary) {
            return isInvariant(binary.left()) && isInvariant(binary.right());
        }
        if (expr instanceof Expr.Aggregate aggregate) {
            return isInvariant(aggregate.inner())
                    && (aggregate.parameter() == null || isInvariant(aggregate.parameter()));
        }
        if (expr instanceof Expr.Call call) {
            return !DEPENDS_ON_TIME.contains(call.function().name())
                    && call.arguments().stream().allMatch(StepInvariants::isInvariant);
        }
        return expr instanceof Expr.StepInvariant;
    }
}
