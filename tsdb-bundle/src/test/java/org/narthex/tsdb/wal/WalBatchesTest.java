package org.narthex.tsdb.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.tsdb.encoding.CorruptionException;

class WalBatchesTest {
    private static final int SERIES = 500;
    private static final int ROUNDS = 60;

    @TempDir
    Path folder;

    /** Notes what each series got, in order. */
    private static class Filled implements WalBatches.Target {
        final Map<Long, Integer> slots = new HashMap<>();
        final Map<Integer, List<String>> bySlot = new ConcurrentHashMap<>();
        final Map<Integer, Integer> partitionOf = new ConcurrentHashMap<>();
        final List<CorruptionException> senseless = new ArrayList<>();
        final List<Integer> others = new ArrayList<>();
        int unknown;

        @Override
        public int slot(long ref) {
            return slots.getOrDefault(ref, -1);
        }

        @Override
        public void unknownSeries(long ref, long timestampMs) {
            unknown++;
        }

        @Override
        public void senseless(CorruptionException why) {
            senseless.add(why);
        }

        @Override
        public void series(long ref, Labels labels) {
            slots.put(ref, slots.size());
        }

        @Override
        public void other(int type, byte[] record, int length) {
            others.add(type);
        }

        @Override
        public void fill(int partition, WalBatch batch) {
            for (int i = 0; i < batch.size(); i++) {
                int slot = batch.slot(i);
                Integer before = partitionOf.put(slot, partition);
                String text =
                        switch (batch.kind(i)) {
                            case FLOAT ->
                                batch.timestampMs(i) + "/" + batch.startTimestampMs(i) + "=" + batch.valueBits(i);
                            case HISTOGRAM ->
                                batch.timestampMs(i) + "=" + batch.histogram(i).count();
                            case MMAP_MARKER -> "chunk " + batch.chunkRef(i);
                        };
                bySlot.computeIfAbsent(slot, key -> new ArrayList<>())
                        .add(before == null || before == partition ? text : "in two partitions");
            }
        }
    }

    private static void add(WalWriter writer, WalEncoder encoder) throws IOException {
        writer.add(encoder.bytes(), encoder.size());
    }

    /** Rounds of floats, with and without start timestamps, of histograms and of markers, over all series, which appear one part after the other. */
    private Map<Integer, List<String>> write() throws IOException {
        Map<Integer, List<String>> expected = new HashMap<>();
        WalEncoder encoder = new WalEncoder();
        try (WalWriter writer = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.SNAPPY)) {
            int known = 0;
            for (int round = 0; round < ROUNDS; round++) {
                if (known < SERIES) {
                    encoder.start(WalRecord.SERIES);
                    for (int i = 0; i < SERIES / 10; i++) {
                        encoder.series(1000 + known, Labels.of("i", "" + known));
                        known++;
                    }
                    add(writer, encoder);
                }
                int type = List.of(
                                WalRecord.SAMPLES, WalRecord.SAMPLES_V2, WalRecord.HISTOGRAMS, WalRecord.MMAP_MARKERS)
                        .get(round % 4);
                encoder.start(type);
                for (int i = 0; i < known; i++) {
                    String text =
                            switch (type) {
                                case WalRecord.HISTOGRAMS -> {
                                    encoder.histogram(1000 + i, round, 0, histogram(i));
                                    yield round + "=" + (double) i;
                                }
                                case WalRecord.MMAP_MARKERS -> {
                                    encoder.mmapMarker(1000 + i, round);
                                    yield "chunk " + round;
                                }
                                default -> {
                                    long start = type == WalRecord.SAMPLES_V2 ? 7 : 0;
                                    encoder.sample(1000 + i, round, start, i);
                                    yield round + "/" + start + "=" + i;
                                }
                            };
                    expected.computeIfAbsent(i, key -> new ArrayList<>()).add(text);
                }
                add(writer, encoder);
                writer.flush();
            }
        }
        return expected;
    }

    private static Histogram histogram(long count) {
        return Histogram.ofIntegers(
                Histogram.ResetHint.UNKNOWN,
                0,
                0,
                0,
                count,
                0,
                new int[0],
                new long[0],
                new int[0],
                new long[0],
                new double[0]);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void fillsEachSeriesInTheOrderOfTheLog(int partitions) throws IOException {
        Map<Integer, List<String>> expected = write();
        Filled filled = new Filled();
        try (WalBatches batches = new WalBatches(filled, partitions)) {
            assertThat(Wal.segments(folder).size()).isGreaterThan(1);
            for (Wal.Segment segment : Wal.segments(folder)) {
                WalBatches.Outcome outcome = batches.replay(segment.file());
                assertThat(outcome.damage()).isEmpty();
                assertThat(outcome.soundBytes()).isEqualTo(Files.size(segment.file()));
            }
            batches.settle();
            assertThat(filled.bySlot).isEqualTo(expected);
            assertThat(filled.partitionOf.values().stream().distinct()).hasSize(partitions);
            assertThat(filled.unknown).isZero();
        }
    }

    @Test
    void tellsOfUnknownSeriesAndSenselessRecords() throws IOException {
        WalEncoder encoder = new WalEncoder();
        Path segment = Wal.segmentFile(folder, 0);
        try (WalWriter writer = new WalWriter(folder, 4 * Wal.PAGE, WalCompression.NONE)) {
            encoder.start(WalRecord.SAMPLES);
            encoder.sample(5, 1, 0, 1);
            add(writer, encoder);
            writer.add(new byte[] {WalRecord.SERIES, 1}, 2);
            writer.add(new byte[] {99, 1}, 2);
            encoder.start(WalRecord.SERIES);
            encoder.series(5, Labels.of("a", "b"));
            add(writer, encoder);
            encoder.start(WalRecord.SAMPLES);
            encoder.sample(5, 2, 0, 3);
            add(writer, encoder);
        }
        Filled filled = new Filled();
        try (WalBatches batches = new WalBatches(filled, 2)) {
            batches.replay(segment);
            batches.settle();
        }
        assertThat(filled.unknown).isEqualTo(1);
        assertThat(filled.senseless).hasSize(1);
        assertThat(filled.others).containsExactly(99);
        assertThat(filled.bySlot).isEqualTo(Map.of(0, List.of("2/0=3")));
    }

    @Test
    void readsFromAByteOnAndUpToTheDamage() throws IOException {
        Path segment = Wal.segmentFile(folder, 0);
        List<Long> ends = new ArrayList<>();
        try (WalWriter writer = new WalWriter(folder, 64 * Wal.PAGE, WalCompression.NONE)) {
            WalEncoder encoder = new WalEncoder();
            encoder.start(WalRecord.SERIES);
            encoder.series(5, Labels.of("a", "b"));
            add(writer, encoder);
            for (int i = 0; i < 5000; i++) {
                encoder.start(WalRecord.SAMPLES);
                encoder.sample(5, i, 0, i);
                add(writer, encoder);
                writer.flush();
                ends.add(Files.size(segment));
            }
        }
        for (int from : new int[] {0, 1, 2500, 4999}) {
            Filled filled = new Filled();
            filled.slots.put(5L, 0);
            try (WalBatches batches = new WalBatches(filled, 1)) {
                batches.replay(segment, ends.get(from));
                batches.settle();
            }
            List<String> got = filled.bySlot.getOrDefault(0, List.of());
            assertThat(got).as("from record %d", from).hasSize(4999 - from);
            assertThat(got.isEmpty() || got.get(0).equals((from + 1) + "/0=" + (from + 1)))
                    .isTrue();
        }
        byte[] damaged = Files.readAllBytes(segment);
        damaged[(int) (ends.get(2000) + 8)] ^= 1;
        Files.write(segment, damaged);
        Filled filled = new Filled();
        try (WalBatches batches = new WalBatches(filled, 1)) {
            WalBatches.Outcome outcome = batches.replay(segment);
            batches.settle();
            assertThat(outcome.soundBytes()).isEqualTo(ends.get(2000));
            assertThat(outcome.damage()).isPresent();
        }
        assertThat(filled.bySlot.get(0)).hasSize(2001);
    }

    @Test
    void passesOnWhatTheTargetThrows() throws IOException {
        write();
        Filled broken = new Filled() {
            @Override
            public void fill(int partition, WalBatch batch) {
                throw new IllegalStateException("no room");
            }
        };
        try (WalBatches batches = new WalBatches(broken, 2)) {
            assertThatThrownBy(() -> {
                        for (Wal.Segment segment : Wal.segments(folder)) {
                            batches.replay(segment.file());
                        }
                        batches.settle();
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("no room");
        }
    }

    @Test
    void endsWhenItIsStoppedWhileSomebodyFills() throws Exception {
        write();
        CountDownLatch filling = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        Filled slow = new Filled() {
            @Override
            public void fill(int partition, WalBatch batch) {
                filling.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        try (WalBatches batches = new WalBatches(slow, 1)) {
            Thread stopper = new Thread(() -> {
                try {
                    filling.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                batches.stop();
            });
            stopper.start();
            assertThatThrownBy(() -> {
                        for (Wal.Segment segment : Wal.segments(folder)) {
                            batches.replay(segment.file());
                        }
                        batches.settle();
                    })
                    .isInstanceOf(InterruptedIOException.class);
            stopper.join();
            assertThat(Thread.interrupted()).isFalse();
        }
    }
}
