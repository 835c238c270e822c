package org.narthex.promql.parser;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.PromDuration;
import org.narthex.api.model.SampleValue;

/** Writes an expression in canonical form, on one line; reading it again gives the same expression. */
public final class Printer {
    private final StringBuilder out = new StringBuilder();

    private Printer() {}

    public static String print(Expr expr) {
        Printer printer = new Printer();
        printer.expr(expr);
        return printer.out.toString();
    }

    /** Plain notation with so many decimals; {@code NaN}, {@code +Inf}, {@code -Inf}. */
    static String fixed(double value, int decimals) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return SampleValue.format(value);
        }
        return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    private void expr(Expr expr) {
        if (expr instanceof Expr.NumberLiteral number) {
            out.append(number(number.value(), number.isDuration()));
        } else if (expr instanceof Expr.StringLiteral string) {
            out.append(Quoting.quote(string.value()));
        } else if (expr instanceof Expr.VectorSelector selector) {
            matchers(selector);
            modifiers(selector.edges(), selector.shift());
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            matchers(matrix.selector());
            out.append('[').append(duration(matrix.range())).append(']');
            modifiers(matrix.selector().edges(), matrix.selector().shift());
        } else if (expr instanceof Expr.Subquery subquery) {
            expr(subquery.inner());
            out.append('[').append(duration(subquery.range())).append(':');
            out.append(subquery.step() == null ? "" : duration(subquery.step())).append(']');
            modifiers(Expr.Edges.PLAIN, subquery.shift());
        } else if (expr instanceof Expr.Call call) {
            out.append(call.function().name()).append('(');
            list(call.arguments());
            out.append(')');
        } else if (expr instanceof Expr.Aggregate aggregate) {
            aggregate(aggregate);
        } else if (expr instanceof Expr.Unary unary) {
            out.append(unary.operator().text());
            expr(unary.inner());
        } else if (expr instanceof Expr.Paren paren) {
            out.append('(');
            expr(paren.inner());
            out.append(')');
        } else if (expr instanceof Expr.Binary binary) {
            binary(binary);
        } else if (expr instanceof Expr.StepInvariant invariant) {
            expr(invariant.inner());
        }
    }

    private void list(List<Expr> exprs) {
        for (int i = 0; i < exprs.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            expr(exprs.get(i));
        }
    }

    private void aggregate(Expr.Aggregate aggregate) {
        out.append(aggregate.operator().text());
        if (aggregate.without()) {
            out.append(" without (").append(labels(aggregate.grouping())).append(") ");
        } else if (!aggregate.grouping().isEmpty()) {
            out.append(" by (").append(labels(aggregate.grouping())).append(") ");
        }
        out.append('(');
        if (aggregate.parameter() != null) {
            expr(aggregate.parameter());
            out.append(", ");
        }
        expr(aggregate.inner());
        out.append(')');
    }

    private void binary(Expr.Binary binary) {
        expr(binary.left());
        out.append(' ').append(binary.operator().text());
        if (binary.returnBool()) {
            out.append(" bool");
        }
        Expr.Matching matching = binary.matching();
        if (matching != null) {
            matching(matching);
        }
        out.append(' ');
        expr(binary.right());
    }

    private void matching(Expr.Matching matching) {
        boolean grouped = matching.cardinality() == Expr.Cardinality.MANY_TO_ONE
                || matching.cardinality() == Expr.Cardinality.ONE_TO_MANY;
        if (matching.on() || grouped || !matching.labels().isEmpty()) {
            out.append(matching.on() ? " on (" : " ignoring (");
            out.append(labels(matching.labels())).append(')');
        }
        if (grouped) {
            out.append(matching.cardinality() == Expr.Cardinality.MANY_TO_ONE ? " group_left (" : " group_right (");
            out.append(labels(matching.include())).append(')');
        }
        if (matching.fillLeft().isPresent() && matching.fillLeft().equals(matching.fillRight())) {
            fill("fill", matching.fillLeft().get());
        } else {
            matching.fillLeft().ifPresent(value -> fill("fill_left", value));
            matching.fillRight().ifPresent(value -> fill("fill_right", value));
        }
    }

    private void fill(String word, double value) {
        out.append(' ')
                .append(word)
                .append(" (")
                .append(SampleValue.format(value))
                .append(')');
    }

    private static String labels(List<String> names) {
        List<String> printed = new ArrayList<>();
        for (String name : names) {
            printed.add(Labels.isLabelName(name) ? name : Quoting.quote(name));
        }
        return String.join(", ", printed);
    }

    private void matchers(Expr.VectorSelector selector) {
        out.append(selector.name());
        List<String> printed = new ArrayList<>();
        for (Matcher matcher : selector.matchers()) {
            boolean isName = matcher.name().equals(Labels.METRIC_NAME) && matcher.type() == Matcher.Type.EQUAL;
            if (isName
                    && matcher.value().equals(selector.name())
                    && !matcher.value().isEmpty()) {
                continue;
            }
            String name = Labels.isLabelName(matcher.name()) ? matcher.name() : Quoting.quote(matcher.name());
            printed.add(name + matcher.type().symbol() + Quoting.quote(matcher.value()));
        }
        if (!printed.isEmpty()
                || (selector.name().isEmpty() && selector.matchers().isEmpty())) {
            out.append('{').append(String.join(",", printed)).append('}');
        }
    }

    private void modifiers(Expr.Edges edges, Expr.Shift shift) {
        switch (edges) {
            case ANCHORED -> out.append(" anchored");
            case SMOOTHED -> out.append(" smoothed");
            case PLAIN -> {}
        }
        switch (shift.pin()) {
            case TIMESTAMP ->
                out.append(" @ ")
                        .append(new BigDecimal(shift.timestampMs())
                                .movePointLeft(3)
                                .setScale(3)
                                .toPlainString());
            case START -> out.append(" @ start()");
            case END -> out.append(" @ end()");
            case NONE -> {}
        }
        if (shift.offset() != null) {
            String offset = duration(shift.offset());
            if (!offset.equals("0s")) {
                out.append(" offset ").append(offset);
            }
        }
    }

    private static String number(double value, boolean isDuration) {
        if (!isDuration) {
            return SampleValue.format(value);
        }
        return millis(Math.round(value * 1000));
    }

    private static String millis(long millis) {
        return millis < 0 ? "-" + PromDuration.format(-millis) : PromDuration.format(millis);
    }

    /** A duration that stands alone: a plain number is written with units. */
    private static String duration(DurationExpr duration) {
        if (duration instanceof DurationExpr.Literal literal) {
            return millis(Math.round(literal.seconds() * 1e9) / 1_000_000);
        }
        return arithmetic(duration);
    }

    private static String arithmetic(DurationExpr duration) {
        if (duration instanceof DurationExpr.Literal literal) {
            return number(literal.seconds(), literal.isDuration());
        }
        if (duration instanceof DurationExpr.OfQuery ofQuery) {
            return ofQuery.which().text() + "()";
        }
        if (duration instanceof DurationExpr.Negated negated) {
            return "-" + arithmetic(negated.inner());
        }
        if (duration instanceof DurationExpr.Paren paren) {
            return "(" + arithmetic(paren.inner()) + ")";
        }
        if (duration instanceof DurationExpr.Choice choice) {
            return choice.which().text() + "(" + arithmetic(choice.left()) + ", " + arithmetic(choice.right()) + ")";
        }
        DurationExpr.Arithmetic binary = (DurationExpr.Arithmetic) duration;
        return arithmetic(binary.left()) + " " + binary.operator().text() + " " + arithmetic(binary.right());
    }
}
