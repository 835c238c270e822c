package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;

/** A vector whose rows are all in memory, none of them without a value. */
public final class Rows extends Vector {
    private final List<Labels> labels = new ArrayList<>();
    private final List<double[]> values = new ArrayList<>();
    private boolean[] dropsName = new boolean[16];

    /** Adds a row that has a value somewhere; the array belongs to this vector from now on. */
    public void add(Labels rowLabels, boolean drops, double[] row) {
        if (labels.size() == dropsName.length) {
            dropsName = java.util.Arrays.copyOf(dropsName, 2 * dropsName.length);
        }
        dropsName[labels.size()] = drops;
        labels.add(rowLabels);
        values.add(row);
    }

    /** Computes all rows of a vector, on several cores. */
    public static Rows of(Vector vector, Query query, int steps) throws QueryException {
        if (vector instanceof Rows rows) {
            return rows;
        }
        double[][] computed = new double[vector.size()][];
        query.parallel(vector.size(), (row, scratch) -> {
            double[] buffer = scratch.takeRow(steps);
            double[] result = vector.row(row, buffer, scratch);
            if (result != buffer) {
                scratch.giveRow(buffer);
            }
            computed[row] = result;
            if (result != null) {
                query.budget().hold(steps);
            }
        });
        Rows rows = new Rows();
        for (int i = 0; i < computed.length; i++) {
            if (computed[i] != null) {
                rows.add(vector.labels(i), vector.dropsName(i), computed[i]);
            }
        }
        return rows;
    }

    /** Whether two rows of the vector have the same labels. */
    static boolean hasDuplicates(Vector vector) {
        Set<Labels> seen = new HashSet<>(2 * vector.size());
        for (int i = 0; i < vector.size(); i++) {
            if (!seen.add(vector.labels(i))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Joins rows with the same labels.
     *
     * @throws QueryException if two of them have values at the same step
     */
    public Rows joined() throws QueryException {
        if (!hasDuplicates(this)) {
            return this;
        }
        Rows merged = new Rows();
        Map<Labels, Integer> index = new HashMap<>();
        for (int i = 0; i < size(); i++) {
            Integer known = index.putIfAbsent(labels.get(i), merged.size());
            if (known == null) {
                merged.add(labels.get(i), dropsName[i], values.get(i).clone());
            } else {
                join(merged.values.get(known), values.get(i));
                merged.dropsName[known] |= dropsName[i];
            }
        }
        return merged;
    }

    private static void join(double[] into, double[] row) throws QueryException {
        for (int step = 0; step < row.length; step++) {
            if (!Absent.is(row[step])) {
                if (!Absent.is(into[step])) {
                    throw new QueryException(
                            QueryException.Kind.EXECUTION, "vector cannot contain metrics with the same labelset");
                }
                into[step] = row[step];
            }
        }
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
        return dropsName[row];
    }

    /** The values of a row; not to be changed. */
    public double[] values(int row) {
        return values.get(row);
    }

    @Override
    public double[] row(int row, double[] buffer, Scratch scratch) {
        return values.get(row);
    }
}
