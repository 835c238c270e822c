package org.narthex.storage.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.Metadata;
import org.narthex.api.model.PromDuration;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.CardinalityStats;
import org.narthex.api.storage.ExemplarSeries;
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

        /** The most samples kept, about 24 bytes each; a histogram counts as one and takes as much as it has buckets. */
        long retention_samples() default 20_000_000;

        /** How far behind the newest sample of all late samples are taken, as a duration; {@code 0} for those in order only. */
        String out_of_order_time_window() default "0";

        /** The most exemplars kept, of all series together; 0 for none. */
        int max_exemplars() default 100_000;
    }

    private static final long DEFAULT_SAMPLES = 20_000_000;
    private static final int DEFAULT_EXEMPLARS = 100_000;

    private final long retentionMs;
    private final long retentionSamples;
    private final long outOfOrderWindowMs;

    /** Guards everything below. */
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

    private final Map<Labels, MemorySeries> byLabels = new HashMap<>();
    private final Map<Long, MemorySeries> byRef = new HashMap<>();
    private final Map<String, Set<MemorySeries>> byMetricName = new HashMap<>();
    private final MemoryExemplars exemplars;
    private long lastRef;
    private long lastAppend;
    private long samples;
    private long minTimeMs = Long.MAX_VALUE;
    private long maxTimeMs = Long.MIN_VALUE;
    /** Samples before this are gone and no longer taken. */
    private long droppedBeforeMs = Long.MIN_VALUE;

    /** Without a bound by time, at most 20 million samples, in order; for use outside OSGi. */
    public MemoryStorage() {
        this(0, DEFAULT_SAMPLES, 0, DEFAULT_EXEMPLARS);
    }

    @Activate
    public MemoryStorage(Config config) {
        this(
                duration("retention.time", config.retention_time()),
                config.retention_samples(),
                duration("out.of.order.time.window", config.out_of_order_time_window()),
                config.max_exemplars());
    }

    MemoryStorage(long retentionMs, long retentionSamples, long outOfOrderWindowMs, int maxExemplars) {
        if (retentionSamples <= 0) {
            throw new IllegalArgumentException("retention.samples must be positive: " + retentionSamples);
        }
        if (maxExemplars < 0) {
            throw new IllegalArgumentException("max.exemplars must not be negative: " + maxExemplars);
        }
        this.retentionMs = retentionMs;
        this.retentionSamples = retentionSamples;
        this.outOfOrderWindowMs = outOfOrderWindowMs;
        exemplars = new MemoryExemplars(maxExemplars);
    }

    private static long duration(String key, String text) {
        try {
            return PromDuration.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void append(SampleBatch batch) throws IOException {
        lock.writeLock().lock();
        try {
            makeRoom(batch.size());
            lastAppend++;
            // As of before the batch: its samples may come in any order.
            long oldestTaken = oldestTakenMs();
            long oldestLate = maxTimeMs == Long.MIN_VALUE ? Long.MIN_VALUE : maxTimeMs - outOfOrderWindowMs;
            for (int i = 0; i < batch.size(); i++) {
                batch.result(i, append(batch, i, oldestTaken, oldestLate));
            }
            for (SampleBatch.ExemplarEntry entry : batch.exemplars()) {
                boolean isKnown = byLabels.containsKey(entry.series());
                entry.result(isKnown ? exemplars.add(entry.series(), entry.exemplar()) : AppendResult.UNKNOWN_REF);
            }
            for (SampleBatch.MetadataEntry entry : batch.metadata()) {
                MemorySeries series = byLabels.get(entry.series());
                if (series != null) {
                    series.metadata = entry.metadata();
                }
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

    private AppendResult append(SampleBatch batch, int i, long oldestTaken, long oldestLate) {
        Labels labels = batch.labels(i);
        if (labels != null && labels.isEmpty()) {
            return AppendResult.INVALID_LABELS;
        }
        MemorySeries series = byRef.get(batch.ref(i));
        if (labels != null && (series == null || !series.labels.equals(labels))) {
            series = byLabels.get(labels);
        }
        batch.ref(i, series == null ? SampleBatch.NO_REF : series.ref);
        if (series == null && labels == null) {
            return AppendResult.UNKNOWN_REF;
        }
        Histogram histogram = batch.histogram(i);
        if (histogram != null && histogram.problem().isPresent()) {
            return AppendResult.INVALID_VALUE;
        }
        long t = batch.timestampMs(i);
        if (t < oldestTaken) {
            return AppendResult.OUT_OF_BOUNDS;
        }
        if (series != null && series.isTouched() && t <= series.newestMs()) {
            return t == series.newestMs()
                    ? (series.isSameAsNewest(batch, i) ? AppendResult.OK : AppendResult.DUPLICATE)
                    : appendLate(series, batch, i, oldestLate);
        }
        MemorySeries target = series == null ? create(labels) : series;
        target.add(batch, i, lastAppend);
        batch.ref(i, target.ref);
        count(t);
        return AppendResult.OK;
    }

    private AppendResult appendLate(MemorySeries series, SampleBatch batch, int i, long oldestLate) {
        if (outOfOrderWindowMs == 0) {
            return AppendResult.OUT_OF_ORDER;
        }
        long t = batch.timestampMs(i);
        if (t < oldestLate) {
            return AppendResult.TOO_OLD;
        }
        return switch (series.addLate(batch, i, lastAppend)) {
            case ADDED -> {
                count(t);
                yield AppendResult.OK;
            }
            case SAME -> AppendResult.OK;
            case OTHER -> AppendResult.DUPLICATE;
        };
    }

    private void count(long timestampMs) {
        samples++;
        minTimeMs = Math.min(minTimeMs, timestampMs);
        maxTimeMs = Math.max(maxTimeMs, timestampMs);
    }

    private MemorySeries create(Labels labels) {
        MemorySeries series = new MemorySeries(labels, ++lastRef);
        byLabels.put(labels, series);
        byRef.put(series.ref, series);
        byMetricName
                .computeIfAbsent(labels.metricName(), name -> new HashSet<>())
                .add(series);
        return series;
    }

    /** Drops tenths of the time span until the batch fits. */
    private void makeRoom(int wanted) throws IOException {
        if (wanted > retentionSamples) {
            throw new IOException("memory storage: a batch of " + wanted + " samples does not fit into "
                    + retentionSamples + ", raise retention.samples");
        }
        while (samples + wanted > retentionSamples) {
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
            samples -= series.delete(Long.MIN_VALUE, timeMs - 1);
        }
        forgetEmptySeries(timeMs);
    }

    private void forgetEmptySeries(long timeMs) {
        minTimeMs = Long.MAX_VALUE;
        maxTimeMs = Long.MIN_VALUE;
        byLabels.values().removeIf(series -> {
            if (!series.isEmpty()) {
                minTimeMs = Math.min(minTimeMs, series.oldestKeptMs());
                maxTimeMs = Math.max(maxTimeMs, series.newestKeptMs());
                return false;
            }
            if (series.newestMs() >= timeMs) {
                return false;
            }
            byRef.remove(series.ref);
            byMetricName.computeIfPresent(series.labels.metricName(), (name, known) -> {
                known.remove(series);
                return known.isEmpty() ? null : known;
            });
            return true;
        });
    }

    /** The series that may match; call under the lock. */
    Collection<MemorySeries> candidates(List<Matcher> matchers) {
        for (Matcher matcher : matchers) {
            if (matcher.type() == Matcher.Type.EQUAL && matcher.name().equals(Labels.METRIC_NAME)) {
                return byMetricName.getOrDefault(matcher.value(), Set.of());
            }
        }
        return byLabels.values();
    }

    @Override
    public Querier querier(long from, long to) {
        lock.readLock().lock();
        try {
            return new MemoryQuerier(this, lock.readLock(), from, to, lastAppend);
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
    public List<ExemplarSeries> exemplars(List<List<Matcher>> selectors, long from, long to) {
        lock.readLock().lock();
        try {
            return exemplars.find(selectors, from, to);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public Map<String, List<Metadata>> metadata(String metric) {
        Map<String, Set<Metadata>> found = new TreeMap<>();
        lock.readLock().lock();
        try {
            for (MemorySeries series :
                    metric.isEmpty() ? byLabels.values() : byMetricName.getOrDefault(metric, Set.of())) {
                if (series.metadata != null) {
                    found.computeIfAbsent(series.labels.metricName(), name -> new LinkedHashSet<>())
                            .add(series.metadata);
                }
            }
        } finally {
            lock.readLock().unlock();
        }
        Map<String, List<Metadata>> lists = new TreeMap<>();
        found.forEach((name, opinions) -> lists.put(name, List.copyOf(opinions)));
        return lists;
    }

    @Override
    public Optional<CardinalityStats> cardinality(int limit) {
        lock.readLock().lock();
        try {
            return Optional.of(new Cardinality(byLabels.keySet()).stats(limit));
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public StorageStats stats() {
        lock.readLock().lock();
        try {
            long pairs = new Cardinality(byLabels.keySet()).pairs();
            return new StorageStats(byLabels.size(), 0, pairs, minTimeMs, maxTimeMs, 0);
        } finally {
            lock.readLock().unlock();
        }
    }
}
