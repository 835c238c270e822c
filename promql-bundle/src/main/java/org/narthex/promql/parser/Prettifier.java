package org.narthex.promql.parser;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Writes an expression on as many lines as it needs, with the layout of upstream's {@code promql/parser/prettier.go}: what fits a line in
 * canonical form stays on it, what does not is split at its outermost node. A subquery that fits is not indented; that is upstream's too.
 */
public final class Prettifier {
    /** The line length of {@code format_query}, in bytes. */
    public static final int LINE_LENGTH = 100;

    private static final String INDENT = "  ";

    private final int lineLength;
    private final int maxLength;
    private final Set<Expr> tooLong = Collections.newSetFromMap(new IdentityHashMap<>());
    private final StringBuilder out = new StringBuilder();

    private Prettifier(int lineLength, int maxLength) {
        this.lineLength = lineLength;
        this.maxLength = maxLength;
    }

    /**
     * The formatted expression, without a line feed at its end.
     *
     * @throws IllegalArgumentException if it would be longer than {@code maxLength} characters: a long chain of operators is indented further with
     *     each of them
     */
    public static String format(Expr expr, int lineLength, int maxLength) {
        Prettifier prettifier = new Prettifier(lineLength, maxLength);
        prettifier.measure(expr);
        prettifier.expr(expr, 0);
        return prettifier.out.toString();
    }

    /** Finds the nodes that fit no line. A node one of whose parts fits none does not fit either, so each line is printed but a few times. */
    private boolean measure(Expr expr) {
        boolean isLong = false;
        for (Expr part : parts(expr)) {
            isLong |= measure(part);
        }
        isLong = isLong || Printer.print(expr).getBytes(StandardCharsets.UTF_8).length > lineLength;
        if (isLong) {
            tooLong.add(expr);
        }
        return isLong;
    }

    private static List<Expr> parts(Expr expr) {
        if (expr instanceof Expr.Call call) {
            return call.arguments();
        }
        if (expr instanceof Expr.Aggregate aggregate) {
            return aggregate.parameter() == null
                    ? List.of(aggregate.inner())
                    : List.of(aggregate.parameter(), aggregate.inner());
        }
        if (expr instanceof Expr.Binary binary) {
            return List.of(binary.left(), binary.right());
        }
        if (expr instanceof Expr.Paren paren) {
            return List.of(paren.inner());
        }
        if (expr instanceof Expr.Unary unary) {
            return List.of(unary.inner());
        }
        return expr instanceof Expr.Subquery subquery ? List.of(subquery.inner()) : List.of();
    }

    private void expr(Expr expr, int level) {
        if (expr instanceof Expr.Unary unary) {
            unary(unary, level);
        } else if (!tooLong.contains(expr)) {
            line(Printer.argument(expr), expr instanceof Expr.Subquery ? 0 : level);
        } else if (expr instanceof Expr.Aggregate aggregate) {
            aggregate(aggregate, level);
        } else if (expr instanceof Expr.Binary binary) {
            expr(binary.left(), level + 1);
            line("\n", 0);
            line(Printer.operatorOf(binary) + "\n", level);
            expr(binary.right(), level + 1);
        } else if (expr instanceof Expr.Call call) {
            line(call.function().name() + "(\n", level);
            list(call.arguments(), level + 1);
            line("\n", 0);
            line(")", level);
        } else if (expr instanceof Expr.Paren paren) {
            line("(\n", level);
            expr(paren.inner(), level + 1);
            line("\n", 0);
            line(")", level);
        } else if (expr instanceof Expr.Subquery subquery) {
            expr(subquery.inner(), level);
            line(Printer.timeOf(subquery), 0);
        } else {
            line(Printer.argument(expr), level);
        }
    }

    private void aggregate(Expr.Aggregate aggregate, int level) {
        line(Printer.head(aggregate) + "(\n", level);
        if (aggregate.parameter() != null) {
            expr(aggregate.parameter(), level + 1);
            line(",\n", 0);
        }
        expr(aggregate.inner(), level + 1);
        line("\n", 0);
        line(")", level);
    }

    private void list(List<Expr> exprs, int level) {
        for (int i = 0; i < exprs.size(); i++) {
            line(i == 0 ? "" : ",\n", 0);
            expr(exprs.get(i), level);
        }
    }

    /** The sign stands where the operand would begin. */
    private void unary(Expr.Unary unary, int level) {
        int start = out.length();
        expr(unary.inner(), level);
        int text = start;
        while (text < out.length() && out.charAt(text) == ' ') {
            text++;
        }
        out.delete(start, text);
        out.insert(start, INDENT.repeat(level) + unary.operator().text());
    }

    private void line(String text, int level) {
        if (out.length() + (long) text.length() + (long) INDENT.length() * level > maxLength) {
            throw new IllegalArgumentException("the formatted expression would be longer than " + maxLength
                    + " characters; put long chains of operators into parts");
        }
        out.append(INDENT.repeat(level)).append(text);
    }
}
