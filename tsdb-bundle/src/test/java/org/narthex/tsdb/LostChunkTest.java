package org.narthex.tsdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBatch;

/** A log may name chunks that never reached their file: Prometheus keeps them in a buffer, which is lost when it is killed. */
class LostChunkTest {
    private static final long T0 = 1_700_006_400_000L;
    private static final long HOUR = 3_600_000;
    private static final int FILE_HEADER = 8;

    @TempDir
    Path data;

    @Test
    void lateSamplesWhoseChunkIsLostComeFromTheLog() throws Exception {
        Map<String, List<String>> before;
        try (Database database = DatabaseTest.openReady(Settings.of(data))) {
            database.configure(new StorageConfig(
                    HOUR, 0, Optional.empty(), Optional.empty(), List.of(), StorageConfig.DEFAULT_MAX_EXEMPLARS));
            append(database, T0 + HOUR);
            for (int i = 0; i < 100; i++) {
                append(database, T0 + 1_000L * (i * 37 % 100));
            }
            before = Fixture.dump(database);
        }
        assertThat(before.get("{__name__=\"m\"}")).hasSize(101);

        Path chunks = data.resolve("chunks_head/000001");
        assertThat(chunks.toFile().length()).isGreaterThan(FILE_HEADER);
        try (RandomAccessFile file = new RandomAccessFile(chunks.toFile(), "rw")) {
            file.setLength(FILE_HEADER);
        }
        // The first start puts them into new chunks, which the old log does not name: nor must the second lose them.
        for (int start = 1; start <= 2; start++) {
            try (Database database = DatabaseTest.openReady(Settings.of(data))) {
                assertThat(Fixture.dump(database)).as("start %d", start).isEqualTo(before);
            }
        }
    }

    private static void append(Database database, long timeMs) throws Exception {
        SampleBatch batch = new SampleBatch();
        batch.add(Labels.of("__name__", "m"), timeMs, (double) (timeMs - T0));
        database.append(batch);
    }
}
