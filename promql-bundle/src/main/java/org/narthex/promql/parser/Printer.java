package org.narthex.promql.parser;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.PromDuration;
import org.narthex.api.model.SampleValue;

/** Writes an expression in canonical form, on one line, as upstream's; reading it again gives the same expression. */
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
            pin(selector.shift());
            edges(selector.edges());
            offset(selector.shift());
        } else if (expr instanceof Expr.MatrixSelector matrix) {
            matchers(matrix.selector());
            out.append('[').append(duration(matrix.range())).append(']');
            edges(matrix.selector().edges());
            pin(matrix.selector().shift());
            offset(matrix.selector().shift());
        } else if (expr instanceof Expr.Subquery subquery) {
            expr(subquery.inner());
            time(subquery);
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
            out.append(argument(exprs.get(i)));
        }
    }

    /** The empty list of matchers that info() may be given is written out: upstream prints nothing for it, which cannot be read again. */
    static String argument(Expr expr) {
        String text = print(expr);
        return text.isEmpty() ? "{}" : text;
    }

    private void aggregate(Expr.Aggregate aggregate) {
        aggregation(aggregate);
        out.append('(');
        if (aggregate.parameter() != null) {
            expr(aggregate.parameter());
            out.append(", ");
        }
        expr(aggregate.inner());
        out.append(')');
    }

    private void aggregation(Expr.Aggregate aggregate) {
        out.append(aggregate.operator().text());
        if (aggregate.without()) {
            out.append(" without (").append(labels(aggregate.grouping())).append(") ");
        } else if (!aggregate.grouping().isEmpty()) {
            out.append(" by (").append(labels(aggregate.grouping())).append(") ");
        }
    }

    /** What stands before the parenthesis: {@code sum by (job) }. */
    static String head(Expr.Aggregate aggregate) {
        Printer printer = new Printer();
        printer.aggregation(aggregate);
        return printer.out.toString();
    }

    private void binary(Expr.Binary binary) {
        expr(binary.left());
        out.append(' ');
        operator(binary);
        out.append(' ');
        expr(binary.right());
    }

    private void operator(Expr.Binary binary) {
        out.append(binary.operator().text());
        if (binary.returnBool()) {
            out.append(" bool");
        }
        if (binary.matching() != null) {
            matching(binary.matching());
        }
    }

    /** What stands between the sides: {@code == bool on (job)}. */
    static String operatorOf(Expr.Binary binary) {
        Printer printer = new Printer();
        printer.operator(binary);
        return printer.out.toString();
    }

    private void time(Expr.Subquery subquery) {
        out.append('[').append(duration(subquery.range())).append(':');
        out.append(subquery.step() == null ? "" : duration(subquery.step())).append(']');
        pin(subquery.shift());
        offset(subquery.shift());
    }

    /** What stands after the inner expression: {@code [5m:] offset 1m}. */
    static String timeOf(Expr.Subquery subquery) {
        Printer printer = new Printer();
        printer.time(subquery);
        return printer.out.toString();
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
                .append(SampleValue.formatGeneral(value))
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
        if (!printed.isEmpty()) {
            Collections.sort(printed);
            out.append('{').append(String.join(",", printed)).append('}');
        }
    }

    private void edges(Expr.Edges edges) {
        switch (edges) {
            case ANCHORED -> out.append(" anchored");
            case SMOOTHED -> out.append(" smoothed");
            case PLAIN -> {}
        }
    }

    private void pin(Expr.Shift shift) {
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
    }

    private void offset(Expr.Shift shift) {
        if (shift.offset() != null) {
            String offset = duration(shift.offset());
            if (!offset.equals("0s")) {
                out.append(" offset ").append(offset);
            }
        }
    }

    private static String number(double value, boolean isDuration) {
        return isDuration ? PromDuration.format(Math.round(value * 1000)) : SampleValue.formatPlain(value);
    }

    /** A duration that stands alone: a plain number is written with units. */
    private static String duration(DurationExpr duration) {
        if (duration instanceof DurationExpr.Literal literal) {
            return PromDuration.format(Math.round(literal.seconds() * 1e9) / 1_000_000);
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
