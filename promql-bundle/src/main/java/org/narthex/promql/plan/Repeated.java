package org.narthex.promql.plan;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Printer;

/** Finds the parts that an expression repeats, so that they are evaluated once. */
public final class Repeated {
    /** Comparing the parts of a longer text with each other would take longer than it is worth. */
    private static final int MOST_CHARACTERS = 8_192;

    private final IdentityHashMap<Expr, String> texts = new IdentityHashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final IdentityHashMap<Expr, String> repeated = new IdentityHashMap<>();

    private Repeated() {}

    /**
     * The greatest repeated parts that read series, each with its text, by identity.
     *
     * @param length of the text it was parsed from
     */
    public static IdentityHashMap<Expr, String> in(Expr expr, int length) {
        Repeated found = new Repeated();
        if (length <= MOST_CHARACTERS) {
            found.count(expr);
            found.mark(expr, 1);
        }
        return found.repeated;
    }

    /** Returns whether it reads series. */
    private boolean count(Expr expr) {
        if (expr instanceof Expr.VectorSelector) {
            known(expr);
            return true;
        }
        if (expr instanceof Expr.MatrixSelector) {
            return true;
        }
        boolean reads = false;
        for (Expr part : PlanTree.parts(expr)) {
            reads |= count(part);
        }
        if (reads && (expr instanceof Expr.Call || expr instanceof Expr.Aggregate || expr instanceof Expr.Binary)) {
            known(expr);
        }
        return reads;
    }

    private void known(Expr expr) {
        String text = Printer.print(expr);
        texts.put(expr, text);
        counts.merge(text, 1, Integer::sum);
    }

    /** @param around how often what is around it occurs */
    private void mark(Expr expr, int around) {
        String text = texts.get(expr);
        int times = text == null ? around : counts.get(text);
        // Within something repeated, only what occurs elsewhere too.
        if (times > around) {
            repeated.put(expr, text);
        }
        for (Expr part : PlanTree.parts(expr)) {
            mark(part, times);
        }
    }
}
