package org.narthex.storage.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;

/** A view up to one batch. Thread-safe: every look at a series is taken under the storage's read lock. */
final class MemoryQuerier implements Querier {
    private final MemoryStorage storage;
    private final Lock lock;
    private final long minTimeMs;
    private final long maxTimeMs;
    private final long newestAppend;

    MemoryQuerier(MemoryStorage storage, Lock lock, long minTimeMs, long maxTimeMs, long newestAppend) {
        this.storage = storage;
        this.lock = lock;
        this.minTimeMs = minTimeMs;
        this.maxTimeMs = maxTimeMs;
        this.newestAppend = newestAppend;
    }

    @Override
    public SeriesSet select(List<Matcher> matchers) {
        List<MemorySeries> found = find(matchers);
        found.sort((a, b) -> a.labels.compareTo(b.labels));
        return new SeriesSet() {
            @Override
            public int size() {
                return found.size();
            }

            @Override
            public Labels labels(int series) {
                return found.get(series).labels;
            }

            @Override
            public void read(int series, long from, long to, SampleBuffer into) {
                into.clear();
                lock.lock();
                try {
                    found.get(series).read(Math.max(from, minTimeMs), Math.min(to, maxTimeMs), newestAppend, into);
                } finally {
                    lock.unlock();
                }
            }
        };
    }

    @Override
    public List<String> labelNames(List<Matcher> matchers, int limit) {
        TreeSet<String> names = new TreeSet<>(Labels.UTF8_ORDER);
        for (MemorySeries series : find(matchers)) {
            for (int i = 0; i < series.labels.size(); i++) {
                names.add(series.labels.name(i));
            }
        }
        return first(names, limit);
    }

    @Override
    public List<String> labelValues(String name, List<Matcher> matchers, int limit) {
        TreeSet<String> values = new TreeSet<>(Labels.UTF8_ORDER);
        for (MemorySeries series : find(matchers)) {
            String value = series.labels.get(name);
            if (!value.isEmpty()) {
                values.add(value);
            }
        }
        return first(values, limit);
    }

    private static List<String> first(Set<String> sorted, int limit) {
        List<String> all = new ArrayList<>(sorted);
        return limit > 0 && all.size() > limit ? List.copyOf(all.subList(0, limit)) : all;
    }

    private List<MemorySeries> find(List<Matcher> matchers) {
        List<MemorySeries> found = new ArrayList<>();
        lock.lock();
        try {
            for (MemorySeries series : storage.candidates(matchers)) {
                if (series.hasSampleWithin(minTimeMs, maxTimeMs, newestAppend) && matches(series.labels, matchers)) {
                    found.add(series);
                }
            }
        } finally {
            lock.unlock();
        }
        return found;
    }

    static boolean matches(Labels labels, List<Matcher> matchers) {
        for (Matcher matcher : matchers) {
            if (!matcher.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        // Holds nothing open.
    }
}
