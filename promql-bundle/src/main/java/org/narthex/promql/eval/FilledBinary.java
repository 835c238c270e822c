package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;

/** A binary operation with fill modifiers: where a match is missing on one side, a given number with the matching labels stands in. */
final class FilledBinary {
    private final VectorBinary operation;
    private final Rows many;
    private final Rows one;
    private final int steps;
    private final Optional<Double> fillMany;
    private final Optional<Double> fillOne;

    FilledBinary(VectorBinary operation, Rows many, Rows one) {
        this.operation = operation;
        this.many = many;
        this.one = one;
        this.steps = operation.steps();
        Expr.Matching matching = operation.binary().matching();
        // Upstream counts sides after it has put the many side on the left, so with group_right the two change places;
        // so do we.
        fillMany = matching.fillLeft();
        fillOne = matching.fillRight();
    }

    Rows evaluate() throws QueryException {
        Map<Labels, List<Integer>> manies = index(many);
        Map<Labels, List<Integer>> ones = index(one);
        Rows result = new Rows();
        for (Map.Entry<Labels, List<Integer>> entry : manies.entrySet()) {
            Labels key = entry.getKey();
            List<Integer> partners = ones.getOrDefault(key, List.of());
            boolean[] onePresent = joined(one, partners, "found duplicate series for the match group " + key);
            boolean oneToOne = operation.binary().matching().cardinality() == Expr.Cardinality.ONE_TO_ONE;
            if (oneToOne) {
                joined(
                        many,
                        entry.getValue(),
                        "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)");
            }
            for (int row : entry.getValue()) {
                for (int partner : partners) {
                    add(
                            result,
                            many.row(row),
                            one.row(partner),
                            operation.resultLabels(many.labels(row), one.labels(partner)),
                            operation.drops(row));
                }
                if (fillOne.isPresent()) {
                    double[] filler = fillerWhere(onePresent, fillOne.get());
                    add(
                            result,
                            many.row(row),
                            Row.of(filler),
                            operation.resultLabels(many.labels(row), key),
                            operation.drops(row));
                }
            }
        }
        if (fillMany.isPresent()) {
            for (Map.Entry<Labels, List<Integer>> entry : ones.entrySet()) {
                Labels key = entry.getKey();
                boolean[] taken = present(many, manies.getOrDefault(key, List.of()));
                for (int partner : entry.getValue()) {
                    double[] filler = new double[steps];
                    for (int step = 0; step < steps; step++) {
                        filler[step] = taken[step] ? Absent.VALUE : fillMany.get();
                    }
                    add(
                            result,
                            Row.of(filler),
                            one.row(partner),
                            operation.resultLabels(key, one.labels(partner)),
                            false);
                }
            }
        }
        return result.joined();
    }

    private Map<Labels, List<Integer>> index(Rows rows) {
        Map<Labels, List<Integer>> index = new LinkedHashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            index.computeIfAbsent(operation.keys().key(rows.labels(row)), key -> new ArrayList<>(1))
                    .add(row);
        }
        return index;
    }

    private boolean[] present(Rows rows, List<Integer> which) {
        boolean[] present = new boolean[steps];
        for (int row : which) {
            for (int step = 0; step < steps; step++) {
                present[step] |= !rows.row(row).isAbsent(step);
            }
        }
        return present;
    }

    /** Where any of the rows has a value; only one may have one at a time. */
    private boolean[] joined(Rows rows, List<Integer> which, String otherwise) throws QueryException {
        boolean[] joined = new boolean[steps];
        for (int row : which) {
            for (int step = 0; step < steps; step++) {
                if (!rows.row(row).isAbsent(step)) {
                    if (joined[step]) {
                        throw new QueryException(QueryException.Kind.EXECUTION, otherwise);
                    }
                    joined[step] = true;
                }
            }
        }
        return joined;
    }

    private double[] fillerWhere(boolean[] present, double fill) {
        double[] filler = new double[steps];
        for (int step = 0; step < steps; step++) {
            filler[step] = present[step] ? Absent.VALUE : fill;
        }
        return filler;
    }

    private void add(Rows result, Row m, Row o, Labels labels, boolean drops) {
        Row out = operation.combine(m, o, new double[steps]);
        if (out != null) {
            result.add(labels, drops, out);
        }
    }
}
