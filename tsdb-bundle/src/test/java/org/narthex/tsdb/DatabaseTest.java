package org.narthex.tsdb;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import org.narthex.api.config.StorageConfig;
import org.narthex.api.storage.Storage;
import org.narthex.testkit.StorageContract;

class DatabaseTest extends StorageContract {
    @Override
    protected Storage open(Path data) throws Exception {
        return openReady(Settings.of(data));
    }

    @Override
    protected Storage open(Path data, long outOfOrderWindowMs) throws Exception {
        Database database = openReady(Settings.of(data));
        database.configure(new StorageConfig(
                outOfOrderWindowMs,
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                StorageConfig.DEFAULT_MAX_EXEMPLARS));
        return database;
    }

    /** Only where encodings that older versions of Prometheus cannot read are switched on. */
    @Override
    protected boolean keepsStartTimestamps() {
        return false;
    }

    @Override
    protected void close(Storage opened) throws Exception {
        ((Database) opened).close();
    }

    /** Waits for the replay. */
    static Database openReady(Settings settings) throws Exception {
        return openReady(settings, BlockSettings.of(settings));
    }

    static Database openReady(Settings settings, BlockSettings blockSettings) throws Exception {
        Database database = Database.open(settings, blockSettings);
        Instant deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (database.missing().isPresent()) {
            if (Instant.now().isAfter(deadline)) {
                database.close();
                throw new AssertionError(database.missing().toString());
            }
            Thread.onSpinWait();
        }
        return database;
    }
}
