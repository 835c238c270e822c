package org.narthex.scrape.histogram;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;

class DifferenceTest {
    private static final int[] NONE = {};

    private static Histogram whole(int schema, long count, int[] spans, long... counts) {
        return Histogram.ofIntegers(
                Histogram.ResetHint.UNKNOWN,
                schema,
                0.001,
                1,
                count,
                (double) count,
                spans,
                counts,
                NONE,
                new long[0],
                new double[0]);
    }

    private static Histogram real(double count, int[] spans, double... counts) {
        return Histogram.ofFloats(
                Histogram.ResetHint.UNKNOWN, 0, 0.001, 0, count, 1, NONE, new double[0], spans, counts, new double[0]);
    }

    @Test
    void takesBucketFromBucketWhateverTheSpans() {
        Histogram before = whole(0, 4, new int[] {0, 1, 2, 1}, 1, 2);
        Histogram now = whole(0, 12, new int[] {-1, 2, 0, 3}, 1, 3, 1, 0, 6);
        assertThat(Difference.of(now, before))
                .contains(Histogram.ofIntegers(
                        Histogram.ResetHint.UNKNOWN,
                        0,
                        0.001,
                        0,
                        8,
                        8,
                        new int[] {-1, 2, 0, 3},
                        new long[] {1, 2, 1, 0, 4},
                        NONE,
                        new long[0],
                        new double[0]));
        assertThat(Difference.of(real(3, new int[] {0, 2}, 1.5, 1.5), real(1, new int[] {1, 1}, 1)))
                .contains(Histogram.ofFloats(
                        Histogram.ResetHint.UNKNOWN,
                        0,
                        0.001,
                        0,
                        2,
                        0,
                        NONE,
                        new double[0],
                        new int[] {0, 2},
                        new double[] {1.5, 0.5},
                        new double[0]));
    }

    @Test
    void isNoneWhereABucketFellOrIsGone() {
        Histogram before = whole(0, 4, new int[] {0, 1, 2, 1}, 1, 2);
        assertThat(Difference.of(whole(0, 9, new int[] {0, 1, 2, 1}, 0, 9), before))
                .isEmpty();
        assertThat(Difference.of(whole(0, 9, new int[] {0, 1}, 9), before)).isEmpty();
        assertThat(Difference.of(whole(0, 3, new int[] {0, 1, 2, 1}, 1, 2), before))
                .isEmpty();
    }

    @Test
    void needsTheSameBuckets() {
        assertThat(Difference.isPossible(whole(0, 1, NONE), whole(0, 2, NONE))).isTrue();
        assertThat(Difference.isPossible(whole(0, 1, NONE), whole(1, 2, NONE))).isFalse();
        assertThat(Difference.isPossible(whole(0, 1, NONE), real(1, NONE))).isFalse();
    }
}
