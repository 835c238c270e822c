package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.promql.histogram.FloatHistogram;

/** A vector whose rows are all in memory, none of them without a value. */
public final class Rows extends Vector {
    private static final int PROBES = 32;

    private final List<Labels> labels = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private boolean[] dropsName = new boolean[16];
    private long labelBytes;

    /** Adds a row of floats that has a value somewhere; the array belongs to this vector from now on. */
    public void add(Labels rowLabels, boolean drops, double[] row) {
        add(rowLabels, drops, Row.of(row));
    }

    /** Adds a row that has a value somewhere; its arrays belong to this vector from now on. */
    public void add(Labels rowLabels, boolean drops, Row row) {
        if (labels.size() == dropsName.length) {
            dropsName = java.util.Arrays.copyOf(dropsName, 2 * dropsName.length);
        }
        dropsName[labels.size()] = drops;
        labels.add(rowLabels);
        rows.add(row);
    }

    /** Computes all rows of a vector, on several cores. */
    public static Rows of(Vector vector, Query query, int steps) throws QueryException {
        if (vector instanceof Rows known) {
            return known;
        }
        estimate(vector, query, steps);
        Row[] computed = new Row[vector.size()];
        query.parallel(vector.size(), (row, scratch) -> {
            double[] buffer = scratch.takeRow(steps);
            Row result = vector.row(row, buffer, scratch);
            if (result == null || result.values() != buffer) {
                scratch.giveRow(buffer);
            }
            computed[row] = result;
            if (result != null) {
                scratch.keep(result);
            }
        });
        Rows all = new Rows();
        for (int i = 0; i < computed.length; i++) {
            if (computed[i] != null) {
                all.add(vector.labels(i), vector.dropsName(i), computed[i]);
            }
        }
        return all;
    }

    /** Refuses at once what a few rows say will not fit: a series need not have anything at the times asked for. */
    private static void estimate(Vector vector, Query query, int steps) throws QueryException {
        long size = vector.size();
        if (size < 4 * PROBES
                || size * (Budget.SERIES_BYTES + (long) steps * Double.BYTES)
                        < query.budget().leftBytes()) {
            return;
        }
        Scratch scratch = query.takeScratch();
        long bytes = 0;
        for (int probe = 0; probe < PROBES; probe++) {
            query.budget().check();
            Row row = vector.row((int) (probe * size / PROBES), new double[steps], scratch);
            bytes += row == null ? 0 : Budget.SERIES_BYTES + Double.BYTES * row.weight();
        }
        scratch.settle();
        query.budget().expect(size, steps, bytes / PROBES * size);
    }

    /** Says that labels were made that take so much memory. */
    public void addLabelBytes(long bytes) {
        labelBytes += bytes;
    }

    /** About how much memory it takes. */
    long bytes() {
        return weight() * Double.BYTES + (long) size() * Budget.SERIES_BYTES + labelBytes;
    }

    /** How many samples of floats take as much memory. */
    long weight() {
        long weight = 0;
        for (Row row : rows) {
            weight += row.weight();
        }
        return weight;
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
        merged.labelBytes = labelBytes;
        Map<Labels, Integer> index = new HashMap<>();
        for (int i = 0; i < size(); i++) {
            Integer known = index.putIfAbsent(labels.get(i), merged.size());
            if (known == null) {
                merged.add(labels.get(i), dropsName[i], rows.get(i).copy());
            } else {
                merged.rows.set(known, join(merged.rows.get(known), rows.get(i)));
                merged.dropsName[known] |= dropsName[i];
            }
        }
        return merged;
    }

    private static Row join(Row known, Row added) throws QueryException {
        Row into = known.hasHistograms() || !added.hasHistograms()
                ? known
                : new Row(known.values(), new FloatHistogram[known.values().length]);
        for (int step = 0; step < into.values().length; step++) {
            if (!added.isAbsent(step)) {
                if (!into.isAbsent(step)) {
                    throw new QueryException(
                            QueryException.Kind.EXECUTION, "vector cannot contain metrics with the same labelset");
                }
                added.copyTo(into, step);
            }
        }
        return into;
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

    /** The floats of a row; not to be changed. */
    public double[] values(int row) {
        return rows.get(row).values();
    }

    /** A row; not to be changed. */
    public Row row(int row) {
        return rows.get(row);
    }

    @Override
    public Row row(int row, double[] buffer, Scratch scratch) {
        return rows.get(row);
    }
}
