package org.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.SampleBatch;
import org.narthex.tsdb.wal.Wal;
import org.narthex.tsdb.wal.WalCompression;
import org.narthex.tsdb.wal.WalWriter;

class SeriesOrderTest {
    private static final long RANGE = 7_200_000;
    private static final long T0 = 1_700_006_400_000L;

    @TempDir
    Path folder;

    private final Head head = new Head(RANGE, 120, Long.MAX_VALUE, new ChunkFiles(), Clock.systemUTC());
    private final Random random = new Random(3);
    private WalWriter wal;

    @BeforeEach
    void openLog() throws IOException {
        wal = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.NONE);
    }

    @AfterEach
    void closeLog() throws IOException {
        wal.close();
    }

    private void append(int from, int to, long timeMs) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (int i = from; i < to; i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, random);
        SampleBatch batch = new SampleBatch();
        for (int i : numbers) {
            batch.add(Labels.of("__name__", "m" + i % 7, "n", Integer.toString(i)), timeMs, i);
        }
        head.append(batch, new TestLogs(wal));
    }

    /** The labels of all series, as they are found. */
    private List<Labels> found(Matcher... matchers) {
        try (HeadView view = head.view(() -> {})) {
            HeadView.Found found = view.select(List.of(matchers), Long.MIN_VALUE, Long.MAX_VALUE);
            List<Labels> labels = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                labels.add(found.labels(i));
            }
            return labels;
        }
    }

    private void isOrdered(int count) {
        assertThat(found()).hasSize(count).isSorted();
        assertThat(found(Matcher.equal("__name__", "m3"))).isNotEmpty().isSorted();
    }

    @Test
    void findsSeriesInOrderWithRanksAndWithout() throws IOException {
        append(0, 2000, T0);
        assertThat(head.order.isWanted()).isFalse();
        isOrdered(2000);
        assertThat(head.order.isWanted()).isTrue();
        head.rankSeries();
        isOrdered(2000);
        assertThat(head.order.isWanted()).isFalse();
    }

    @Test
    void putsNewSeriesBetweenRankedOnes() throws IOException {
        append(0, 2000, T0);
        isOrdered(2000);
        head.rankSeries();
        append(2000, 2300, T0);
        isOrdered(2300);
        append(2300, 3300, T0);
        isOrdered(3300);
        assertThat(head.order.isWanted()).isTrue();
        head.rankSeries();
        isOrdered(3300);
    }

    @Test
    void ranksNoSeriesByThePlaceOfAnother() throws IOException {
        append(0, 2000, T0);
        isOrdered(2000);
        head.rankSeries();
        append(5000, 5100, T0 + RANGE);
        head.truncate(T0 + RANGE, () -> {});
        head.collect();
        head.collect();
        // In the slots of those that are gone.
        append(3000, 4000, T0 + RANGE);
        isOrdered(1100);
        head.rankSeries();
        isOrdered(1100);
    }
}
