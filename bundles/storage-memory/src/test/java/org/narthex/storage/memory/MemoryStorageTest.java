package org.narthex.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.testkit.StorageContract;

class MemoryStorageTest extends StorageContract {
    @Override
    protected Storage open(Path data) {
        return new MemoryStorage();
    }

    @Override
    protected void close(Storage opened) {
        // Holds nothing.
    }

    @Test
    void dropsWhatIsOlderThanTheRetentionTime() throws Exception {
        MemoryStorage storage = new MemoryStorage(10_000, 1000);
        for (int i = 0; i < 100; i++) {
            append(storage, "a", T0 + i * 1000L);
        }
        assertThat(storage.stats().minTimeMs()).isGreaterThanOrEqualTo(T0 + 99_000 - 11_000);
        assertThat(append(storage, "b", T0)).isEqualTo(AppendResult.OUT_OF_BOUNDS);
    }

    @Test
    void forgetsSeriesWithoutSamplesAndTheirReferences() throws Exception {
        MemoryStorage storage = new MemoryStorage(10_000, 1000);
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
        MemoryStorage storage = new MemoryStorage(0, 50);
        for (int i = 0; i < 1000; i++) {
            assertThat(append(storage, "a", T0 + i)).isEqualTo(AppendResult.OK);
        }
        assertThat(storage.stats().minTimeMs()).isGreaterThanOrEqualTo(T0 + 1000 - 50);
        assertThat(storage.stats().maxTimeMs()).isEqualTo(T0 + 999);
    }

    @Test
    void refusesABatchThatNeverFits() {
        MemoryStorage storage = new MemoryStorage(0, 2);
        SampleBatch batch = new SampleBatch();
        for (int i = 0; i < 3; i++) {
            batch.add(Labels.of("__name__", "a"), T0 + i, 1);
        }
        assertThatThrownBy(() -> storage.append(batch))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("retention.samples");
        assertThat(storage.stats().series()).isZero();
    }

    private static AppendResult append(Storage storage, String name, long t) throws IOException {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", name), t, 1);
        storage.append(batch);
        return batch.result(0);
    }
}
