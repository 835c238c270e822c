package org.narthex.api.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

class HistogramBucketTest {
    private static final int[] NO_SPANS = {};
    private static final double[] NONE = {};

    @Test
    void boundsHaveTheDigitsOfPrometheus() {
        assertEquals(1.414213562373095, HistogramBucket.upperBound(1, 1));
        assertEquals(5.65685424949238, HistogramBucket.upperBound(1, 5));
        assertEquals(0.35355339059327373, HistogramBucket.upperBound(1, -3));
        assertEquals(0.5946035575013605 * 2, HistogramBucket.upperBound(2, 1));
        assertEquals(0.9170040432046711 * 2, HistogramBucket.upperBound(3, 7));
        assertEquals(8, HistogramBucket.upperBound(0, 3));
        assertEquals(65536, HistogramBucket.upperBound(-4, 1));
        assertEquals(Double.MAX_VALUE, HistogramBucket.upperBound(0, 1024));
        assertEquals(Double.POSITIVE_INFINITY, HistogramBucket.upperBound(0, 1025));
    }

    @Test
    void listsOnlyUsedBucketsFromLowToHigh() {
        Histogram histogram = Histogram.ofFloats(
                Histogram.ResetHint.UNKNOWN,
                0,
                0.75,
                2,
                9,
                1,
                new int[] {0, 1, 1, 2},
                new double[] {1, 0, 3},
                new int[] {0, 2},
                new double[] {1, 2},
                NONE);
        assertEquals(
                List.of(
                        new HistogramBucket(-2, -1, true, false, 2),
                        new HistogramBucket(-1, -0.75, true, false, 1),
                        new HistogramBucket(-0.75, 0.75, true, true, 2),
                        new HistogramBucket(0.75, 1, false, true, 1),
                        new HistogramBucket(4, 8, false, true, 3)),
                HistogramBucket.of(histogram));
    }

    @Test
    void customBucketsReachFromMinusToPlusInfinity() {
        Histogram histogram = Histogram.ofFloats(
                Histogram.ResetHint.UNKNOWN,
                Histogram.CUSTOM_BUCKETS,
                0,
                0,
                6,
                1,
                new int[] {0, 3},
                new double[] {1, 2, 3},
                NO_SPANS,
                NONE,
                new double[] {5, 10});
        assertEquals(
                List.of(
                        new HistogramBucket(Double.NEGATIVE_INFINITY, 5, true, true, 1),
                        new HistogramBucket(5, 10, false, true, 2),
                        new HistogramBucket(10, Double.POSITIVE_INFINITY, false, true, 3)),
                HistogramBucket.of(histogram));
    }
}
