package org.narthex.promql.eval;

import java.util.HashMap;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.TokenType;

/** {@code and}, {@code or}, {@code unless}: elements stay or go by whether the other side has a match at that step. */
final class SetOperator {
    private final MatchKeys keys;
    private final int steps;

    private SetOperator(Expr.Binary binary, int steps) {
        this.keys = new MatchKeys(binary.matching());
        this.steps = steps;
    }

    static Rows evaluate(Expr.Binary binary, Rows left, Rows right, int steps) throws QueryException {
        SetOperator operator = new SetOperator(binary, steps);
        Rows result = new Rows();
        if (binary.operator() == TokenType.LOR) {
            operator.filter(left, Map.of(), false, result);
            operator.filter(right, operator.presence(left), false, result);
            return result.joined();
        }
        operator.filter(left, operator.presence(right), binary.operator() == TokenType.LAND, result);
        return result;
    }

    private Map<Labels, boolean[]> presence(Rows rows) {
        Map<Labels, boolean[]> presence = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            boolean[] there = presence.computeIfAbsent(keys.key(rows.labels(i)), key -> new boolean[steps]);
            Row row = rows.row(i);
            for (int step = 0; step < steps; step++) {
                there[step] |= !row.isAbsent(step);
            }
        }
        return presence;
    }

    /** Adds what is left of the rows when only steps with (or without) a match on the other side stay. */
    private void filter(Rows rows, Map<Labels, boolean[]> other, boolean wanted, Rows into) {
        for (int i = 0; i < rows.size(); i++) {
            boolean[] there = other.isEmpty() ? null : other.get(keys.key(rows.labels(i)));
            if (there == null) {
                if (!wanted) {
                    into.add(rows.labels(i), rows.dropsName(i), rows.row(i));
                }
                continue;
            }
            Row row = rows.row(i).copy();
            for (int step = 0; step < steps; step++) {
                if (there[step] != wanted) {
                    row.clear(step);
                }
            }
            Row left = row.settled();
            if (left != null) {
                into.add(rows.labels(i), rows.dropsName(i), left);
            }
        }
    }
}
