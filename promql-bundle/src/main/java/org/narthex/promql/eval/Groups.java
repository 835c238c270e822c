package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.promql.parser.Expr;

/** Which rows an aggregation puts together. */
final class Groups {
    private final List<Labels> labels = new ArrayList<>();
    private final int[] groupOf;
    /** How many rows each group has. */
    private final int[] counts;

    Groups(Expr.Aggregate aggregate, Vector vector) {
        Set<String> names = new HashSet<>(aggregate.grouping());
        Map<Labels, Integer> index = new HashMap<>();
        groupOf = new int[vector.size()];
        boolean looksAtName = aggregate.without() || names.stream().anyMatch(Names::isMetadata);
        for (int row = 0; row < groupOf.length; row++) {
            Labels own = looksAtName ? vector.labels(row) : vector.labelsBesidesName(row);
            Labels key = key(own, names, aggregate.without());
            Integer group = index.putIfAbsent(key, labels.size());
            if (group == null) {
                group = labels.size();
                labels.add(key);
            }
            groupOf[row] = group;
        }
        counts = new int[labels.size()];
        for (int group : groupOf) {
            counts[group]++;
        }
    }

    private static Labels key(Labels row, Set<String> names, boolean without) {
        if (without) {
            return row.without(name -> name.equals(Labels.METRIC_NAME) || names.contains(name));
        }
        return names.isEmpty() ? Labels.EMPTY : row.without(name -> !names.contains(name));
    }

    int size() {
        return labels.size();
    }

    Labels labels(int group) {
        return labels.get(group);
    }

    int of(int row) {
        return groupOf[row];
    }

    /** How many rows the largest group has. */
    int largest() {
        return Arrays.stream(counts).max().orElse(0);
    }

    /** The rows of each group, in ascending order. */
    int[][] rows() {
        int[][] rows = new int[counts.length][];
        Arrays.setAll(rows, group -> new int[counts[group]]);
        int[] filled = new int[counts.length];
        for (int row = 0; row < groupOf.length; row++) {
            int group = groupOf[row];
            rows[group][filled[group]++] = row;
        }
        return rows;
    }
}
