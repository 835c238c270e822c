package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.testkit.StorageProbe.T0;
import static org.narthex.testkit.StorageProbe.results;
import static org.narthex.testkit.StorageProbe.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;

/**
 * Histograms: each comes back bit by bit, but for empty buckets, and but for the hint of a counter, which says what the storage knows of the sample
 * before: {@code NOT_RESET} only if nothing fell, {@code RESET} only if something did or the writer said so, {@code UNKNOWN} always.
 */
interface StorageHistogramTests extends StorageTests {
    int[] NO_SPANS = {};
    long[] NO_BUCKETS = {};
    double[] NO_BOUNDS = {};

    @Test
    default void givesBackEveryKindOfHistogram() throws Exception {
        for (HistogramKind kind : HistogramKind.values()) {
            Labels series = Labels.of("__name__", "h", "kind", kind.name());
            StringBuilder expected = new StringBuilder();
            long[][] steps = {{1}, {2, 0, 0, 3}, {2, 0, 1, 3, 0, 0, 7}, {5, 1, 1, 1 << 20, 2, 2, 9}};
            for (int i = 0; i < steps.length; i++) {
                Histogram histogram = kind.of(steps[i]);
                assertThat(probe().append(series, T0 + i * 1000L, histogram)).isEqualTo(AppendResult.OK);
                expected.append(text(T0 + i * 1000L, histogram));
            }
            SampleBuffer buffer = probe().read(series, T0, T0 + 3000);
            assertThat(text(buffer)).isEqualTo(expected.toString());
            assertThat(buffer.hasHistograms()).isTrue();
            for (int i = 0; i < steps.length; i++) {
                ResetHint hint = buffer.histogram(i).resetHint();
                assertThat(hint == ResetHint.GAUGE).as("%s, %s", kind, hint).isEqualTo(kind.isGauge);
                assertThat(buffer.values()[i]).isEqualTo(buffer.histogram(i).sum());
            }
        }
    }

    @Test
    default void keepsEveryBitOfHistogramsAtTheirLimits() throws Exception {
        List<Histogram> odd = List.of(
                Histogram.ofIntegers(
                        ResetHint.UNKNOWN, 0, 0, 0, 0, 0, NO_SPANS, NO_BUCKETS, NO_SPANS, NO_BUCKETS, NO_BOUNDS),
                // Observations of NaN are in no bucket.
                Histogram.ofIntegers(
                        ResetHint.UNKNOWN,
                        0,
                        0,
                        0,
                        5,
                        Double.NaN,
                        new int[] {-1000, 1, 2000, 2},
                        new long[] {1, 1, 1},
                        NO_SPANS,
                        NO_BUCKETS,
                        NO_BOUNDS),
                Histogram.ofIntegers(
                        ResetHint.UNKNOWN,
                        Histogram.MAX_SCHEMA,
                        1e-128,
                        1,
                        1L << 60,
                        -0.0,
                        new int[] {7, 1},
                        new long[] {(1L << 60) - 1},
                        NO_SPANS,
                        NO_BUCKETS,
                        NO_BOUNDS),
                Histogram.ofFloats(
                        ResetHint.UNKNOWN,
                        Histogram.MIN_SCHEMA,
                        0.1 + 0.2,
                        1e-300,
                        1.0 / 3,
                        Double.NEGATIVE_INFINITY,
                        NO_SPANS,
                        new double[0],
                        new int[] {-3, 2},
                        new double[] {Double.MIN_VALUE, 1e300},
                        NO_BOUNDS),
                Histogram.ofFloats(
                        ResetHint.UNKNOWN,
                        Histogram.CUSTOM_BUCKETS,
                        0,
                        0,
                        3,
                        4,
                        new int[] {2, 2},
                        new double[] {1, 2},
                        NO_SPANS,
                        new double[0],
                        new double[] {-1e-7, 0.005, 1e18}));
        Labels series = Labels.of("__name__", "odd");
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < odd.size(); i++) {
            assertThat(odd.get(i).problem()).isEmpty();
            assertThat(probe().append(series, T0 + i, odd.get(i))).isEqualTo(AppendResult.OK);
            expected.append(text(T0 + i, odd.get(i)));
        }
        assertThat(probe().samples(series)).isEqualTo(expected.toString());
    }

    @Test
    default void givesBackLongSeriesOfHistogramsWithinAnyBounds() throws Exception {
        long seed = 20240229;
        Random random = new Random(seed);
        for (HistogramKind kind : HistogramKind.values()) {
            Labels series = Labels.of("__name__", "h", "kind", kind.name());
            TreeMap<Long, Histogram> model = new TreeMap<>();
            long[] buckets = new long[12];
            long t = T0;
            for (int i = 0; i < 600; i++) {
                t += 900 + random.nextInt(200);
                Histogram histogram = next(kind, buckets, random);
                assertThat(probe().append(series, t, histogram)).isEqualTo(AppendResult.OK);
                model.put(t, histogram);
            }
            assertTrueHints(probe().read(series, T0, t), model);
            for (int round = 0; round < 20; round++) {
                long from = T0 + random.nextLong(t - T0);
                long to = from + random.nextLong(t - T0);
                StringBuilder expected = new StringBuilder();
                model.subMap(from, true, to, true).forEach((at, histogram) -> expected.append(text(at, histogram)));
                assertThat(text(probe().read(series, from, to)))
                        .as("seed %d, %s, %d to %d", seed, kind, from, to)
                        .isEqualTo(expected.toString());
            }
        }
    }

    /** Counts on from the buckets given, at times anew, at times in more buckets, at times stale. */
    private static Histogram next(HistogramKind kind, long[] buckets, Random random) {
        int what = random.nextInt(50);
        if (what == 0) {
            return Histogram.stale(kind.isFloat);
        }
        if (what == 1) {
            Arrays.fill(buckets, 0);
        } else if (what == 2 && buckets[3] > 0) {
            buckets[3]--;
        }
        for (int i = 0; i < 3; i++) {
            // Mostly in a few buckets, so that new ones turn up late.
            buckets[random.nextInt(random.nextInt(20) == 0 ? buckets.length : 6)] += random.nextInt(100);
        }
        return kind.of(buckets);
    }

    private static void assertTrueHints(SampleBuffer buffer, Map<Long, Histogram> written) {
        Histogram before = null;
        for (int i = 0; i < buffer.size(); i++) {
            Histogram now = written.get(buffer.timestampsMs()[i]);
            ResetHint hint = buffer.histogram(i).resetHint();
            if (!now.isStale() && now.resetHint() == ResetHint.GAUGE) {
                assertThat(hint).as("sample %d", i).isEqualTo(ResetHint.GAUGE);
            } else if (!now.isStale()) {
                boolean countsOn = before != null && HistogramKind.countsOn(before, now);
                assertThat(hint)
                        .as("sample %d: %s after %s", i, now, before)
                        .isIn(ResetHint.UNKNOWN, countsOn ? ResetHint.NOT_RESET : ResetHint.RESET);
            }
            before = now;
        }
    }

    @Test
    default void neverHidesAReset() throws Exception {
        HistogramKind kind = HistogramKind.INTEGER;
        Histogram coarse = Histogram.ofIntegers(
                ResetHint.UNKNOWN,
                2,
                0.001,
                50,
                100,
                100,
                new int[] {0, 1},
                new long[] {50},
                NO_SPANS,
                NO_BUCKETS,
                NO_BOUNDS);
        // Each with what comes before it.
        Histogram[][] pairs = {
            {kind.of(5, 5), kind.of(5, 4)},
            {kind.of(5, 5), kind.of(9, 0)},
            {kind.of(5, 5), kind.of(0, 9)},
            {kind.of(5, 5, 0, 2), kind.of(5, 5, 9)},
            {kind.of(5, 5), coarse},
            {kind.of(5, 5), HistogramKind.FLOAT.of(5, 5)},
            {kind.of(5, 5), HistogramKind.INTEGER_CUSTOM.of(50, 50)},
            {HistogramKind.FLOAT_CUSTOM.of(5, 5), HistogramKind.FLOAT_CUSTOM.of(6, 0, 7)},
            {HistogramKind.INTEGER_GAUGE.of(5, 5), kind.of(6, 6)},
            {floats(2, 10, 3), floats(2, 9, 3)},
            {floats(2, 10, 3), floats(1, 10, 3)},
            {floats(2, 10, 3), floats(2, 10, 2)},
            {Histogram.stale(false), kind.of(6, 6)},
        };
        for (int i = 0; i < pairs.length; i++) {
            Labels series = Labels.of("__name__", "h", "i", Integer.toString(i));
            probe().append(series, T0, pairs[i][0]);
            probe().append(series, T0 + 1000, pairs[i][1]);
            SampleBuffer buffer = probe().read(series, T0, T0 + 1000);
            assertThat(buffer.size()).isEqualTo(2);
            assertThat(buffer.histogram(1).resetHint())
                    .as("%s after %s", pairs[i][1], pairs[i][0])
                    .isIn(ResetHint.UNKNOWN, ResetHint.RESET);
        }
    }

    private static Histogram floats(double zeroCount, double count, double bucket) {
        return Histogram.ofFloats(
                ResetHint.UNKNOWN,
                0,
                0.001,
                zeroCount,
                count,
                1,
                NO_SPANS,
                new double[0],
                new int[] {0, 1},
                new double[] {bucket},
                NO_BOUNDS);
    }

    @Test
    default void believesTheWriterWhoSaysReset() throws Exception {
        Labels series = Labels.of("__name__", "h");
        probe().append(series, T0, HistogramKind.INTEGER.of(5, 5));
        probe().append(series, T0 + 1000, HistogramKind.INTEGER.of(ResetHint.RESET, 6, 6));
        probe().append(series, T0 + 2000, HistogramKind.INTEGER.of(7, 7));
        SampleBuffer buffer = probe().read(series, T0, T0 + 2000);
        assertThat(buffer.histogram(1).resetHint()).isIn(ResetHint.UNKNOWN, ResetHint.RESET);
        assertThat(buffer.histogram(2).resetHint()).isIn(ResetHint.UNKNOWN, ResetHint.NOT_RESET);
    }

    @Test
    default void doesNotBelieveTheWriterWhoSaysNotResetOfFallenCounts() throws Exception {
        Labels series = Labels.of("__name__", "h");
        probe().append(series, T0, HistogramKind.FLOAT.of(5, 5));
        probe().append(series, T0 + 1000, HistogramKind.FLOAT.of(ResetHint.NOT_RESET, 4, 4));
        assertThat(probe().read(series, T0, T0 + 1000).histogram(1).resetHint()).isNotEqualTo(ResetHint.NOT_RESET);
    }

    @Test
    default void keepsStalenessOfHistograms() throws Exception {
        Labels series = Labels.of("__name__", "h");
        for (boolean isFloat : new boolean[] {false, true}) {
            long t = T0 + (isFloat ? 10_000 : 0);
            HistogramKind kind = isFloat ? HistogramKind.FLOAT : HistogramKind.INTEGER;
            Histogram stale = Histogram.stale(isFloat);
            probe().append(series, t, kind.of(1, 2));
            assertThat(probe().append(series, t + 1000, stale)).isEqualTo(AppendResult.OK);
            assertThat(probe().append(series, t + 2000, stale)).isEqualTo(AppendResult.OK);
            assertThat(probe().append(series, t + 2000, stale)).isEqualTo(AppendResult.OK);
            probe().append(series, t + 3000, kind.of(3, 4));
            assertThat(text(probe().read(series, t, t + 5000)))
                    .isEqualTo(text(t, kind.of(1, 2))
                            + text(t + 1000, stale)
                            + text(t + 2000, stale)
                            + text(t + 3000, kind.of(3, 4)));
            SampleBuffer buffer = probe().read(series, t + 1000, t + 1000);
            assertThat(StaleNaN.is(buffer.values()[0])).isTrue();
        }
    }

    /** Whoever ends a series need not know that it is one of histograms. */
    @Test
    default void takesTheStalenessMarkerOfFloatsForHistogramsToo() throws Exception {
        for (HistogramKind kind : HistogramKind.values()) {
            Labels series = Labels.of("__name__", "h", "kind", kind.name());
            probe().append(series, T0, kind.of(1, 2));
            assertThat(probe().append(series, T0 + 1000, StaleNaN.VALUE)).containsExactly(AppendResult.OK);
            assertThat(probe().append(series, T0 + 1000, StaleNaN.VALUE)).containsExactly(AppendResult.OK);
            SampleBuffer buffer = probe().read(series, T0, T0 + 1000);
            assertThat(buffer.size()).isEqualTo(2);
            assertThat(StaleNaN.is(buffer.values()[1])).isTrue();
        }
    }

    @Test
    default void mixesFloatsAndHistogramsInOneSeries() throws Exception {
        Labels series = Labels.of("__name__", "mixed");
        Histogram one = HistogramKind.INTEGER.of(1, 2);
        Histogram two = HistogramKind.FLOAT.of(1, 3);
        SampleBatch batch = new SampleBatch();
        batch.add(series, T0, 1);
        batch.add(series, SampleBatch.NO_REF, T0 + 1, one);
        batch.add(series, T0 + 2, 2);
        batch.add(series, SampleBatch.NO_REF, T0 + 3, two);
        batch.add(series, SampleBatch.NO_REF, T0 + 4, one);
        batch.add(series, T0 + 5, 3);
        probe().storage().append(batch);
        assertThat(batch.count(AppendResult.OK)).isEqualTo(6);
        assertThat(probe().samples(series))
                .isEqualTo(text(T0, 1)
                        + text(T0 + 1, one)
                        + text(T0 + 2, 2)
                        + text(T0 + 3, two)
                        + text(T0 + 4, one)
                        + text(T0 + 5, 3));
        assertThat(probe().read(series, T0 + 2, T0 + 2).hasHistograms()).isFalse();
        assertThat(probe().select(T0, T0 + 5, Matcher.equal("__name__", "mixed")))
                .containsExactly(series);
    }

    @Test
    default void keepsAnEqualHistogramOnce() throws Exception {
        for (HistogramKind kind : HistogramKind.values()) {
            Labels series = Labels.of("__name__", "h", "kind", kind.name());
            probe().append(series, T0, kind.of(1, 2));
            assertThat(probe().append(series, T0, kind.of(1, 2))).isEqualTo(AppendResult.OK);
            assertThat(probe().append(series, T0, kind.of(ResetHint.RESET, 1, 2)))
                    .isEqualTo(AppendResult.OK);
            assertThat(probe().samples(series)).isEqualTo(text(T0, kind.of(1, 2)));
        }
    }

    @Test
    default void refusesAnotherHistogramAtTheNewestTimestamp() throws Exception {
        for (HistogramKind kind : HistogramKind.values()) {
            Labels series = Labels.of("__name__", "h", "kind", kind.name());
            Histogram first = kind.of(1, 2);
            probe().append(series, T0, first);
            assertThat(probe().append(series, T0, kind.of(1, 3))).isEqualTo(AppendResult.DUPLICATE);
            assertThat(probe().append(series, T0, Histogram.stale(kind.isFloat)))
                    .isEqualTo(AppendResult.DUPLICATE);
            for (HistogramKind other : HistogramKind.values()) {
                if (!HistogramKind.text(other.of(1, 2)).equals(HistogramKind.text(first))) {
                    assertThat(probe().append(series, T0, other.of(1, 2))).isEqualTo(AppendResult.DUPLICATE);
                }
            }
            assertThat(probe().samples(series)).isEqualTo(text(T0, first));
        }
    }

    @Test
    default void refusesAFloatAtTheTimeOfAHistogramAndTheOtherWayRound() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        Histogram histogram = HistogramKind.INTEGER.of(1, 2);
        probe().append(a, T0, histogram);
        probe().append(b, T0, histogram.sum());
        assertThat(probe().append(a, T0, histogram.sum())).containsExactly(AppendResult.DUPLICATE);
        assertThat(probe().append(b, T0, histogram)).isEqualTo(AppendResult.DUPLICATE);
        assertThat(probe().samples(a)).isEqualTo(text(T0, histogram));
        assertThat(probe().samples(b)).isEqualTo(text(T0, histogram.sum()));
    }

    @Test
    default void refusesHistogramsOlderThanTheNewestSample() throws Exception {
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        Histogram histogram = HistogramKind.FLOAT.of(1, 2);
        probe().append(a, T0 + 1000, histogram);
        probe().append(b, T0 + 1000, 1);
        assertThat(probe().append(a, T0, histogram)).isEqualTo(AppendResult.OUT_OF_ORDER);
        assertThat(probe().append(a, T0, 1)).containsExactly(AppendResult.OUT_OF_ORDER);
        assertThat(probe().append(b, T0, histogram)).isEqualTo(AppendResult.OUT_OF_ORDER);
        assertThat(probe().samples(a)).isEqualTo(text(T0 + 1000, histogram));
        assertThat(probe().samples(b)).isEqualTo(text(T0 + 1000, 1));
    }

    @Test
    default void refusesHistogramsThatContradictThemselves() throws Exception {
        List<Histogram> invalid = new ArrayList<>();
        invalid.add(integers(3, 0, 3, new int[] {0, 2}, 1, 1));
        invalid.add(integers(3, 0, 2, new int[] {0, 3}, 1, 1));
        invalid.add(integers(3, 0, 0, new int[] {0, 2}, 1, -1));
        invalid.add(integers(3, 0, 2, new int[] {0, 1, -2, 1}, 1, 1));
        invalid.add(integers(60, 0, 2, new int[] {0, 2}, 1, 1));
        invalid.add(integers(3, 0, 2, new int[] {0, 2}, new double[] {1}, 1, 1));
        invalid.add(integers(Histogram.CUSTOM_BUCKETS, 1, 3, new int[] {0, 2}, new double[] {1}, 1, 1));
        invalid.add(integers(Histogram.CUSTOM_BUCKETS, 0, 2, new int[] {0, 2}, new double[] {2, 1}, 1, 1));
        invalid.add(integers(Histogram.CUSTOM_BUCKETS, 0, 2, new int[] {0, 2}, NO_BOUNDS, 1, 1));
        invalid.add(Histogram.ofFloats(
                ResetHint.UNKNOWN, 0, 0, 0, -1, 1, NO_SPANS, new double[0], NO_SPANS, new double[0], NO_BOUNDS));
        Labels series = Labels.of("__name__", "h");
        Labels good = Labels.of("__name__", "good");
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < invalid.size(); i++) {
            assertThat(invalid.get(i).problem()).as("case %d", i).isPresent();
            batch.add(series, SampleBatch.NO_REF, T0 + i, invalid.get(i));
        }
        batch.add(good, SampleBatch.NO_REF, T0, HistogramKind.INTEGER.of(1));
        batch.add(good, T0 + 1, 2);
        probe().storage().append(batch);
        List<AppendResult> expected = new ArrayList<>();
        invalid.forEach(one -> expected.add(AppendResult.INVALID_VALUE));
        expected.add(AppendResult.OK);
        expected.add(AppendResult.OK);
        assertThat(results(batch)).isEqualTo(expected);
        assertThat(probe().samples(series)).isEmpty();
        assertThat(probe().samples(good)).isEqualTo(text(T0, HistogramKind.INTEGER.of(1)) + text(T0 + 1, 2));
        assertThat(probe().append(series, T0, 1)).containsExactly(AppendResult.OK);
    }

    private static Histogram integers(int schema, long zeroCount, long count, int[] spans, long... buckets) {
        return integers(schema, zeroCount, count, spans, NO_BOUNDS, buckets);
    }

    private static Histogram integers(
            int schema, long zeroCount, long count, int[] spans, double[] bounds, long... buckets) {
        return Histogram.ofIntegers(
                ResetHint.UNKNOWN, schema, 0, zeroCount, count, 1, spans, buckets, NO_SPANS, NO_BUCKETS, bounds);
    }

    @Test
    default void readsFloatsIntoABufferThatHeldHistograms() throws Exception {
        Labels h = Labels.of("__name__", "h");
        Labels f = Labels.of("__name__", "f");
        for (int i = 0; i < 3; i++) {
            probe().append(h, T0 + i, HistogramKind.INTEGER.of(1 + i));
        }
        probe().append(f, T0, 1, T0 + 1, 2);
        SampleBuffer buffer = new SampleBuffer();
        try (var querier = probe().storage().querier(T0, T0 + 10)) {
            var set = querier.select(List.of(Matcher.of(Matcher.Type.REGEX, "__name__", "f|h")));
            set.read(1, T0, T0 + 10, buffer);
            assertThat(buffer.hasHistograms()).isTrue();
            set.read(0, T0, T0 + 10, buffer);
        }
        assertThat(buffer.hasHistograms()).isFalse();
        assertThat(text(buffer)).isEqualTo(text(T0, 1, T0 + 1, 2));
    }
}
