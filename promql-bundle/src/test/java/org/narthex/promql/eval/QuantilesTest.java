package org.narthex.promql.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class QuantilesTest {
    private static final int[] SIZES = {1, 2, 3, 31, 32, 33, 34, 100, 1_000, 5_000};

    private static Stream<Arguments> shapes() {
        Random random = new Random(42);
        return Stream.of(
                shape("rising", i -> i),
                shape("falling", i -> -i),
                shape("equal", i -> 7),
                shape("two values", i -> i % 2),
                shape("a tent", i -> -Math.abs(i - 500)),
                shape("saw teeth", i -> i % 17),
                shape("irregular", i -> random.nextGaussian()),
                shape(
                        "infinities",
                        i -> i % 3 == 0 ? Double.POSITIVE_INFINITY : i % 5 == 0 ? Double.NEGATIVE_INFINITY : i),
                shape("NaN at times", i -> i % 4 == 0 ? Double.NaN : random.nextDouble()),
                shape("NaN only", i -> Double.NaN));
    }

    private static Arguments shape(String name, IntToDoubleFunction value) {
        return Arguments.of(name, value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void isWhatTheSortedValuesHaveAtItsRank(String name, IntToDoubleFunction value) {
        for (int size : SIZES) {
            double[] values = new double[size];
            Arrays.setAll(values, value);
            for (double q : new double[] {0, 0.001, 0.25, 0.5, 0.9, 0.999, 1}) {
                assertThat(Quantiles.of(q, values.clone(), size))
                        .as("%s of %s", q, size)
                        .isEqualTo(Double.valueOf(sorted(values).applyAsDouble(q)));
            }
        }
    }

    @Test
    void hasBounds() {
        assertThat(Quantiles.of(-0.1, new double[] {1}, 1)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Quantiles.of(1.1, new double[] {1}, 1)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Quantiles.of(Double.NaN, new double[] {1}, 1)).isNaN();
        assertThat(Quantiles.of(0.5, new double[0], 0)).isNaN();
    }

    @Test
    void countsTheFirstValuesOnly() {
        assertThat(Quantiles.of(1, new double[] {1, 3, 2, 9, 9}, 3)).isEqualTo(3);
    }

    /** By sorting everything. */
    private static DoubleUnaryOperator sorted(double[] values) {
        double[] numbers =
                Arrays.stream(values).filter(v -> !Double.isNaN(v)).sorted().toArray();
        double[] all = new double[values.length];
        Arrays.fill(all, Double.NaN);
        System.arraycopy(numbers, 0, all, all.length - numbers.length, numbers.length);
        return q -> {
            double rank = q * (all.length - 1);
            int lower = (int) Math.floor(rank);
            int upper = Math.min(all.length - 1, lower + 1);
            double weight = rank - lower;
            return all[lower] * (1 - weight) + all[upper] * weight;
        };
    }
}
