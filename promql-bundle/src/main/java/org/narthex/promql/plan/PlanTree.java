package org.narthex.promql.plan;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.query.PlanNode;
import org.narthex.promql.eval.Profile;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Printer;

/** Shows a planned expression as a tree. */
public final class PlanTree {
    /** Parts further down are left out: nobody reads them, and readers of JSON do not like them. */
    private static final int MOST_DEPTH = 100;

    private PlanTree() {}

    /** @param profile knows what the parts cost */
    public static PlanNode of(Expr expr, Profile profile) {
        return of(expr, profile, 1);
    }

    private static PlanNode of(Expr expr, Profile profile, int depth) {
        if (expr instanceof Expr.Paren paren) {
            return of(paren.inner(), profile, depth);
        }
        List<PlanNode> parts = new ArrayList<>();
        if (depth < MOST_DEPTH) {
            for (Expr part : parts(expr)) {
                parts.add(of(part, profile, depth + 1));
            }
        }
        Profile.Cost cost = profile.cost(expr);
        return new PlanNode(
                Printer.print(expr),
                kind(expr),
                expr.span().start(),
                cost.nanos(),
                cost.series(),
                cost.samples(),
                cost.bytes(),
                cost.uses(),
                parts);
    }

    /** What an expression is made of. */
    static List<Expr> parts(Expr expr) {
        if (expr instanceof Expr.Paren paren) {
            return List.of(paren.inner());
        } else if (expr instanceof Expr.Subquery subquery) {
            return List.of(subquery.inner());
        } else if (expr instanceof Expr.Call call) {
            return call.arguments();
        } else if (expr instanceof Expr.Aggregate aggregate) {
            return aggregate.parameter() == null
                    ? List.of(aggregate.inner())
                    : List.of(aggregate.parameter(), aggregate.inner());
        } else if (expr instanceof Expr.Binary binary) {
            return List.of(binary.left(), binary.right());
        } else if (expr instanceof Expr.Unary unary) {
            return List.of(unary.inner());
        } else if (expr instanceof Expr.StepInvariant invariant) {
            return List.of(invariant.inner());
        }
        return List.of();
    }

    private static String kind(Expr expr) {
        if (expr instanceof Expr.VectorSelector) {
            return "selector";
        } else if (expr instanceof Expr.MatrixSelector) {
            return "range";
        } else if (expr instanceof Expr.Subquery) {
            return "subquery";
        } else if (expr instanceof Expr.Call) {
            return "call";
        } else if (expr instanceof Expr.Aggregate) {
            return "aggregation";
        } else if (expr instanceof Expr.Binary) {
            return "binary";
        } else if (expr instanceof Expr.Unary) {
            return "unary";
        } else if (expr instanceof Expr.StepInvariant) {
            return "once";
        }
        return expr instanceof Expr.NumberLiteral ? "number" : "text";
    }
}
