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
        } else {
            PlanTree.parts(expr).forEach(part -> collect(part, found));
        }
    }
}
