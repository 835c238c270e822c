package org.narthex.promql.plan;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.model.Matcher;
import org.narthex.promql.parser.Expr;

/** Finds the series selectors of an expression, in the order of its text. */
public final class Selectors {
    private Selectors() {}

    /** The matchers of each selector; those of the metric name are among them. */
    public static List<List<Matcher>> of(Expr expr) {
        List<List<Matcher>> found = new ArrayList<>();
        collect(expr, found);
        return found;
    }

    private static void collect(Expr expr, List<List<Matcher>> found) {
        if (expr instanceof Expr.VectorSelector selector) {
            found.add(selector.matchers());
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            collect(matrix.selector(), found);
        } else if (expr instanceof Expr.Subquery subquery) {
            collect(subquery.inner(), found);
        } else if (expr instanceof Expr.Call call) {
            call.arguments().forEach(argument -> collect(argument, found));
        } else if (expr instanceof Expr.Aggregate aggregate) {
            if (aggregate.parameter() != null) {
                collect(aggregate.parameter(), found);
            }
            collect(aggregate.inner(), found);
        } else if (expr instanceof Expr.Binary binary) {
            collect(binary.left(), found);
            collect(binary.right(), found);
        } else if (expr instanceof Expr.Unary unary) {
            collect(unary.inner(), found);
        } else if (expr instanceof Expr.Paren paren) {
            collect(paren.inner(), found);
        } else if (expr instanceof Expr.StepInvariant invariant) {
            collect(invariant.inner(), found);
        }
    }
}
