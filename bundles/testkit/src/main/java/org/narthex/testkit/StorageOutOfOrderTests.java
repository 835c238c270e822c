package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.narthex.testkit.StorageProbe.T0;
import static org.narthex.testkit.StorageProbe.results;
import static org.narthex.testkit.StorageProbe.text;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;

/** A storage opened with an out-of-order window, which reaches back from the newest sample of all series. */
interface StorageOutOfOrderTests extends StorageTests {
    long WINDOW_MS = 600_000;

    @Test
    default void takesSamplesWithinTheWindowInAnyOrder() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0 + WINDOW_MS, -1);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            times.add(T0 + i * 1000L);
        }
        long seed = 4711;
        Random random = new Random(seed);
        Collections.shuffle(times, random);
        TreeMap<Long, Double> model = new TreeMap<>(Map.of(T0 + WINDOW_MS, -1.0));
        for (int i = 0; i < times.size(); ) {
            SampleBatch batch = new SampleBatch();
            for (int k = 1 + random.nextInt(5); k > 0 && i < times.size(); k--, i++) {
                batch.add(a, times.get(i), i);
                model.put(times.get(i), (double) i);
            }
            probe().storage().append(batch);
            assertThat(results(batch)).containsOnly(AppendResult.OK);
        }
        assertThat(probe().samples(a)).as("seed %d", seed).isEqualTo(text(model));
        for (int round = 0; round < 20; round++) {
            long from = T0 + random.nextLong(WINDOW_MS);
            long to = from + random.nextLong(WINDOW_MS);
            assertThat(text(probe().read(a, from, to)))
                    .as("seed %d, %d to %d", seed, from, to)
                    .isEqualTo(text(model.subMap(from, true, to, true)));
        }
        // In order it goes on.
        assertThat(probe().append(a, T0 + WINDOW_MS + 1, -2)).containsExactly(AppendResult.OK);
    }

    @Test
    default void refusesSamplesOlderThanTheWindow() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0 + WINDOW_MS, 1);
        assertThat(probe().append(a, T0 - 1, 2)).containsExactly(AppendResult.TOO_OLD);
        assertThat(probe().append(a, T0 - 1, HistogramKind.INTEGER.of(1))).isEqualTo(AppendResult.TOO_OLD);
        assertThat(probe().append(a, T0, 3)).containsExactly(AppendResult.OK);
        assertThat(probe().append(a, T0 + WINDOW_MS + 5000, 4)).containsExactly(AppendResult.OK);
        assertThat(probe().append(a, T0 + 4999, 5)).containsExactly(AppendResult.TOO_OLD);
        assertThat(probe().append(a, T0 + 5000, 6)).containsExactly(AppendResult.OK);
        assertThat(probe().samples(a))
                .isEqualTo(text(T0, 3, T0 + 5000, 6, T0 + WINDOW_MS, 1, T0 + WINDOW_MS + 5000, 4));
    }

    @Test
    default void measuresTheWindowFromTheNewestSampleOfAllSeries() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        Labels a = Labels.of("__name__", "a");
        Labels b = Labels.of("__name__", "b");
        probe().append(b, T0 + 1000, 1);
        probe().append(a, T0 + WINDOW_MS, 1);
        assertThat(probe().append(b, T0 + 500, 2)).containsExactly(AppendResult.OK);
        assertThat(probe().append(b, T0 - 500, 3)).containsExactly(AppendResult.TOO_OLD);
        assertThat(probe().samples(b)).isEqualTo(text(T0 + 500, 2, T0 + 1000, 1));
    }

    @Test
    default void letsASampleBeyondTheWindowHarmNoOther() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0 + WINDOW_MS, 1);
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0 + 10, 2);
        batch.add(a, T0 - 10, 3);
        batch.add(a, T0 + WINDOW_MS + 10, 4);
        batch.add(a, T0 + 20, 5);
        probe().storage().append(batch);
        assertThat(results(batch))
                .containsExactly(AppendResult.OK, AppendResult.TOO_OLD, AppendResult.OK, AppendResult.OK);
        assertThat(probe().samples(a))
                .isEqualTo(text(T0 + 10, 2, T0 + 20, 5, T0 + WINDOW_MS, 1, T0 + WINDOW_MS + 10, 4));
    }

    /** Whether another value is refused or dropped later is left open, as it is in Prometheus; but one of the two is there, and only one. */
    @Test
    default void showsOneSampleOfEachTime() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0 + 1000, 1, T0 + 2000, 2, T0 + 3000, 3);
        probe().append(a, T0, 0);
        assertThat(probe().append(a, T0, 0)).containsExactly(AppendResult.OK);
        assertThat(probe().append(a, T0 + 2000, 2)).containsExactly(AppendResult.OK);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 0, T0 + 1000, 1, T0 + 2000, 2, T0 + 3000, 3));
        for (long time : new long[] {T0, T0 + 2000}) {
            double before = probe().read(a, time, time).values()[0];
            AppendResult result = probe().append(a, (double) time, 9).get(0);
            assertThat(result).isIn(AppendResult.OK, AppendResult.DUPLICATE);
            SampleBuffer after = probe().read(a, time, time);
            assertThat(after.size()).isEqualTo(1);
            if (result == AppendResult.DUPLICATE) {
                assertThat(after.values()[0]).isEqualTo(before);
            } else {
                assertThat(after.values()[0]).isIn(before, 9.0);
            }
        }
        assertThat(probe().append(a, T0 + 3000, 9)).containsExactly(AppendResult.DUPLICATE);
        assertThat(probe().read(a, T0, T0 + 3000).size()).isEqualTo(4);
    }

    @Test
    default void takesHistogramsOutOfOrder() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        for (HistogramKind kind : HistogramKind.values()) {
            Labels series = Labels.of("__name__", "h", "kind", kind.name());
            // Backwards and in between, with a fall between the second and the third, and a float.
            Histogram[] written = {kind.of(1, 1), kind.of(9, 9), kind.of(2, 2), kind.of(3, 0, 4)};
            int[] order = {2, 0, 3, 1};
            for (int i : order) {
                assertThat(probe().append(series, T0 + i * 1000L, written[i])).isEqualTo(AppendResult.OK);
            }
            assertThat(probe().append(series, T0 + 500, 7)).containsExactly(AppendResult.OK);
            SampleBuffer buffer = probe().read(series, T0, T0 + 3000);
            assertThat(text(buffer))
                    .isEqualTo(text(T0, written[0])
                            + text(T0 + 500, 7)
                            + text(T0 + 1000, written[1])
                            + text(T0 + 2000, written[2])
                            + text(T0 + 3000, written[3]));
            ResetHint[] wrong = {null, null, ResetHint.NOT_RESET, ResetHint.NOT_RESET, ResetHint.NOT_RESET};
            for (int i = 0; i < buffer.size(); i++) {
                if (buffer.histogram(i) != null) {
                    ResetHint hint = buffer.histogram(i).resetHint();
                    assertThat(hint).as("%s, sample %d", kind, i).isNotEqualTo(wrong[i]);
                    assertThat(hint == ResetHint.GAUGE).isEqualTo(kind.isGauge);
                }
            }
        }
    }

    @Test
    default void keepsTheStartTimestampsOfLateSamples() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        assumeTrue(probe().contract().keepsStartTimestamps(), "this storage keeps no start timestamps");
        Labels a = Labels.of("__name__", "a");
        for (int i : new int[] {5, 2, 4, 0, 3, 1}) {
            SampleBatch batch = new SampleBatch();
            batch.add(a, T0 + i, i);
            batch.startTimestampMs(i == 3 ? 0 : T0 - 1000 + i);
            probe().storage().append(batch);
        }
        SampleBuffer buffer = probe().read(a, T0, T0 + 5);
        assertThat(buffer.size()).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            assertThat(buffer.startTimestampMs(i)).as("sample %d", i).isEqualTo(i == 3 ? 0 : T0 - 1000 + i);
        }
    }

    @Test
    default void keepsLateSamplesOutOfViewsOpenedBefore() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1, T0 + 10_000, 2);
        try (Querier before = probe().storage().querier(T0, T0 + 20_000)) {
            for (int i = 1; i < 200; i++) {
                probe().append(a, (double) (T0 + i * 10L), 3);
            }
            SeriesSet set = before.select(List.of(Matcher.equal("__name__", "a")));
            SampleBuffer buffer = new SampleBuffer();
            set.read(0, T0, T0 + 20_000, buffer);
            assertThat(text(buffer)).isEqualTo(text(T0, 1, T0 + 10_000, 2));
        }
        assertThat(probe().read(a, T0, T0 + 20_000).size()).isEqualTo(201);
    }

    @Test
    default void deletesLateSamplesLikeOthers() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0 + 3000, 3);
        probe().append(a, T0 + 1000, 1, T0 + 2000, 2, T0, 0);
        probe().storage().delete(List.of(Matcher.equal("__name__", "a")), T0 + 1000, T0 + 2500);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 0, T0 + 3000, 3));
    }

    @Test
    default void makesSeriesOfLateSamples() throws Exception {
        probe().openWithWindow(WINDOW_MS);
        probe().append(Labels.of("__name__", "a"), T0 + WINDOW_MS, 1);
        Labels late = Labels.of("__name__", "late");
        assertThat(probe().append(late, T0 + 2000, 1)).containsExactly(AppendResult.OK);
        assertThat(probe().append(late, T0 + 1000, 2)).containsExactly(AppendResult.OK);
        assertThat(probe().samples(late)).isEqualTo(text(T0 + 1000, 2, T0 + 2000, 1));
    }
}
