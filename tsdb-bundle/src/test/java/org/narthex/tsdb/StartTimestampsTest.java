package org.narthex.tsdb;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.narthex.api.config.StorageConfig;
import org.narthex.api.storage.Storage;
import org.narthex.testkit.StorageContract;

/** The contract with the encodings switched on that keep start timestamps. */
class StartTimestampsTest extends StorageContract {
    @Override
    protected Storage open(Path data) throws Exception {
        return open(data, 0);
    }

    @Override
    protected Storage open(Path data, long outOfOrderWindowMs) throws Exception {
        Settings base = Settings.of(data);
        Database database = DatabaseTest.openReady(new Settings(
                data,
                true,
                0,
                base.blockRangeMs(),
                base.samplesPerChunk(),
                base.segmentBytes(),
                base.walCompression(),
                base.fsyncIntervalMs(),
                true,
                true,
                base.maxSeries()));
        database.configure(new StorageConfig(
                outOfOrderWindowMs,
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                StorageConfig.DEFAULT_MAX_EXEMPLARS));
        return database;
    }

    @Override
    protected void close(Storage opened) throws Exception {
        ((Database) opened).close();
    }
}
