package org.narthex.promql.parser;

/** A duration as written in ranges, steps and offsets. */
public sealed interface DurationExpr {
    Span span();

    /** @param isDuration whether it was written with units */
    record Literal(double seconds, boolean isDuration, Span span) implements DurationExpr {}

    /** {@code step()} or {@code range()} of the query. */
    record OfQuery(TokenType which, Span span) implements DurationExpr {}

    record Negated(DurationExpr inner, Span span) implements DurationExpr {}

    record Paren(DurationExpr inner, Span span) implements DurationExpr {}

    /** {@code min_of} or {@code max_of}. */
    record Choice(TokenType which, DurationExpr left, DurationExpr right, Span span) implements DurationExpr {}

    record Arithmetic(TokenType operator, DurationExpr left, DurationExpr right, Span operatorSpan)
            implements DurationExpr {
        @Override
        public Span span() {
            return new Span(left.span().start(), right.span().end());
        }
    }

    /** Whether the value can be told without the query's step and range. */
    default boolean isConstant() {
        if (this instanceof OfQuery) {
            return false;
        }
        if (this instanceof Negated negated) {
            return negated.inner().isConstant();
        }
        if (this instanceof Paren paren) {
            return paren.inner().isConstant();
        }
        if (this instanceof Choice choice) {
            return choice.left().isConstant() && choice.right().isConstant();
        }
        return !(this instanceof Arithmetic arithmetic)
                || (arithmetic.left().isConstant() && arithmetic.right().isConstant());
    }

    /**
     * The value in seconds.
     *
     * @param stepMs what {@code step()} stands for
     * @param rangeMs what {@code range()} stands for
     * @throws ArithmeticException on division by zero
     */
    default double seconds(long stepMs, long rangeMs) {
        if (this instanceof Literal literal) {
            return literal.seconds();
        }
        if (this instanceof OfQuery ofQuery) {
            return (ofQuery.which() == TokenType.STEP ? stepMs : rangeMs) / 1000.0;
        }
        if (this instanceof Negated negated) {
            return -negated.inner().seconds(stepMs, rangeMs);
        }
        if (this instanceof Paren paren) {
            return paren.inner().seconds(stepMs, rangeMs);
        }
        if (this instanceof Choice choice) {
            double left = choice.left().seconds(stepMs, rangeMs);
            double right = choice.right().seconds(stepMs, rangeMs);
            return choice.which() == TokenType.MIN_OF ? Math.min(left, right) : Math.max(left, right);
        }
        Arithmetic arithmetic = (Arithmetic) this;
        double left = arithmetic.left().seconds(stepMs, rangeMs);
        double right = arithmetic.right().seconds(stepMs, rangeMs);
        return switch (arithmetic.operator()) {
            case ADD -> left + right;
            case SUB -> left - right;
            case MUL -> left * right;
            case DIV -> {
                if (right == 0) {
                    throw new ArithmeticException("division by zero");
                }
                yield left / right;
            }
            case MOD -> {
                if (right == 0) {
                    throw new ArithmeticException("modulo by zero");
                }
                yield left % right;
            }
            case POW -> Math.pow(left, right);
            default -> throw new AssertionError(arithmetic.operator());
        };
    }
}
