package org.narthex.api.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;

class HandOverQueueTest {
    private final Recorder recorder = new Recorder();
    private Optional<Storage> present = Optional.empty();
    private final HandOverQueue queue = new HandOverQueue(() -> present, 480);

    @Test
    void keepsOrderWhileThereIsNoStorage() {
        queue.append(batch(1));
        queue.append(batch(2));
        assertThat(queue.waitingSamples()).isEqualTo(2);

        present = Optional.of(recorder);
        assertThat(queue.append(batch(3))).contains(recorder);
        assertThat(recorder.times).containsExactly(1L, 2L, 3L);
        assertThat(queue.waitingBytes()).isZero();
    }

    @Test
    void keepsWhatTheStorageRefuses() {
        present = Optional.of(recorder);
        recorder.full = true;
        assertThat(queue.append(batch(1))).isEmpty();
        recorder.full = false;
        queue.drain();
        assertThat(recorder.times).containsExactly(1L);
    }

    @Test
    void dropsTheOldestBeyondItsBoundAndCounts() {
        for (int t = 1; t <= 12; t++) {
            queue.append(batch(t));
        }
        assertThat(queue.waitingSamples()).isEqualTo(10);
        assertThat(queue.droppedSamples()).isEqualTo(2);
        present = Optional.of(recorder);
        queue.drain();
        assertThat(recorder.times).startsWith(3L).hasSize(10);
    }

    @Test
    void aWaitingCopyIsNotTouchedByReuseOfTheBatch() {
        SampleBatch batch = batch(1);
        queue.append(batch);
        batch.clear();
        batch.add(Labels.of("a", "b"), 99, 0);
        present = Optional.of(recorder);
        queue.drain();
        assertThat(recorder.times).containsExactly(1L);
    }

    private static SampleBatch batch(long time) {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", "m"), time, 1);
        return batch;
    }

    private static final class Recorder implements Storage {
        final List<Long> times = new ArrayList<>();
        boolean full;

        @Override
        public void append(SampleBatch batch) throws IOException {
            if (full) {
                throw new IOException("disk full");
            }
            for (int i = 0; i < batch.size(); i++) {
                times.add(batch.timestampMs(i));
            }
        }

        @Override
        public Querier querier(long minTimeMs, long maxTimeMs) throws IOException {
            throw new IOException("only records");
        }

        @Override
        public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) {
            times.clear();
        }

        @Override
        public void snapshot(Path folder) {
            throw new UnsupportedOperationException("only records");
        }

        @Override
        public StorageStats stats() {
            return new StorageStats(0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE, 0);
        }
    }
}
