package org.narthex.scrape;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageStats;

/** Remembers every sample, refuses what is not newer, and checks that references are used as they were given. */
final class RecordingStorage implements Storage {
    private final Map<Labels, TreeMap<Long, Double>> series = new HashMap<>();
    private final Map<Labels, Long> refs = new HashMap<>();
    private final Map<Long, Labels> byRef = new HashMap<>();
    private final List<Integer> batchSizes = new ArrayList<>();
    private long nextRef;
    private int resolvedByLabels;
    private SampleBatch last;

    RecordingStorage() {
        this(1);
    }

    /** @param firstRef makes the references of two storages differ */
    RecordingStorage(long firstRef) {
        nextRef = firstRef;
    }

    @Override
    public synchronized void append(SampleBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            long ref = batch.ref(i);
            Labels labels = batch.labels(i);
            if (ref != SampleBatch.NO_REF && !labels.equals(byRef.get(ref))) {
                throw new AssertionError("reference " + ref + " was given for " + byRef.get(ref) + ", not " + labels);
            }
            if (ref == SampleBatch.NO_REF) {
                resolvedByLabels++;
                ref = refs.computeIfAbsent(labels, key -> nextRef++);
                byRef.put(ref, labels);
                batch.ref(i, ref);
            }
            TreeMap<Long, Double> samples = series.computeIfAbsent(labels, key -> new TreeMap<>());
            if (!samples.isEmpty() && samples.lastKey() >= batch.timestampMs(i)) {
                boolean equal = samples.lastKey() == batch.timestampMs(i)
                        && Double.compare(samples.lastEntry().getValue(), batch.value(i)) == 0;
                batch.result(
                        i,
                        equal
                                ? AppendResult.OK
                                : samples.lastKey() == batch.timestampMs(i)
                                        ? AppendResult.DUPLICATE
                                        : AppendResult.OUT_OF_ORDER);
            } else {
                samples.put(batch.timestampMs(i), batch.value(i));
                batch.result(i, AppendResult.OK);
            }
        }
        batchSizes.add(batch.size());
        last = batch.copy();
        notifyAll();
    }

    /** A copy of the batch that came last. */
    synchronized SampleBatch last() {
        return last;
    }

    /** How many samples came without a reference. */
    synchronized int resolvedByLabels() {
        return resolvedByLabels;
    }

    synchronized int batches() {
        return batchSizes.size();
    }

    /** Waits until so many batches came in all. */
    synchronized void awaitBatches(int count) throws InterruptedException {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (batchSizes.size() < count) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("only " + batchSizes.size() + " of " + count + " batches came");
            }
            wait(left);
        }
    }

    synchronized List<Labels> series() {
        return new ArrayList<>(series.keySet());
    }

    /** The values of the series in the order of time; {@code stale} for a staleness marker. */
    synchronized List<String> values(String... labels) {
        List<String> values = new ArrayList<>();
        series.getOrDefault(Labels.of(labels), new TreeMap<>())
                .values()
                .forEach(value -> values.add(StaleNaN.is(value) ? "stale" : String.valueOf(value)));
        return values;
    }

    synchronized List<Long> times(String... labels) {
        return new ArrayList<>(
                series.getOrDefault(Labels.of(labels), new TreeMap<>()).keySet());
    }

    @Override
    public Querier querier(long minTimeMs, long maxTimeMs) throws IOException {
        throw new IOException("only writes are tested");
    }

    @Override
    public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) throws IOException {
        throw new IOException("only writes are tested");
    }

    @Override
    public void snapshot(Path folder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StorageStats stats() {
        return new StorageStats(series.size(), 0, 0, 0, 0, 0);
    }
}
