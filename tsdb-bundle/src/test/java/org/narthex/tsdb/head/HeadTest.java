package org.narthex.tsdb.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.tsdb.wal.Wal;
import org.narthex.tsdb.wal.WalCompression;
import org.narthex.tsdb.wal.WalDecoder;
import org.narthex.tsdb.wal.WalReader;
import org.narthex.tsdb.wal.WalRecord;
import org.narthex.tsdb.wal.WalWriter;

class HeadTest {
    private static final long RANGE = 7_200_000;
    private static final long T0 = 1_700_006_400_000L;

    @TempDir
    Path folder;

    private final Head head = new Head(RANGE, 120, Long.MAX_VALUE, new ChunkFiles(), Clock.systemUTC());

    @Test
    void keepsNothingOfABatchTheLogDidNotTakeAndTakesItLater() throws IOException {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", "a"), T0, 1);
        batch.add(Labels.of("__name__", "a"), T0 + 1, 2);
        WalWriter closed = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.SNAPPY);
        closed.close();
        assertThatThrownBy(() -> head.append(batch, new TestLogs(closed))).isInstanceOf(IOException.class);
        assertThat(head.stats().floats(AppendResult.OK)).isZero();
        try (HeadView view = head.view(() -> {})) {
            assertThat(view.minTimeMs()).isEqualTo(Long.MAX_VALUE);
        }
        try (WalWriter open = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.SNAPPY)) {
            head.append(batch, new TestLogs(open));
        }
        assertThat(batch.count(AppendResult.OK)).isEqualTo(2);
        // The series was new to the head only the first time, yet must be in the log.
        assertThat(logged()).containsExactly("series {__name__=\"a\"}", "sample 1", "sample 2");
    }

    private List<String> logged() throws IOException {
        List<String> logged = new ArrayList<>();
        for (Wal.Segment segment : Wal.segments(folder)) {
            try (WalReader reader = new WalReader(segment.file())) {
                while (reader.next()) {
                    new WalDecoder().decode(reader.record(), reader.length(), sink(logged));
                }
            }
        }
        return logged;
    }

    private static WalRecord.Sink sink(List<String> into) {
        return new WalRecord.Sink() {
            @Override
            public void series(long ref, Labels labels) {
                into.add("series {__name__=\"" + labels.metricName() + "\"}");
            }

            @Override
            public void sample(long ref, long timestampMs, long valueBits) {
                into.add("sample " + (int) Double.longBitsToDouble(valueBits));
            }

            @Override
            public void tombstone(long ref, long minTimeMs, long maxTimeMs) {
                into.add("tombstone");
            }

            @Override
            public void other(int type, byte[] record, int length) {
                into.add("other");
            }
        };
    }

    @Test
    void refusesSamplesMoreThanHalfARangeBehindTheNewest() throws IOException {
        try (WalWriter wal = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.SNAPPY)) {
            SampleBatch batch = new SampleBatch();
            batch.add(Labels.of("__name__", "a"), T0 + RANGE, 1);
            head.append(batch, new TestLogs(wal));
            batch.clear();
            batch.add(Labels.of("__name__", "b"), T0 + RANGE / 2 - 1, 1);
            batch.add(Labels.of("__name__", "b"), T0 + RANGE / 2, 1);
            head.append(batch, new TestLogs(wal));
            assertThat(batch.result(0)).isEqualTo(AppendResult.OUT_OF_BOUNDS);
            assertThat(batch.result(1)).isEqualTo(AppendResult.OK);
        }
    }

    @Test
    void makesChunksOfAboutTheSameLengthWithinARange() throws IOException {
        try (WalWriter wal = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.SNAPPY)) {
            SampleBatch batch = new SampleBatch();
            for (long t = T0; t < T0 + RANGE; t += 15_000) {
                batch.clear();
                batch.add(Labels.of("__name__", "a"), t, 1);
                head.append(batch, new TestLogs(wal));
            }
            assertThat(head.stats().chunks()).isEqualTo(4);
        }
    }

    @Test
    void givesOneReferenceNeverToTwoSeries() throws IOException {
        try (WalWriter wal = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.SNAPPY)) {
            SampleBatch batch = new SampleBatch();
            batch.add(Labels.of("__name__", "old"), T0, 1);
            head.append(batch, new TestLogs(wal));
            long old = batch.ref(0);
            head.truncate(T0 + RANGE, () -> {});
            head.collect();
            head.collect();
            assertThat(head.stats().series()).isZero();
            assertThat(head.stats().labelPairs()).isZero();
            SampleBatch next = new SampleBatch();
            next.add(Labels.of("__name__", "new"), old, T0 + RANGE, 1);
            head.append(next, new TestLogs(wal));
            assertThat(next.result(0)).isEqualTo(AppendResult.OK);
            assertThat(next.ref(0)).isNotEqualTo(old);
            try (HeadView view = head.view(() -> {})) {
                assertThat(view.select(List.of(), T0, T0 + 2 * RANGE).labels(0))
                        .isEqualTo(Labels.of("__name__", "new"));
            }
        }
    }
}
