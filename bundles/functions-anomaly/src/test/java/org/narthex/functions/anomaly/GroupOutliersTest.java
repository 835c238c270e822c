package org.narthex.functions.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;

class GroupOutliersTest {
    private static Given.Vector vector(double... values) {
        List<Labels> metrics = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            metrics.add(Labels.of("__name__", "m", "i", Integer.toString(i)));
        }
        return new Given.Vector(metrics, values);
    }

    private static double[] byDeviation(double tolerance, double... values) {
        return Given.outliers("outliers_mad", vector(values), new double[] {tolerance});
    }

    private static double[] byDensity(double distance, double points, double... values) {
        return Given.outliers("outliers_dbscan", vector(values), new double[] {distance, points});
    }

    /** Of 1 to 9 and 30 the median is 5.5 and that of the deviations 2.5, times 1.4826 is 3.71: 30 lies 6.6 of them away, 1 lies 1.2. */
    @Test
    void keepsWhatIsFarFromTheMedian() {
        double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 30};
        assertThat(byDeviation(3, values)).containsExactly(30);
        assertThat(byDeviation(6.5, values)).containsExactly(30);
        assertThat(byDeviation(6.7, values)).isEmpty();
        assertThat(byDeviation(1.2, values)).containsExactly(1, 30);
        assertThat(byDeviation(3, 5, 5, 5, 5, 5, 8)).containsExactly(8);
        assertThat(byDeviation(0, 5, 5, 5)).isEmpty();
    }

    @Test
    void needsThreeElementsForAMedian() {
        assertThat(byDeviation(0, 1, 100)).isEmpty();
        assertThat(byDeviation(3, 1, 1, Double.NaN)).isEmpty();
        assertThat(byDeviation(3, 1, 2, 3, Double.NaN, Double.POSITIVE_INFINITY))
                .containsExactly(Double.POSITIVE_INFINITY);
    }

    @Test
    void comparesElementsOfOneGroupOnly() {
        List<Labels> metrics = new ArrayList<>();
        double[] values = {1, 2, 3, 50, 101, 102, 103, 50};
        for (int i = 0; i < values.length; i++) {
            metrics.add(Labels.of("__name__", "m", "i", Integer.toString(i), "job", i < 4 ? "a" : "b", "z", "x"));
        }
        Given.Vector vector = new Given.Vector(metrics, values);
        assertThat(Given.outliers("outliers_mad", vector, new double[] {3}, "job", "z", "none"))
                .containsExactly(50, 50);
        assertThat(Given.outliers("outliers_mad", vector, new double[] {3})).isEmpty();
        assertThat(Given.outliers("outliers_dbscan", vector, new double[] {2, 3}, "job"))
                .containsExactly(50, 50);
        assertThat(Given.outliers("outliers_dbscan", vector, new double[] {2, 2}))
                .isEmpty();
    }

    @Test
    void keepsWhatBelongsToNoCluster() {
        double[] values = {1.0, 1.25, 1.125, 5, 5.125, 5.25, 5.375, 9, 3, 1.5};
        assertThat(byDensity(0.25, 3, values)).containsExactly(9, 3);
        assertThat(byDensity(2, 3, values)).containsExactly(9);
        assertThat(byDensity(0.25, 1, values)).isEmpty();
        assertThat(byDensity(0.25, 20, values)).hasSize(values.length);
        assertThat(byDensity(1, 2, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 1, Double.NaN))
                .containsExactly(1);
    }

    /** The definition, word for word: a core point has enough neighbours, noise has no core point within the distance. */
    private static double[] noise(double distance, double points, double[] values) {
        return Arrays.stream(values)
                .filter(a -> Arrays.stream(values)
                        .filter(core -> Arrays.stream(values)
                                        .filter(b -> Math.abs(core - b) <= distance)
                                        .count()
                                >= points)
                        .noneMatch(core -> Math.abs(a - core) <= distance))
                .toArray();
    }

    @Test
    void agreesWithTheDefinitionOfDbscan() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            double[] values = random.ints(1 + random.nextInt(30), -40, 40)
                    .asDoubleStream()
                    .toArray();
            double distance = random.nextInt(8);
            double points = 1 + random.nextInt(6);
            assertThat(byDensity(distance, points, values))
                    .as("seed %d, distance %s, points %s, values %s", seed, distance, points, Arrays.toString(values))
                    .isEqualTo(noise(distance, points, values));
        }
    }

    @Test
    void refusesParametersThatAreNone() {
        assertThatThrownBy(() -> byDeviation(-1, 1, 2, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the tolerance must not be negative, but is -1.0");
        assertThatThrownBy(() -> byDensity(Double.NaN, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the distance");
        assertThatThrownBy(() -> byDensity(1, 0.5, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the number of points");
    }
}
