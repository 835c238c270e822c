package org.narthex.api.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.model.Matcher;
import org.narthex.api.model.Metadata;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keeps samples. Register an implementation as a service with the property {@link #NAME}; of several, consumers use the one with the highest
 * service ranking, and a storage may come and go at run time. All methods may be called by several threads at once.
 *
 * <p>An implementation must pass the contract tests of the testkit ({@code StorageContract}).
 */
@ConsumerType
public interface Storage {
    /** Mandatory service property (String): a short name such as {@code tsdb}, shown to users. */
    String NAME = "narthex.storage.name";

    /**
     * Appends a batch. When it returns, the accepted samples are visible to new queriers, all at once, and survive a kill of the process if the
     * storage is one that writes to disk. For every sample {@link SampleBatch#result} tells what became of it and {@link SampleBatch#ref} is set
     * where the series is known. A sample that is not accepted harms no other. Series and timestamps may come in any order; samples of one series
     * are taken in the order of the batch.
     *
     * <p>A storage never gives one reference to two label sets in its lifetime as a service; a reference it does not know (any more) counts as
     * {@link SampleBatch#NO_REF}.
     *
     * <p>Exemplars and metadata of the batch come after its samples and are kept as far as the storage knows such things.
     *
     * @throws IOException if nothing of the batch was kept, e.g. because the disk is full; the batch may be appended again later
     */
    void append(SampleBatch batch) throws IOException;

    /**
     * Opens a view.
     *
     * @param minTimeMs the first millisecond to see, inclusive
     * @param maxTimeMs the last millisecond to see, inclusive
     * @throws StorageNotReadyException while it cannot answer yet, or not any more
     */
    Querier querier(long minTimeMs, long maxTimeMs) throws IOException;

    /**
     * Deletes samples for good; they are invisible when this returns.
     *
     * @param matchers which series, not empty
     * @param minTimeMs inclusive
     * @param maxTimeMs inclusive
     */
    void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException;

    /**
     * Writes everything as of now into the folder, which is created, as a data directory of the storage's own format.
     *
     * @throws UnsupportedOperationException if this storage keeps nothing on disk
     */
    void snapshot(Path folder) throws IOException;

    /** Gives back the room that deleted samples take, as far as that is to be had now. */
    default void cleanTombstones() throws IOException {}

    /**
     * Finds exemplars.
     *
     * @param selectors alternatives, each a list of matchers as {@link Querier#select} takes it
     * @param minTimeMs inclusive
     * @param maxTimeMs inclusive
     * @return in ascending order of the series' labels, each with its exemplars in ascending time; empty if the storage keeps none
     */
    default List<ExemplarSeries> exemplars(List<List<Matcher>> selectors, long minTimeMs, long maxTimeMs)
            throws IOException {
        return List.of();
    }

    /**
     * What is known about metric families, by metric name; several entries where targets disagree. Empty if the storage keeps none.
     *
     * @param metric a metric name, or empty for all
     */
    default Map<String, List<Metadata>> metadata(String metric) {
        return Map.of();
    }

    /**
     * Which metrics and labels have most series among those that take samples now.
     *
     * @param limit the most entries in each list
     */
    default Optional<CardinalityStats> cardinality(int limit) {
        return Optional.empty();
    }

    /** What is wrong at the moment or was set aside since the start, for people: damaged parts, a full disk; oldest first. */
    default List<StorageFault> faults() {
        return List.of();
    }

    StorageStats stats();
}
