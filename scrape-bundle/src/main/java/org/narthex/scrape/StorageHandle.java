package org.narthex.scrape;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageStats;

/**
 * A storage service as long as it is there. Series references mean something only to the storage that gave them, and the service may change between
 * filling a batch and appending it: so a writer says whose references its batch holds, and any other storage gets the batch without.
 */
final class StorageHandle implements Storage {
    private static final ThreadLocal<Storage> REFS_OF = new ThreadLocal<>();

    private final Storage storage;

    StorageHandle(Storage storage) {
        this.storage = storage;
    }

    /** Tells whose references the batches hold that this thread is going to append. */
    static void refsOf(Storage handle) {
        REFS_OF.set(handle);
    }

    boolean isOf(Storage service) {
        return storage == service;
    }

    @Override
    public void append(SampleBatch batch) throws IOException {
        if (REFS_OF.get() != this) {
            batch.forgetRefs();
        }
        storage.append(batch);
    }

    @Override
    public Querier querier(long minTimeMs, long maxTimeMs) throws IOException {
        return storage.querier(minTimeMs, maxTimeMs);
    }

    @Override
    public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        storage.delete(matchers, minTimeMs, maxTimeMs);
    }

    @Override
    public void snapshot(Path folder) throws IOException {
        storage.snapshot(folder);
    }

    @Override
    public StorageStats stats() {
        return storage.stats();
    }
}
