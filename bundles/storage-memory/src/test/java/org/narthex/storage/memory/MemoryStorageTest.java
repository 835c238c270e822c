package org.narthex.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.Storage;
import org.narthex.testkit.StorageContract;

class MemoryStorageTest extends StorageContract {
    @Override
    protected Storage open(Path data) {
        return new MemoryStorage();
    }

    @Override
    protected Storage open(Path data, long outOfOrderWindowMs) {
        return new MemoryStorage(0, 1_000_000, outOfOrderWindowMs, 10);
    }

    @Override
    protected void close(Storage opened) {
        // Holds nothing.
    }

    @Override
    protected boolean isDurable() {
        return false;
    }

    @Test
    void dropsWhatIsOlderThanTheRetentionTime() throws Exception {
        MemoryStorage storage = new MemoryStorage(10_000, 1000, 0, 10);
        for (int i = 0; i < 100; i++) {
            append(storage, "a", T0 + i * 1000L);
        }
        assertThat(storage.stats().minTimeMs()).isGreaterThanOrEqualTo(T0 + 99_000 - 11_000);
        assertThat(append(storage, "b", T0)).isEqualTo(AppendResult.OUT_OF_BOUNDS);
    }

    @Test
    void forgetsSeriesWithoutSamplesAndTheirReferences() throws Exception {
        MemoryStorage storage = new MemoryStorage(10_000, 1000, 0, 10);
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", "old"), T0, 1);
        storage.append(batch);
        append(storage, "a", T0 + 60_000);
        assertThat(storage.stats().series()).isEqualTo(1);
        SampleBatch again = new SampleBatch();
        again.add(Labels.of("__name__", "old"), batch.ref(0), T0 + 60_000, 2);
        storage.append(again);
        assertThat(again.result(0)).isEqualTo(AppendResult.OK);
        assertThat(again.ref(0)).isNotEqualTo(batch.ref(0));
    }

    @Test
    void keepsNoMoreSamplesThanAllowed() throws Exception {
        MemoryStorage storage = new MemoryStorage(0, 50, 0, 10);
        for (int i = 0; i < 1000; i++) {
            assertThat(append(storage, "a", T0 + i)).isEqualTo(AppendResult.OK);
        }
        assertThat(storage.stats().minTimeMs()).isGreaterThanOrEqualTo(T0 + 1000 - 50);
        assertThat(storage.stats().maxTimeMs()).isEqualTo(T0 + 999);
    }

    @Test
    void makesRoomWhenAllSamplesAreOfOneTime() throws Exception {
        MemoryStorage storage = new MemoryStorage(0, 2, 0, 10);
        append(storage, "a", T0);
        append(storage, "b", T0);
        assertThat(append(storage, "a", T0 + 1)).isEqualTo(AppendResult.OK);
        assertThat(storage.stats().minTimeMs()).isEqualTo(T0 + 1);
    }

    @Test
    void refusesABatchThatNeverFits() throws Exception {
        MemoryStorage storage = new MemoryStorage(0, 2, 0, 10);
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < 3; i++) {
            batch.add(Labels.of("__name__", "a"), T0 + i, 1);
        }
        assertThatThrownBy(() -> storage.append(batch))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("retention.samples");
        assertThat(storage.stats().series()).isZero();
        append(storage, "kept", T0);
        assertThatThrownBy(() -> storage.append(batch)).isInstanceOf(IOException.class);
        assertThat(storage.stats().minTimeMs()).isEqualTo(T0);
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertThatThrownBy(() -> new MemoryStorage(0, 0, 0, 10)).hasMessage("retention.samples must be positive: 0");
        assertThatThrownBy(() -> new MemoryStorage(0, 1, 0, -1)).hasMessage("max.exemplars must not be negative: -1");
    }

    @Test
    void keepsNoExemplarsWhereNoneAreWanted() throws Exception {
        MemoryStorage storage = new MemoryStorage(0, 10, 0, 0);
        Labels a = Labels.of("__name__", "a");
        SampleBatch batch = new SampleBatch();
        batch.add(a, T0, 1);
        batch.addExemplar(a, new Exemplar(Labels.EMPTY, 1, T0));
        storage.append(batch);
        assertThat(batch.exemplars().get(0).result()).isEqualTo(AppendResult.OK);
        assertThat(storage.exemplars(List.of(List.of(Matcher.equal("__name__", "a"))), T0, T0))
                .isEmpty();
    }

    /** Backfilling a long series from its end to its start would take minutes if each sample moved all later ones. */
    @Test
    void takesManyLateSamples() throws Exception {
        MemoryStorage storage = new MemoryStorage(0, 1_000_000, 1_000_000, 0);
        append(storage, "a", T0 + 200_000);
        SampleBatch batch = new SampleBatch();
        for (int i = 199_999; i >= 0; i--) {
            batch.add(Labels.of("__name__", "a"), T0 + i, i);
        }
        storage.append(batch);
        assertThat(batch.count(AppendResult.OK)).isEqualTo(200_000);
        SampleBuffer buffer = new SampleBuffer();
        storage.querier(T0, T0 + 199_999)
                .select(List.of(Matcher.equal("__name__", "a")))
                .read(0, T0, T0 + 199_999, buffer);
        assertThat(buffer.size()).isEqualTo(200_000);
        for (int i = 0; i < buffer.size(); i++) {
            assertThat(buffer.timestampsMs()[i] == T0 + i && buffer.values()[i] == i)
                    .as("sample %d", i)
                    .isTrue();
        }
    }

    private static AppendResult append(Storage storage, String name, long t) throws IOException {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", name), t, 1);
        storage.append(batch);
        return batch.result(0);
    }
}
