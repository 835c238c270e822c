package org.narthex.promql;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.narthex.api.query.QueryTree;
import org.narthex.promql.parser.DurationExpr;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.ValueType;

/** Makes of an expression what other bundles may see of it. */
final class TreeOf {
    private TreeOf() {}

    static QueryTree expr(Expr expr) {
        if (expr instanceof Expr.NumberLiteral number) {
            return new QueryTree.NumberLiteral(number.value(), number.isDuration());
        }
        if (expr instanceof Expr.StringLiteral string) {
            return new QueryTree.StringLiteral(string.value());
        }
        if (expr instanceof Expr.VectorSelector selector) {
            return selector(selector, Optional.empty());
        }
        if (expr instanceof Expr.MatrixSelector matrix) {
            return selector(matrix.selector(), Optional.of(duration(matrix.range())));
        }
        if (expr instanceof Expr.Subquery subquery) {
            return new QueryTree.Subquery(
                    expr(subquery.inner()),
                    duration(subquery.range()),
                    duration(subquery.step()),
                    shift(subquery.shift()));
        }
        if (expr instanceof Expr.Call call) {
            return new QueryTree.Call(
                    function(call.function()),
                    call.arguments().stream().map(TreeOf::expr).toList());
        }
        if (expr instanceof Expr.Aggregate aggregate) {
            return new QueryTree.Aggregation(
                    aggregate.operator().text(),
                    expr(aggregate.inner()),
                    Optional.ofNullable(aggregate.parameter()).map(TreeOf::expr),
                    aggregate.grouping(),
                    aggregate.without());
        }
        if (expr instanceof Expr.Binary binary) {
            return new QueryTree.Binary(
                    binary.operator().text(),
                    expr(binary.left()),
                    expr(binary.right()),
                    Optional.ofNullable(binary.matching()).map(TreeOf::matching),
                    binary.returnBool());
        }
        if (expr instanceof Expr.Unary unary) {
            return new QueryTree.Unary(unary.operator().text(), expr(unary.inner()));
        }
        if (expr instanceof Expr.Paren paren) {
            return new QueryTree.Paren(expr(paren.inner()));
        }
        return expr(((Expr.StepInvariant) expr).inner());
    }

    private static QueryTree selector(Expr.VectorSelector selector, Optional<QueryTree.Duration> range) {
        return new QueryTree.Selector(
                selector.name(),
                selector.matchers(),
                range,
                QueryTree.Edges.valueOf(selector.edges().name()),
                shift(selector.shift()));
    }

    private static QueryTree.Shift shift(Expr.Shift shift) {
        boolean isTimestamp = shift.pin() == Expr.Pin.TIMESTAMP;
        return new QueryTree.Shift(
                duration(shift.offset()),
                isTimestamp ? OptionalLong.of(shift.timestampMs()) : OptionalLong.empty(),
                isTimestamp
                        ? QueryTree.Pin.NONE
                        : QueryTree.Pin.valueOf(shift.pin().name()));
    }

    private static QueryTree.Matching matching(Expr.Matching matching) {
        return new QueryTree.Matching(
                QueryTree.Cardinality.valueOf(matching.cardinality().name()),
                matching.on(),
                matching.labels(),
                matching.include(),
                matching.fillLeft(),
                matching.fillRight());
    }

    private static QueryTree.Function function(Signature function) {
        List<String> types = function.arguments().stream().map(ValueType::word).toList();
        return new QueryTree.Function(
                function.name(), types, function.variadic(), function.returns().word());
    }

    private static QueryTree.Duration duration(DurationExpr duration) {
        if (duration == null) {
            return QueryTree.Duration.NONE;
        }
        return duration instanceof DurationExpr.Literal literal
                ? new QueryTree.Duration(Math.round(literal.seconds() * 1e9) / 1_000_000, Optional.empty())
                : new QueryTree.Duration(0, Optional.of(arithmetic(duration, false)));
    }

    private static QueryTree operand(DurationExpr duration) {
        return duration instanceof DurationExpr.Literal literal
                ? new QueryTree.NumberLiteral(literal.seconds(), literal.isDuration())
                : arithmetic(duration, false);
    }

    private static QueryTree.DurationArithmetic arithmetic(DurationExpr duration, boolean inParentheses) {
        if (duration instanceof DurationExpr.Paren paren) {
            return arithmetic(paren.inner(), true);
        }
        if (duration instanceof DurationExpr.OfQuery ofQuery) {
            return operation(ofQuery.which().text(), Optional.empty(), Optional.empty(), inParentheses);
        }
        if (duration instanceof DurationExpr.Negated negated) {
            return operation("-", Optional.empty(), Optional.of(negated.inner()), inParentheses);
        }
        if (duration instanceof DurationExpr.Choice choice) {
            return operation(
                    choice.which().text(), Optional.of(choice.left()), Optional.of(choice.right()), inParentheses);
        }
        if (duration instanceof DurationExpr.Arithmetic binary) {
            return operation(
                    binary.operator().text(), Optional.of(binary.left()), Optional.of(binary.right()), inParentheses);
        }
        return operation("+", Optional.empty(), Optional.of(duration), inParentheses);
    }

    private static QueryTree.DurationArithmetic operation(
            String operator, Optional<DurationExpr> left, Optional<DurationExpr> right, boolean inParentheses) {
        return new QueryTree.DurationArithmetic(
                operator, left.map(TreeOf::operand), right.map(TreeOf::operand), inParentheses);
    }
}
