package org.narthex.promql.parser;

import java.util.List;
import java.util.Optional;

import org.narthex.api.model.Matcher;

/** An expression. Immutable; spans are byte offsets in the text it was parsed from. */
public sealed interface Expr {
    ValueType type();

    Span span();

    /** A number, written as one or as a duration, which is its seconds. */
    record NumberLiteral(double value, boolean isDuration, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.SCALAR;
        }
    }

    record StringLiteral(String value, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.STRING;
        }
    }

    /** How a range is filled at its edges. */
    enum Edges {
        PLAIN,
        ANCHORED,
        SMOOTHED
    }

    /** What {@code @} pins the time to. */
    enum Pin {
        NONE,
        TIMESTAMP,
        START,
        END
    }

    /**
     * Where in time a selector or subquery looks.
     *
     * @param offset how far back, or null for not at all
     * @param pin whether {@code @} was given
     * @param timestampMs the time after {@code @}
     */
    record Shift(DurationExpr offset, Pin pin, long timestampMs) {
        public static final Shift NONE = new Shift(null, Pin.NONE, 0);

        Shift withOffset(DurationExpr newOffset) {
            return new Shift(newOffset, pin, timestampMs);
        }

        public Shift withTimestamp(long newTimestampMs) {
            return new Shift(offset, Pin.TIMESTAMP, newTimestampMs);
        }

        Shift withPin(Pin newPin) {
            return new Shift(offset, newPin, 0);
        }
    }

    /** @param name the metric name before the braces, or the empty string; if given it is also the last matcher */
    record VectorSelector(String name, List<Matcher> matchers, Edges edges, Shift shift, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }

        /** What the {@code __name__} label must equal, or the empty string if there is no such matcher. */
        public String metricName() {
            for (Matcher matcher : matchers) {
                if (matcher.name().equals("__name__") && matcher.type() == Matcher.Type.EQUAL) {
                    return matcher.value();
                }
            }
            return name;
        }
    }

    record MatrixSelector(VectorSelector selector, DurationExpr range, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }
    }

    /** @param step null for the default one */
    record Subquery(Expr inner, DurationExpr range, DurationExpr step, Shift shift, Span span) implements Expr {
        @Override
        public ValueType type() {
            return ValueType.MATRIX;
        }
    }

    record Call(Signature function, List<Expr> arguments, Span span) implements Expr {
        @Override
        public ValueType type() {
            return function.returns();
        }
    }

    /** @param parameter of topk and the like, else null */
    record Aggregate(TokenType operator, Expr inner, Expr parameter, List<String> grouping, boolean without, Span span)
            implements Expr {
        @Override
        public ValueType type() {
            return ValueType.VECTOR;
        }
    }

    record Unary(TokenType operator, Expr inner, Span span) implements Expr {
        @Override
        public ValueType type() {
            return inner.type();
        }
    }

    record Paren(Expr inner, Span span) implements Expr {
        @Override
        public ValueType type() {
            return inner.type();
        }
    }

    /** How many series of either side one match may have. */
    enum Cardinality {
        ONE_TO_ONE("one-to-one"),
        MANY_TO_ONE("many-to-one"),
        ONE_TO_MANY("one-to-many"),
        MANY_TO_MANY("many-to-many");

        private final String word;

        Cardinality(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** How elements of two vectors are paired. */
    record Matching(
            Cardinality cardinality,
            boolean on,
            List<String> labels,
            List<String> include,
            Optional<Double> fillLeft,
            Optional<Double> fillRight) {}

    /**
     * An operator between two expressions.
     *
     * @param matching null unless both sides are instant vectors
     * @param type kept, since asking the sides each time would make long chains slow
     */
    record Binary(
            TokenType operator, Expr left, Expr right, boolean returnBool, Matching matching, ValueType type, Span span)
            implements Expr {
        public Binary(TokenType operator, Expr left, Expr right, boolean returnBool, Matching matching) {
            this(
                    operator,
                    left,
                    right,
                    returnBool,
                    matching,
                    left.type() == ValueType.SCALAR && right.type() == ValueType.SCALAR
                            ? ValueType.SCALAR
                            : ValueType.VECTOR,
                    new Span(left.span().start(), right.span().end()));
        }
    }

    /** A part whose value is the same at all evaluation times; made by the plan, not by the parser. */
    record StepInvariant(Expr inner) implements Expr {
        @Override
        public ValueType type() {
            return inner.type();
        }

        @Override
        public Span span() {
            return inner.span();
        }
    }
}
