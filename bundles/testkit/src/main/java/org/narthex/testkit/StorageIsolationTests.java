package org.narthex.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.testkit.StorageProbe.T0;
import static org.narthex.testkit.StorageProbe.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;

/** What is visible while batches come in. */
interface StorageIsolationTests extends StorageTests {
    @Test
    default void fixesTheViewWhenTheQuerierIsOpened() throws Exception {
        Labels a = Labels.of("__name__", "a", "i", "1");
        Labels b = Labels.of("__name__", "a", "i", "2");
        probe().append(a, T0, 1);
        try (Querier before = probe().storage().querier(T0, T0 + 1_000_000)) {
            probe().append(a, T0 + 1000, 2);
            probe().append(b, T0 + 1000, 2);
            for (int i = 0; i < 400; i++) {
                probe().append(a, (double) (T0 + 2000 + i), i);
            }
            SeriesSet set = before.select(List.of(Matcher.equal("__name__", "a")));
            SampleBuffer buffer = new SampleBuffer();
            for (int i = 0; i < set.size(); i++) {
                set.read(i, T0, T0 + 1_000_000, buffer);
                assertThat(text(buffer)).isEqualTo(set.labels(i).equals(a) ? text(T0, 1) : "");
            }
            assertThat(set.labels(0)).isEqualTo(a);
        }
        assertThat(probe().read(a, T0, T0 + 1_000_000).size()).isEqualTo(402);
    }

    @Test
    default void showsWholeBatchesOnlyWhileAppendsRun() throws Exception {
        int width = 50;
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                SampleBatch batch = new SampleBatch();
                long[] refs = new long[width];
                for (int i = 0; i < 2000; i++) {
                    batch.clear();
                    for (int s = 0; s < width; s++) {
                        batch.add(Labels.of("__name__", "w", "s", Integer.toString(s)), refs[s], T0 + i * 100L, i);
                    }
                    probe().storage().append(batch);
                    for (int s = 0; s < width; s++) {
                        refs[s] = batch.ref(s);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                done.set(true);
            }
        });
        List<CompletableFuture<Integer>> readers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            readers.add(CompletableFuture.supplyAsync(() -> {
                int rounds = 0;
                try {
                    do {
                        assertWhole(width);
                        rounds++;
                    } while (!done.get());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return rounds;
            }));
        }
        writer.get(100, TimeUnit.SECONDS);
        for (CompletableFuture<Integer> reader : readers) {
            assertThat(reader.get(100, TimeUnit.SECONDS)).isPositive();
        }
        assertThat(probe().read(Labels.of("__name__", "w", "s", "0"), T0, T0 + 1_000_000)
                        .size())
                .isEqualTo(2000);
    }

    private void assertWhole(int width) throws IOException {
        try (Querier querier = probe().storage().querier(T0, Long.MAX_VALUE)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "w")));
            SampleBuffer buffer = new SampleBuffer();
            int size = -1;
            for (int s = 0; s < set.size(); s++) {
                set.read(s, T0, Long.MAX_VALUE, buffer);
                assertThat(size == -1 || size == buffer.size())
                        .as("series %d has %d samples, the first %d", s, buffer.size(), size)
                        .isTrue();
                size = buffer.size();
                for (int i = 0; i < size; i++) {
                    assertThat(buffer.values()[i] == i && buffer.timestampsMs()[i] == T0 + i * 100L)
                            .isTrue();
                }
            }
            assertThat(size <= 0 || set.size() == width).isTrue();
        }
    }

    @Test
    default void takesBatchesOfSeveralThreadsAtOnce() throws Exception {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            String name = "w" + w;
            writers.add(CompletableFuture.runAsync(() -> {
                try {
                    SampleBatch batch = new SampleBatch();
                    for (int i = 0; i < 500; i++) {
                        batch.clear();
                        for (int s = 0; s < 10; s++) {
                            batch.add(
                                    Labels.of("__name__", "m", "s", Integer.toString(s), "w", name), T0 + i * 1000L, i);
                        }
                        probe().storage().append(batch);
                        assertThat(batch.count(AppendResult.OK)).isEqualTo(10);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        for (CompletableFuture<Void> writer : writers) {
            writer.get(100, TimeUnit.SECONDS);
        }
        try (Querier querier = probe().storage().querier(T0, T0 + 500_000)) {
            SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "m")));
            assertThat(set.size()).isEqualTo(40);
            SampleBuffer buffer = new SampleBuffer();
            for (int s = 0; s < set.size(); s++) {
                set.read(s, T0, T0 + 500_000, buffer);
                assertThat(buffer.size()).isEqualTo(500);
            }
        }
    }

    /** Each batch makes series of its own, of floats and of histograms. */
    @Test
    default void showsTheNewSeriesOfABatchTogether() throws Exception {
        int width = 6;
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 300; i++) {
                    SampleBatch batch = new SampleBatch();
                    for (int s = 0; s < width; s++) {
                        Labels series = Labels.of("__name__", "n", "b", Integer.toString(i), "s", "" + s);
                        if (s % 2 == 0) {
                            batch.add(series, T0 + i, s);
                        } else {
                            batch.add(series, SampleBatch.NO_REF, T0 + i, HistogramKind.INTEGER.of(i, s));
                        }
                    }
                    probe().storage().append(batch);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                done.set(true);
            }
        });
        int seen = 0;
        boolean last;
        do {
            last = done.get();
            int before = seen;
            seen = 0;
            try (Querier querier = probe().storage().querier(T0, Long.MAX_VALUE)) {
                SeriesSet set = querier.select(List.of(Matcher.equal("__name__", "n")));
                SampleBuffer buffer = new SampleBuffer();
                for (int s = 0; s < set.size(); s++) {
                    set.read(s, T0, Long.MAX_VALUE, buffer);
                    seen += buffer.size();
                }
            }
            assertThat(seen % width)
                    .as("%d samples of batches of %d", seen, width)
                    .isZero();
            assertThat(seen).isGreaterThanOrEqualTo(before);
        } while (!last);
        writer.get(100, TimeUnit.SECONDS);
        assertThat(seen).isEqualTo(300 * width);
    }
}
