package org.narthex.promql.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Printer;

/** The same question asked from other times: every selector is pinned by {@code @} to the time of the original. */
final class AtVariants {
    private static final Set<String> UNSAFE = Set.of(
            "days_in_month",
            "day_of_month",
            "day_of_week",
            "day_of_year",
            "end",
            "hour",
            "minute",
            "month",
            "year",
            "predict_linear",
            "range",
            "start",
            "step",
            "time",
            "timestamp");

    private AtVariants() {}

    /** The pinned expression, or null if it has a part whose value depends on the evaluation time itself. */
    static String pinned(Expr expr, long timeMs) {
        return isUnsafe(expr) ? null : Printer.print(pin(expr, timeMs));
    }

    static long[] times(long timeMs) {
        return timeMs == 0
                ? new long[] {-1000, 0, 1000}
                : new long[] {-10 * timeMs, 0, timeMs / 5, timeMs, 10 * timeMs};
    }

    private static boolean isUnsafe(Expr expr) {
        if (expr instanceof Expr.Call call) {
            return UNSAFE.contains(call.function().name())
                    || call.arguments().stream().anyMatch(AtVariants::isUnsafe);
        }
        if (expr instanceof Expr.Aggregate aggregate) {
            return isUnsafe(aggregate.inner()) || (aggregate.parameter() != null && isUnsafe(aggregate.parameter()));
        }
        if (expr instanceof Expr.Binary binary) {
            return isUnsafe(binary.left()) || isUnsafe(binary.right());
        }
        if (expr instanceof Expr.Paren paren) {
            return isUnsafe(paren.inner());
        }
        if (expr instanceof Expr.Unary unary) {
            return isUnsafe(unary.inner());
        }
        return expr instanceof Expr.Subquery subquery && isUnsafe(subquery.inner());
    }

    private static Expr.Shift pin(Expr.Shift shift, long timeMs) {
        return shift.pin() == Expr.Pin.TIMESTAMP ? shift : shift.withTimestamp(timeMs);
    }

    private static Expr pin(Expr expr, long timeMs) {
        if (expr instanceof Expr.VectorSelector s) {
            return new Expr.VectorSelector(s.name(), s.matchers(), s.edges(), pin(s.shift(), timeMs), s.span());
        }
        if (expr instanceof Expr.MatrixSelector m) {
            return new Expr.MatrixSelector((Expr.VectorSelector) pin(m.selector(), timeMs), m.range(), m.span());
        }
        if (expr instanceof Expr.Subquery q) {
            return new Expr.Subquery(q.inner(), q.range(), q.step(), pin(q.shift(), timeMs), q.span());
        }
        if (expr instanceof Expr.Paren paren) {
            return new Expr.Paren(pin(paren.inner(), timeMs), paren.span());
        }
        if (expr instanceof Expr.Unary unary) {
            return new Expr.Unary(unary.operator(), pin(unary.inner(), timeMs), unary.span());
        }
        if (expr instanceof Expr.Binary b) {
            return new Expr.Binary(
                    b.operator(), pin(b.left(), timeMs), pin(b.right(), timeMs), b.returnBool(), b.matching());
        }
        if (expr instanceof Expr.Aggregate a) {
            Expr parameter = a.parameter() == null ? null : pin(a.parameter(), timeMs);
            return new Expr.Aggregate(
                    a.operator(), pin(a.inner(), timeMs), parameter, a.grouping(), a.without(), a.span());
        }
        if (expr instanceof Expr.Call call) {
            List<Expr> arguments = new ArrayList<>();
            for (int i = 0; i < call.arguments().size(); i++) {
                boolean onlyMatchers = i == 1 && call.function().name().equals("info");
                Expr argument = call.arguments().get(i);
                arguments.add(onlyMatchers ? argument : pin(argument, timeMs));
            }
            return new Expr.Call(call.function(), arguments, call.span());
        }
        return expr;
    }
}
