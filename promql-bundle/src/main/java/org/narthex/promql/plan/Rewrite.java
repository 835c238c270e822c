package org.narthex.promql.plan;

import java.util.ArrayList;
import java.util.List;

import org.narthex.promql.parser.Expr;

/** Rebuilds an expression with changed children. */
final class Rewrite {
    /** What becomes of a child. */
    @FunctionalInterface
    interface Pass {
        Expr apply(Expr expr);
    }

    private Rewrite() {}

    static Expr children(Expr expr, Pass pass) {
        if (expr instanceof Expr.Paren paren) {
            return new Expr.Paren(pass.apply(paren.inner()), paren.span());
        }
        if (expr instanceof Expr.Unary unary) {
            return new Expr.Unary(unary.operator(), pass.apply(unary.inner()), unary.span());
        }
        if (expr instanceof Expr.Binary binary) {
            return new Expr.Binary(
                    binary.operator(),
                    pass.apply(binary.left()),
                    pass.apply(binary.right()),
                    binary.returnBool(),
                    binary.matching());
        }
        if (expr instanceof Expr.Aggregate a) {
            Expr parameter = a.parameter() == null ? null : pass.apply(a.parameter());
            return new Expr.Aggregate(
                    a.operator(), pass.apply(a.inner()), parameter, a.grouping(), a.without(), a.span());
        }
        if (expr instanceof Expr.Call call) {
            List<Expr> arguments = new ArrayList<>();
            for (Expr argument : call.arguments()) {
                arguments.add(pass.apply(argument));
            }
            return new Expr.Call(call.function(), arguments, call.span());
        }
        if (expr instanceof Expr.Subquery q) {
            return new Expr.Subquery(pass.apply(q.inner()), q.range(), q.step(), q.shift(), q.span());
        }
        if (expr instanceof Expr.StepInvariant invariant) {
            return new Expr.StepInvariant(pass.apply(invariant.inner()));
        }
        return expr;
    }
}
