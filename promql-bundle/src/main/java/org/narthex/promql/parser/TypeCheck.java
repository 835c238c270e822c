package org.narthex.promql.parser;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

/** Checks the types of a whole expression, the arguments of calls, and what selectors must select. */
final class TypeCheck {
    private final String expression;
    private final Language language;

    TypeCheck(String expression, Language language) {
        this.expression = expression;
        this.language = language;
    }

    void check(Expr expr) throws ParseException {
        if (expr instanceof Expr.Aggregate aggregate) {
            aggregate(aggregate);
        } else if (expr instanceof Expr.Binary binary) {
            chain(binary);
        } else if (expr instanceof Expr.Call call) {
            call(call);
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            selector(matrix.selector());
        } else if (expr instanceof Expr.VectorSelector selector) {
            selector(selector);
        } else if (expr instanceof Expr.Subquery subquery) {
            check(subquery.inner());
            if (subquery.inner().type() != ValueType.VECTOR) {
                throw error(
                        subquery,
                        "subquery is only allowed on instant vector, got "
                                + subquery.inner().type().word() + " instead");
            }
        } else if (expr instanceof Expr.Unary unary) {
            unary(unary);
        } else if (expr instanceof Expr.Paren paren) {
            check(paren.inner());
        }
    }

    private ParseException error(Expr expr, String reason) {
        return new ParseException(expression, expr.span(), reason);
    }

    private void aggregate(Expr.Aggregate aggregate) throws ParseException {
        expect(aggregate.inner(), ValueType.VECTOR, "aggregation expression");
        if (aggregate.parameter() != null) {
            boolean text = aggregate.operator() == TokenType.COUNT_VALUES;
            expect(aggregate.parameter(), text ? ValueType.STRING : ValueType.SCALAR, "aggregation parameter");
        }
    }

    private void expect(Expr expr, ValueType wanted, String where) throws ParseException {
        check(expr);
        if (expr.type() != wanted) {
            throw error(
                    expr,
                    "expected type " + wanted.documented() + " in " + where + ", got "
                            + expr.type().documented());
        }
    }

    private void unary(Expr.Unary unary) throws ParseException {
        check(unary.inner());
        ValueType type = unary.inner().type();
        if (type != ValueType.SCALAR && type != ValueType.VECTOR) {
            throw error(
                    unary,
                    "unary expression only allowed on expressions of type scalar or instant vector, got "
                            + Quoting.quote(type.documented()));
        }
    }

    /** Long chains lean to the left: that side is gone down by a loop, not by recursion. */
    private void chain(Expr.Binary top) throws ParseException {
        Deque<Expr.Binary> chain = new ArrayDeque<>();
        Expr left = top;
        while (left instanceof Expr.Binary binary) {
            chain.push(binary);
            left = binary.left();
        }
        check(left);
        while (!chain.isEmpty()) {
            Expr.Binary binary = chain.pop();
            check(binary.right());
            binary(binary);
        }
    }

    private void binary(Expr.Binary binary) throws ParseException {
        operand(binary.left());
        operand(binary.right());
        boolean scalar =
                binary.left().type() == ValueType.SCALAR || binary.right().type() == ValueType.SCALAR;
        if (scalar && binary.operator().isSetOperator()) {
            throw error(
                    binary,
                    "set operator " + Quoting.quote(binary.operator().text())
                            + " not allowed in binary scalar expression");
        }
    }

    private void operand(Expr expr) throws ParseException {
        if (expr.type() != ValueType.SCALAR && expr.type() != ValueType.VECTOR) {
            throw error(expr, "binary expression must contain only scalar and instant vector types");
        }
    }

    private void call(Expr.Call call) throws ParseException {
        Signature function = call.function();
        List<ValueType> types = function.arguments();
        int given = call.arguments().size();
        int least = function.variadic() == 0 ? types.size() : types.size() - 1;
        if (function.variadic() == 0 && given != types.size()) {
            throw wrongCount(call, "expected ", types.size());
        }
        if (given < least) {
            throw wrongCount(call, "expected at least ", least);
        }
        if (function.variadic() > 0 && given > least + function.variadic()) {
            throw wrongCount(call, "expected at most ", least + function.variadic());
        }
        for (int i = 0; i < given; i++) {
            Expr argument = call.arguments().get(i);
            if (i == 1 && function.name().equals("info")) {
                dataLabels(argument);
            } else {
                expect(
                        argument,
                        types.get(Math.min(i, types.size() - 1)),
                        "call to function " + Quoting.quote(function.name()));
            }
        }
    }

    private ParseException wrongCount(Expr.Call call, String expected, int count) {
        return error(
                call,
                expected + count + " argument(s) in call to "
                        + Quoting.quote(call.function().name()) + ", got "
                        + call.arguments().size());
    }

    /** The second argument of info looks like a selector but only lists matchers. */
    private void dataLabels(Expr argument) throws ParseException {
        if (!(argument instanceof Expr.VectorSelector selector)) {
            throw error(argument, "expected label selectors only");
        }
        if (!selector.name().isEmpty()) {
            throw error(argument, "expected label selectors only, got vector selector instead");
        }
    }

    private void selector(Expr.VectorSelector selector) throws ParseException {
        if (selector.edges() != Expr.Edges.PLAIN && !language.extendedRangeSelectors()) {
            throw error(selector, "anchored and smoothed are not enabled");
        }
        if (!selector.name().isEmpty()) {
            List<Matcher> given =
                    selector.matchers().subList(0, selector.matchers().size() - 1);
            for (Matcher matcher : given) {
                if (matcher.name().equals(Labels.METRIC_NAME)) {
                    throw error(
                            selector,
                            "metric name must not be set twice: " + Quoting.quote(selector.name()) + " or "
                                    + Quoting.quote(matcher.value()));
                }
            }
            return;
        }
        for (Matcher matcher : selector.matchers()) {
            if (!matcher.matchesEmpty()) {
                return;
            }
        }
        throw error(selector, "vector selector must contain at least one non-empty matcher");
    }
}
