package org.narthex.storage.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.PromDuration;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageStats;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/**
 * Keeps samples in memory only, within a bound of time and of count; what exceeds it is dropped, the oldest first. A restart loses everything.
 * Exists where it is configured (PID {@code org.narthex.storage.memory}) and then, by its higher service ranking, replaces the storage on disk.
 */
@Component(
        configurationPid = "org.narthex.storage.memory",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {Storage.NAME + "=memory", "service.ranking:Integer=100"})
public final class MemoryStorage implements Storage {
    /** Settings; {@code service.ranking} (default 100) decides between storages. */
    @interface Config {
        /** How far behind the newest sample samples are kept, as a duration such as {@code 2h}; {@code 0} for no bound by time. */
        String retention_time() default "2h";

        /** The most samples kept, about 24 bytes each. */
        long retention_samples() default 20_000_000;
    }

    private static final long DEFAULT_SAMPLES = 20_000_000;

    private final long retentionMs;
    private final long retentionSamples;

    /** Guards everything below. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private final Map<Labels, MemorySeries> byLabels = new HashMap<>();
    private final Map<Long, MemorySeries> byRef = new HashMap<>();
    private final Map<String, List<MemorySeries>> byMetricName = new HashMap<>();
    private long lastRef;
    private long lastBatch;
    private long samples;
    private long minTimeMs = Long.MAX_VALUE;
    private long maxTimeMs = Long.MIN_VALUE;
    /** Samples before this are gone and no longer taken. */
    private long droppedBeforeMs = Long.MIN_VALUE;

    /** Without a bound by time, at most 20 million samples; for use outside OSGi. */
    public MemoryStorage() {
        this(0, DEFAULT_SAMPLES);
    }

    @Activate
    public MemoryStorage(Config config) {
        this(PromDuration.parse(config.retention_time()), config.retention_samples());
    }

    MemoryStorage(long retentionMs, long retentionSamples) {
        if (retentionSamples <= 0) {
            throw new IllegalArgumentException("retention.samples must be positive: " + retentionSamples);
        }
        this.retentionMs = retentionMs;
        this.retentionSamples = retentionSamples;
    }

    @Override
    public void append(SampleBatch batch) throws IOException {
        lock.writeLock().lock();
        try {
            makeRoom(batch.size());
            lastBatch++;
            long oldestTaken = oldestTakenMs();
            for (int i = 0; i < batch.size(); i++) {
                append(batch, i, oldestTaken);
            }
            dropExpired();
        } finally {
            lock.writeLock().unlock();
        }
    }

    private long oldestTakenMs() {
        boolean unbounded = retentionMs == 0 || maxTimeMs == Long.MIN_VALUE;
        return unbounded ? droppedBeforeMs : Math.max(droppedBeforeMs, maxTimeMs - retentionMs);
    }

    private void append(SampleBatch batch, int i, long oldestTaken) {
        Labels labels = batch.labels(i);
        MemorySeries series = byRef.get(batch.ref(i));
        if (labels == null) {
            if (series == null) {
                batch.result(i, AppendResult.UNKNOWN_REF);
                return;
            }
        } else if (labels.isEmpty()) {
            batch.result(i, AppendResult.INVALID_LABELS);
            return;
        } else if (series == null || !series.labels.equals(labels)) {
            series = byLabels.get(labels);
        }
        batch.ref(i, series == null ? SampleBatch.NO_REF : series.ref);
        long t = batch.timestampMs(i);
        double value = batch.value(i);
        if (t < oldestTaken) {
            batch.result(i, AppendResult.OUT_OF_BOUNDS);
        } else if (series != null && series.hasNewest() && t < series.newestMs()) {
            batch.result(i, AppendResult.OUT_OF_ORDER);
        } else if (series != null && series.hasNewest() && t == series.newestMs()) {
            boolean same = Double.doubleToRawLongBits(value) == Double.doubleToRawLongBits(series.newest());
            batch.result(i, same ? AppendResult.OK : AppendResult.DUPLICATE);
        } else {
            MemorySeries target = series == null ? create(labels) : series;
            target.add(t, value, lastBatch);
            samples++;
            minTimeMs = Math.min(minTimeMs, t);
            maxTimeMs = Math.max(maxTimeMs, t);
            batch.ref(i, target.ref);
            batch.result(i, AppendResult.OK);
        }
    }

    private MemorySeries create(Labels labels) {
        MemorySeries series = new MemorySeries(labels, ++lastRef);
        byLabels.put(labels, series);
        byRef.put(series.ref, series);
        byMetricName
                .computeIfAbsent(labels.metricName(), name -> new ArrayList<>())
                .add(series);
        return series;
    }

    /** Drops tenths of the time span until the batch fits. */
    private void makeRoom(int wanted) throws IOException {
        while (samples + wanted > retentionSamples) {
            if (minTimeMs >= maxTimeMs) {
                throw new IOException("memory storage: a batch of " + wanted + " samples does not fit into "
                        + retentionSamples + ", raise retention.samples");
            }
            dropBefore(minTimeMs + Math.max(1, (maxTimeMs - minTimeMs) / 10));
        }
    }

    private void dropExpired() {
        // In steps of a tenth: looking at every series after each batch would be too dear.
        if (retentionMs > 0 && samples > 0 && maxTimeMs - retentionMs - minTimeMs > retentionMs / 10) {
            dropBefore(maxTimeMs - retentionMs);
        }
    }

    private void dropBefore(long timeMs) {
        droppedBeforeMs = Math.max(droppedBeforeMs, timeMs);
        for (MemorySeries series : byLabels.values()) {
            samples -= series.dropBefore(timeMs);
        }
        forgetEmptySeries(timeMs);
    }

    private void forgetEmptySeries(long timeMs) {
        minTimeMs = Long.MAX_VALUE;
        maxTimeMs = Long.MIN_VALUE;
        byLabels.values().removeIf(series -> {
            if (series.size() > 0) {
                minTimeMs = Math.min(minTimeMs, series.oldestKeptMs());
                maxTimeMs = Math.max(maxTimeMs, series.newestKeptMs());
                return false;
            }
            if (series.newestMs() >= timeMs) {
                return false;
            }
            byRef.remove(series.ref);
            byMetricName.computeIfPresent(series.labels.metricName(), (name, list) -> {
                list.remove(series);
                return list.isEmpty() ? null : list;
            });
            return true;
        });
    }

    /** The series that may match; call under the lock. */
    Collection<MemorySeries> candidates(List<Matcher> matchers) {
        for (Matcher matcher : matchers) {
            if (matcher.type() == Matcher.Type.EQUAL && matcher.name().equals(Labels.METRIC_NAME)) {
                return byMetricName.getOrDefault(matcher.value(), List.of());
            }
        }
        return byLabels.values();
    }

    @Override
    public Querier querier(long from, long to) {
        lock.readLock().lock();
        try {
            return new MemoryQuerier(this, lock.readLock(), from, to, lastBatch);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void delete(List<Matcher> matchers, long from, long to) {
        lock.writeLock().lock();
        try {
            for (MemorySeries series : candidates(matchers)) {
                if (MemoryQuerier.matches(series.labels, matchers)) {
                    samples -= series.delete(from, to);
                }
            }
            forgetEmptySeries(droppedBeforeMs);
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void snapshot(Path folder) {
        throw new UnsupportedOperationException("the memory storage keeps nothing on disk");
    }

    @Override
    public StorageStats stats() {
        lock.readLock().lock();
        try {
            Set<List<String>> pairs = new HashSet<>();
            for (Labels labels : byLabels.keySet()) {
                for (int i = 0; i < labels.size(); i++) {
                    pairs.add(List.of(labels.name(i), labels.value(i)));
                }
            }
            return new StorageStats(byLabels.size(), 0, pairs.size(), minTimeMs, maxTimeMs, 0);
        } finally {
            lock.readLock().unlock();
        }
    }
}
