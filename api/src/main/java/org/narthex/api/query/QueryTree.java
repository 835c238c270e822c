package org.narthex.api.query;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.narthex.api.model.Matcher;

/** A parsed expression, as tools that show or rewrite queries need it: what was written, without positions. */
public sealed interface QueryTree {
    /** @param parameter of topk and the like */
    record Aggregation(
            String operator, QueryTree inner, Optional<QueryTree> parameter, List<String> grouping, boolean without)
            implements QueryTree {
        public Aggregation {
            grouping = List.copyOf(grouping);
        }
    }

    /** @param matching empty unless both sides are instant vectors */
    record Binary(String operator, QueryTree left, QueryTree right, Optional<Matching> matching, boolean returnBool)
            implements QueryTree {}

    record Call(Function function, List<QueryTree> arguments) implements QueryTree {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** @param range empty for an instant vector */
    record Selector(String name, List<Matcher> matchers, Optional<Duration> range, Edges edges, Shift shift)
            implements QueryTree {
        public Selector {
            matchers = List.copyOf(matchers);
        }
    }

    /** @param step of 0 ms without arithmetic if none was written */
    record Subquery(QueryTree inner, Duration range, Duration step, Shift shift) implements QueryTree {}

    /** @param isDuration whether it was written as a duration, whose seconds it is then */
    record NumberLiteral(double value, boolean isDuration) implements QueryTree {}

    record StringLiteral(String value) implements QueryTree {}

    record Paren(QueryTree inner) implements QueryTree {}

    record Unary(String operator, QueryTree inner) implements QueryTree {}

    /**
     * Arithmetic of durations; it occurs in {@link Duration}s alone, and its parts are such arithmetic or numbers.
     *
     * @param operator one of PromQL's, or {@code step}, {@code range}, {@code min_of}, {@code max_of}
     * @param left empty for a sign, and for {@code step} and {@code range}
     * @param right empty for {@code step} and {@code range}
     * @param inParentheses whether parentheses stand around it; around a number they are a plus sign with this
     */
    record DurationArithmetic(
            String operator, Optional<QueryTree> left, Optional<QueryTree> right, boolean inParentheses)
            implements QueryTree {}

    /**
     * A duration.
     *
     * @param millis milliseconds; 0 if it is to be computed
     * @param arithmetic how it is computed when the query runs; empty if it is a number
     */
    record Duration(long millis, Optional<DurationArithmetic> arithmetic) {
        public static final Duration NONE = new Duration(0, Optional.empty());
    }

    /** How a range is filled at its edges. */
    enum Edges {
        PLAIN,
        ANCHORED,
        SMOOTHED
    }

    /** What {@code @} pins the time to, if not a timestamp. */
    enum Pin {
        NONE,
        START,
        END
    }

    /**
     * Where in time a selector or subquery looks.
     *
     * @param offset how far back
     * @param timestampMs the time after {@code @}, in milliseconds since the epoch
     */
    record Shift(Duration offset, OptionalLong timestampMs, Pin pin) {}

    /** How many series of either side one match may have. */
    enum Cardinality {
        ONE_TO_ONE,
        MANY_TO_ONE,
        ONE_TO_MANY,
        MANY_TO_MANY
    }

    /**
     * How elements of two vectors are paired.
     *
     * @param on whether the labels are those that count, and not those that do not
     * @param include labels taken from the side of one
     * @param fillLeft what stands in for elements missing on the left
     * @param fillRight what stands in for elements missing on the right
     */
    record Matching(
            Cardinality cardinality,
            boolean on,
            List<String> labels,
            List<String> include,
            Optional<Double> fillLeft,
            Optional<Double> fillRight) {
        public Matching {
            labels = List.copyOf(labels);
            include = List.copyOf(include);
        }
    }

    /**
     * What a function takes and gives. Types are {@code scalar}, {@code vector}, {@code matrix} and {@code string}.
     *
     * @param variadic how many of the last arguments may be left out or, if -1, repeated without bound; 0 for a fixed list
     */
    record Function(String name, List<String> argumentTypes, int variadic, String returnType) {
        public Function {
            argumentTypes = List.copyOf(argumentTypes);
        }
    }
}
