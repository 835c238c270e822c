package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.promql.parser.Expr;

/**
 * Arithmetic and comparison between two vectors. Matching is by labels alone, once for all steps; only where several series of one side share
 * a key is it looked at step by step, since they may take turns.
 */
final class VectorBinary {
    private final Expr.Binary binary;
    private final Expr.Matching matching;
    private final MatchKeys keys;
    private final Query query;
    private final int steps;
    private final boolean swapped;
    private final boolean oneToOne;
    private final boolean dropsName;
    private final boolean delayed;
    /** The side of which many may match, and the one whose elements must be unique: by default left and right. */
    private Vector many;

    private Vector one;

    private VectorBinary(Expr.Binary binary, Vector left, Vector right, Query query, int steps) {
        this.binary = binary;
        this.matching = binary.matching();
        this.keys = new MatchKeys(matching);
        this.query = query;
        this.steps = steps;
        this.swapped = matching.cardinality() == Expr.Cardinality.ONE_TO_MANY;
        this.oneToOne = matching.cardinality() == Expr.Cardinality.ONE_TO_ONE;
        this.dropsName = Operators.makesNewMetric(binary);
        this.delayed = query.settings().delayedNameRemoval();
        this.many = swapped ? right : left;
        this.one = swapped ? left : right;
    }

    static Vector evaluate(Expr.Binary binary, Vector left, Vector right, Query query, int steps)
            throws QueryException {
        VectorBinary operation = new VectorBinary(binary, left, right, query, steps);
        if (binary.matching().fillLeft().isPresent()
                || binary.matching().fillRight().isPresent()) {
            return new FilledBinary(
                            operation, Rows.of(operation.many, query, steps), Rows.of(operation.one, query, steps))
                    .evaluate();
        }
        return operation.evaluate();
    }

    private Vector evaluate() throws QueryException {
        if (!oneToOne) {
            // Its rows are used again for each element of the other side.
            one = Rows.of(one, query, steps);
        }
        Map<Labels, List<Integer>> ones = index(one);
        boolean ambiguous = ones.size() < one.size();
        Set<Labels> used = new HashSet<>();
        Pairs pairs = new Pairs();
        for (int row = 0; row < many.size(); row++) {
            Labels key = keys.key(many.labels(row));
            List<Integer> partners = ones.get(key);
            if (partners == null) {
                continue;
            }
            query.budget().check();
            ambiguous |= partners.size() > 1 || (oneToOne && !used.add(key));
            if (ambiguous) {
                break;
            }
            query.budget().holdBytes(Budget.SERIES_BYTES);
            int partner = partners.get(0);
            pairs.add(row, partner, resultLabels(many.labels(row), one.labels(partner)));
        }
        ambiguous = ambiguous || Rows.hasDuplicates(pairs);
        if (!ambiguous) {
            return pairs;
        }
        many = Rows.of(many, query, steps);
        one = Rows.of(one, query, steps);
        return resolve();
    }

    private Map<Labels, List<Integer>> index(Vector vector) {
        Map<Labels, List<Integer>> index = new HashMap<>(2 * vector.size());
        for (int row = 0; row < vector.size(); row++) {
            index.computeIfAbsent(keys.key(vector.labels(row)), key -> new ArrayList<>(1))
                    .add(row);
        }
        return index;
    }

    /** Matches again, step by step, over rows in memory. */
    private Rows resolve() throws QueryException {
        Rows manyRows = (Rows) many;
        Rows oneRows = (Rows) one;
        Map<Labels, List<Integer>> ones = index(one);
        requireUnique(ones, manyRows, oneRows);
        Rows result = new Rows();
        // How often each key, or with grouping each result, was made at a step.
        Map<Object, boolean[]> made = new HashMap<>();
        for (int row = 0; row < many.size(); row++) {
            Labels key = keys.key(many.labels(row));
            for (int partner : ones.getOrDefault(key, List.of())) {
                query.budget().check();
                Labels labels = resultLabels(many.labels(row), one.labels(partner));
                boolean[] steady = made.computeIfAbsent(oneToOne ? key : List.of(key, labels), k -> new boolean[steps]);
                Row m = manyRows.row(row);
                Row o = oneRows.row(partner);
                claim(steady, m, o);
                Row out = combine(m, o, new double[steps]);
                if (out != null) {
                    query.budget().hold(steps);
                    query.budget().holdBytes(Budget.SERIES_BYTES);
                    result.add(labels, drops(row), out);
                }
            }
        }
        return result.joined();
    }

    private void claim(boolean[] made, Row m, Row o) throws QueryException {
        for (int step = 0; step < steps; step++) {
            if (m.isAbsent(step) || o.isAbsent(step)) {
                continue;
            }
            if (made[step]) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        oneToOne
                                ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
                                : "multiple matches for labels: grouping labels must ensure unique matches");
            }
            made[step] = true;
        }
    }

    private void requireUnique(Map<Labels, List<Integer>> ones, Rows manyRows, Rows oneRows) throws QueryException {
        boolean[] manyPresent = new boolean[steps];
        for (int row = 0; row < manyRows.size(); row++) {
            Row many = manyRows.row(row);
            for (int step = 0; step < steps; step++) {
                manyPresent[step] |= !many.isAbsent(step);
            }
        }
        int[] owners = new int[steps];
        for (Map.Entry<Labels, List<Integer>> entry : ones.entrySet()) {
            List<Integer> rows = entry.getValue();
            if (rows.size() == 1) {
                continue;
            }
            Arrays.fill(owners, -1);
            for (int row : rows) {
                query.budget().check();
                Row one = oneRows.row(row);
                for (int step = 0; step < steps; step++) {
                    if (!manyPresent[step] || one.isAbsent(step)) {
                        continue;
                    }
                    if (owners[step] >= 0) {
                        throw duplicate(entry.getKey(), oneRows.labels(owners[step]), oneRows.labels(row));
                    }
                    owners[step] = row;
                }
            }
        }
    }

    private QueryException duplicate(Labels key, Labels a, Labels b) {
        boolean ordered = a.compareTo(b) <= 0;
        return new QueryException(
                QueryException.Kind.EXECUTION,
                "found duplicate series for the match group " + braced(key) + " on the " + (swapped ? "left" : "right")
                        + " hand-side of the operation: [" + braced(ordered ? a : b) + ", " + braced(ordered ? b : a)
                        + "];many-to-many matching not allowed: matching labels must be unique on one side");
    }

    /** Labels with the name among the others, as such messages show them. */
    private static String braced(Labels labels) {
        StringBuilder out = new StringBuilder("{");
        for (int i = 0; i < labels.size(); i++) {
            out.append(i == 0 ? "" : ", ").append(labels.name(i)).append('=');
            Labels.appendQuoted(out, labels.value(i));
        }
        return out.append('}').toString();
    }

    Labels resultLabels(Labels manyLabels, Labels oneLabels) {
        Labels labels = dropsName && !delayed ? Names.drop(manyLabels) : manyLabels;
        if (oneToOne) {
            labels = keys.kept(labels);
        }
        if (!matching.include().isEmpty()) {
            Labels.Builder builder = labels.toBuilder();
            for (String name : matching.include()) {
                builder.set(name, oneLabels.get(name));
            }
            labels = builder.build();
        }
        return labels;
    }

    boolean drops(int manyRow) {
        return (dropsName && delayed) || many.dropsName(manyRow);
    }

    /**
     * @param m a row of the many side
     * @return the result, or null if there is none at any step
     */
    Row combine(Row m, Row o, double[] out) {
        return HistogramOperators.pair(binary, swapped ? o : m, swapped ? m : o, out, query.notes());
    }

    MatchKeys keys() {
        return keys;
    }

    Expr.Binary binary() {
        return binary;
    }

    int steps() {
        return steps;
    }

    /** The matched pairs, computed when asked for. */
    private final class Pairs extends Vector {
        private final List<Labels> labels = new ArrayList<>();
        private final List<int[]> rows = new ArrayList<>();

        void add(int manyRow, int oneRow, Labels resultLabels) {
            labels.add(resultLabels);
            rows.add(new int[] {manyRow, oneRow});
        }

        @Override
        public int size() {
            return labels.size();
        }

        @Override
        public Labels labels(int row) {
            return labels.get(row);
        }

        @Override
        public boolean dropsName(int row) {
            return drops(rows.get(row)[0]);
        }

        @Override
        public Row row(int row, double[] buffer, Scratch scratch) throws QueryException {
            Row m = many.row(rows.get(row)[0], buffer, scratch);
            if (m == null) {
                return null;
            }
            double[] other = scratch.takeRow(steps);
            Row o = one.row(rows.get(row)[1], other, scratch);
            Row result = o == null ? null : combine(m, o, buffer);
            scratch.giveRow(other);
            return result;
        }
    }
}
