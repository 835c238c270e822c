package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.testkit.StorageProbe.T0;
import static org.narthex.testkit.StorageProbe.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;

/** Values and bounds of reads, and start timestamps. */
interface StorageReadTests extends StorageTests {
    @Test
    default void keepsEveryBitOfSpecialValues() throws Exception {
        double[] special = {
            0.0,
            -0.0,
            Double.NaN,
            StaleNaN.VALUE,
            Double.longBitsToDouble(0x7ff8000000000001L),
            Double.longBitsToDouble(0xfff8000000000123L),
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.MIN_NORMAL,
            -1e-310,
            1.0 / 3,
            1e21
        };
        Labels a = Labels.of("__name__", "special");
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < special.length; i++) {
            batch.add(a, T0 + i, special[i]);
        }
        probe().storage().append(batch);
        SampleBuffer buffer = probe().read(a, T0, T0 + 1000);
        assertThat(buffer.size()).isEqualTo(special.length);
        for (int i = 0; i < special.length; i++) {
            assertThat(Double.doubleToRawLongBits(buffer.values()[i]))
                    .as("value %d", i)
                    .isEqualTo(Double.doubleToRawLongBits(special[i]));
        }
    }

    @Test
    default void givesBackLongIrregularSeriesWithinAnyBounds() throws Exception {
        Random random = new Random(StorageProbe.SEED);
        List<Labels> series = new ArrayList<>();
        List<TreeMap<Long, Double>> model = new ArrayList<>();
        for (int s = 0; s < 5; s++) {
            series.add(Labels.of("__name__", "long", "s", Integer.toString(s)));
            model.add(new TreeMap<>());
        }
        long t = T0;
        double walk = 0;
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < 3000; i++) {
            t += random.nextInt(10) == 0 ? 1 + random.nextInt(20_000) : 1000 + random.nextInt(3);
            batch.clear();
            for (int s = 0; s < series.size(); s++) {
                walk = switch (s) {
                    case 0 -> 1;
                    case 1 -> i;
                    case 2 -> random.nextGaussian();
                    case 3 -> Double.longBitsToDouble(random.nextLong());
                    default -> random.nextInt(5) == 0 ? walk + 0.1 : walk;
                };
                batch.add(series.get(s), t, walk);
                model.get(s).put(t, walk);
            }
            probe().storage().append(batch);
            assertThat(batch.count(AppendResult.OK)).isEqualTo(series.size());
        }
        for (int round = 0; round < 50; round++) {
            long from = T0 + random.nextLong(t - T0);
            long to = from + random.nextLong(t - T0);
            for (int s = 0; s < series.size(); s++) {
                assertThat(text(probe().read(series.get(s), from, to)))
                        .as("seed %d, series %d, %d to %d", StorageProbe.SEED, s, from, to)
                        .isEqualTo(text(model.get(s).subMap(from, true, to, true)));
            }
        }
    }

    @Test
    default void includesBothBoundsOfARead() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1, T0 + 1, 2, T0 + 2, 3, T0 + 3, 4);
        assertThat(text(probe().read(a, T0 + 1, T0 + 2))).isEqualTo(text(T0 + 1, 2, T0 + 2, 3));
        assertThat(text(probe().read(a, T0 + 2, T0 + 2))).isEqualTo(text(T0 + 2, 3));
        assertThat(probe().read(a, T0 + 4, T0 + 9).size()).isZero();
        assertThat(probe().read(a, T0 - 9, T0 - 1).size()).isZero();
    }

    @Test
    default void showsNothingOutsideTheQueriersRange() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1, T0 + 1, 2, T0 + 2, 3, T0 + 3, 4);
        try (Querier querier = probe().storage().querier(T0 + 1, T0 + 2)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "a")));
            SampleBuffer buffer = new SampleBuffer();
            set.read(0, T0 + 1, T0 + 2, buffer);
            assertThat(text(buffer)).isEqualTo(text(T0 + 1, 2, T0 + 2, 3));
        }
    }

    @Test
    default void clearsTheBufferBeforeEachRead() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1);
        try (Querier querier = probe().storage().querier(T0, T0 + 10)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "a")));
            SampleBuffer buffer = new SampleBuffer();
            buffer.add(1, 1);
            set.read(0, T0, T0 + 10, buffer);
            set.read(0, T0, T0 + 10, buffer);
            assertThat(text(buffer)).isEqualTo(text(T0, 1));
        }
    }

    @Test
    default void takesUnboundedRanges() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1);
        assertThat(text(probe().read(a, Long.MIN_VALUE, Long.MAX_VALUE))).isEqualTo(text(T0, 1));
    }

    @Test
    default void givesBackStartTimestampsOrNone() throws Exception {
        Labels floats = Labels.of("__name__", "floats");
        Labels histograms = Labels.of("__name__", "histograms");
        long[] starts = {0, T0 - 60_000, T0 - 60_000, 0, T0 + 2500};
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < starts.length; i++) {
            batch.add(floats, T0 + i * 1000L, i);
            batch.startTimestampMs(starts[i]);
            batch.add(histograms, SampleBatch.NO_REF, T0 + i * 1000L, HistogramKind.INTEGER.of(i, 1));
            batch.startTimestampMs(starts[i]);
        }
        probe().storage().append(batch);
        assertThat(batch.count(AppendResult.OK)).isEqualTo(2 * starts.length);
        for (Labels series : List.of(floats, histograms)) {
            SampleBuffer buffer = probe().read(series, T0, T0 + 10_000);
            assertThat(buffer.size()).isEqualTo(starts.length);
            for (int i = 0; i < starts.length; i++) {
                assertThat(buffer.startTimestampMs(i))
                        .as("%s, sample %d", series, i)
                        .isEqualTo(probe().contract().keepsStartTimestamps() ? starts[i] : 0);
            }
        }
        assertThat(probe().read(floats, T0 + 1000, T0 + 1000).startTimestampMs(0))
                .isEqualTo(probe().contract().keepsStartTimestamps() ? starts[1] : 0);
    }

    @Test
    default void comparesDuplicatesWithoutTheirStartTimestamps() throws Exception {
        Labels a = Labels.of("__name__", "a");
        probe().append(a, T0, 1);
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0, 1);
        batch.startTimestampMs(T0 - 1000);
        probe().storage().append(batch);
        assertThat(batch.result(0)).isEqualTo(AppendResult.OK);
        assertThat(probe().samples(a)).isEqualTo(text(T0, 1));
    }
}
