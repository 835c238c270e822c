package org.narthex.testkit;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.storage.Storage;

/**
 * What every {@link Storage} must do, statement by statement of its javadoc. A back-end's test extends this class alone, says how to open and close
 * one, and so runs all topics below; all samples lie within two hours after {@link #T0}.
 *
 * <p>What a storage may lack it says by overriding a method here; the tests of that part are then skipped, with the reason, and not silently passed.
 */
@Timeout(120)
public abstract class StorageContract
        implements StorageAppendTests,
                StorageReadTests,
                StorageSelectTests,
                StorageIsolationTests,
                StorageHistogramTests,
                StorageExemplarTests,
                StorageMetadataTests,
                StorageOutOfOrderTests,
                StorageRemovalTests,
                StorageDurabilityTests,
                StorageFiguresTests {
    /** 2023-11-14T22:13:20Z, in milliseconds. */
    protected static final long T0 = StorageProbe.T0;

    @TempDir
    Path folder;

    private StorageProbe probe;

    /** Opens a storage, ready to work, on what lies in the folder; the folder is missing or empty at first. It takes no samples out of order. */
    protected abstract Storage open(Path data) throws Exception;

    /**
     * Opens one that takes samples out of order. Where this is not overridden the tests of that are skipped.
     *
     * @param outOfOrderWindowMs how far behind the newest sample of all
     */
    protected Storage open(Path data, long outOfOrderWindowMs) throws Exception {
        return Assumptions.abort("this storage cannot be opened with an out-of-order window");
    }

    /** Closes what {@link #open} gave, as a shutdown does. */
    protected abstract void close(Storage opened) throws Exception;

    /** Whether it keeps its samples on disk: then it writes snapshots, and opened again it has everything. */
    protected boolean isDurable() {
        return true;
    }

    /** Whether start timestamps are given back; if not they must read as 0. */
    protected boolean keepsStartTimestamps() {
        return true;
    }

    /** How many exemplars the opened storage keeps in all; 0 if it keeps none. */
    protected int maxExemplars() {
        return (int) StorageConfig.DEFAULT_MAX_EXEMPLARS;
    }

    protected boolean keepsMetadata() {
        return true;
    }

    /** Whether {@link Storage#cardinality} gives an answer. */
    protected boolean countsCardinality() {
        return true;
    }

    @Override
    public final StorageProbe probe() {
        return probe;
    }

    @BeforeEach
    void openStorage() throws Exception {
        probe = new StorageProbe(this, folder, folder.resolve("data"));
        probe.open();
    }

    @AfterEach
    void closeStorage() throws Exception {
        probe.close();
    }
}
