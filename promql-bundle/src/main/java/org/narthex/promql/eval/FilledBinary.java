package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.Arrays;
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
            double[] onePresent = joined(one, partners, "found duplicate series for the match group " + key);
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
                            many.values(row),
                            one.values(partner),
                            operation.resultLabels(many.labels(row), one.labels(partner)),
                            operation.drops(row));
                }
                if (fillOne.isPresent()) {
                    double[] filler = fillerWhere(onePresent, fillOne.get());
                    add(
                            result,
                            many.values(row),
                            filler,
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
                    add(result, filler, one.values(partner), operation.resultLabels(key, one.labels(partner)), false);
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
                present[step] |= !Absent.is(rows.values(row)[step]);
            }
        }
        return present;
    }

    /** The rows as one, which they must be. */
    private double[] joined(Rows rows, List<Integer> which, String otherwise) throws QueryException {
        double[] joined = new double[steps];
        Arrays.fill(joined, Absent.VALUE);
        for (int row : which) {
            double[] values = rows.values(row);
            for (int step = 0; step < steps; step++) {
                if (!Absent.is(values[step])) {
                    if (!Absent.is(joined[step])) {
                        throw new QueryException(QueryException.Kind.EXECUTION, otherwise);
                    }
                    joined[step] = values[step];
                }
            }
        }
        return joined;
    }

    private double[] fillerWhere(double[] present, double fill) {
        double[] filler = new double[steps];
        for (int step = 0; step < steps; step++) {
            filler[step] = Absent.is(present[step]) ? fill : Absent.VALUE;
        }
        return filler;
    }

    private void add(Rows result, double[] m, double[] o, Labels labels, boolean drops) {
        double[] out = new double[steps];
        operation.combine(m, o, out);
        if (!Absent.isEverywhere(out)) {
            result.add(labels, drops, out);
        }
    }
}
