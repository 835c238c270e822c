package org.narthex.promql.plan;

import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.TokenType;

/** Computes arithmetic between numbers beforehand. */
public final class ConstantFolding {
    private ConstantFolding() {}

    public static Expr fold(Expr expr) {
        Expr folded = Rewrite.children(expr, ConstantFolding::fold);
        if (folded instanceof Expr.Unary unary && Evaluator.bare(unary.inner()) instanceof Expr.NumberLiteral number) {
            double value = unary.operator() == TokenType.SUB ? -number.value() : number.value();
            return new Expr.NumberLiteral(value, false, unary.span());
        }
        if (folded instanceof Expr.Binary binary
                && Evaluator.bare(binary.left()) instanceof Expr.NumberLiteral left
                && Evaluator.bare(binary.right()) instanceof Expr.NumberLiteral right
                && (!binary.operator().isComparison() || binary.returnBool())
                && binary.operator() != TokenType.TRIM_LOWER
                && binary.operator() != TokenType.TRIM_UPPER) {
            double value = Evaluator.ofScalars(binary.operator(), left.value(), right.value());
            return new Expr.NumberLiteral(value, false, binary.span());
        }
        return folded;
    }
}
