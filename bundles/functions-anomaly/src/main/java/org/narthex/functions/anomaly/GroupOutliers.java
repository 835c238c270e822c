package org.narthex.functions.anomaly;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;

import org.narthex.api.model.Labels;
import org.narthex.api.query.FunctionPack;

/** Elements of a vector that are unlike the others of their group. A group is what has the same values of the labels named. */
final class GroupOutliers {
    private GroupOutliers() {}

    /** {@code outliers_mad(v instant-vector, tolerance scalar, "label"…)}: more than so many robust deviations from the median. */
    static void byDeviation(FunctionPack.Elements elements, double[] parameters, List<String> labels, double[] out) {
        double tolerance = parameters[0];
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("the tolerance must not be negative, but is " + tolerance);
        }
        for (int[] group : groups(elements, labels)) {
            if (group.length >= RobustScore.LEAST_VALUES) {
                RobustScore score = new RobustScore(sorted(elements, group));
                keep(elements, group, value -> Math.abs(score.of(value)) > tolerance, out);
            }
        }
    }

    /** {@code outliers_dbscan(v instant-vector, distance scalar, points scalar, "label"…)}: what DBSCAN calls noise. */
    static void byDensity(FunctionPack.Elements elements, double[] parameters, List<String> labels, double[] out) {
        double distance = parameters[0];
        double points = parameters[1];
        if (!(distance >= 0)) {
            throw new IllegalArgumentException("the distance must not be negative, but is " + distance);
        }
        if (!(points >= 1)) {
            throw new IllegalArgumentException("the number of points must be at least 1, but is " + points);
        }
        for (int[] group : groups(elements, labels)) {
            Density density = new Density(sorted(elements, group), distance, points);
            keep(elements, group, density::isNoise, out);
        }
    }

    private static void keep(FunctionPack.Elements elements, int[] group, DoublePredicate isOutlier, double[] out) {
        for (int i : group) {
            if (isOutlier.test(elements.value(i))) {
                out[i] = elements.value(i);
            }
        }
    }

    private static double[] sorted(FunctionPack.Elements elements, int[] group) {
        double[] values = new double[group.length];
        for (int i = 0; i < group.length; i++) {
            values[i] = elements.value(group[i]);
        }
        Arrays.sort(values);
        return values;
    }

    /** The indices of each group's elements that are numbers. */
    private static Collection<int[]> groups(FunctionPack.Elements elements, List<String> names) {
        Map<Labels, int[]> groups = new LinkedHashMap<>();
        Map<Labels, Integer> sizes = new LinkedHashMap<>();
        for (int i = 0; i < elements.size(); i++) {
            if (!Double.isNaN(elements.value(i))) {
                Labels key = names.isEmpty() ? Labels.EMPTY : elements.labels(i).without(name -> !names.contains(name));
                int size = sizes.merge(key, 1, Integer::sum);
                int[] members = groups.computeIfAbsent(key, k -> new int[4]);
                if (size > members.length) {
                    members = Arrays.copyOf(members, 2 * members.length);
                    groups.put(key, members);
                }
                members[size - 1] = i;
            }
        }
        groups.replaceAll((key, members) -> Arrays.copyOf(members, sizes.get(key)));
        return groups.values();
    }
}
