package org.narthex.remote;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageStats;

/** Writes down what it is given, one line each; what came by reference alone begins with {@code #} and the reference. */
final class RecordingStorage implements Storage {
    final List<String> lines = new ArrayList<>();
    final List<Histogram> histograms = new ArrayList<>();
    /** Samples at this time are duplicates, older ones out of order. */
    long newestMs = Long.MIN_VALUE;

    IOException failure;
    private final Map<Labels, Long> refs = new HashMap<>();
    private final Map<Long, Labels> byRef = new HashMap<>();
    private long lastRef;

    void forgetSeries() {
        refs.clear();
        byRef.clear();
    }

    @Override
    public synchronized void append(SampleBatch batch) throws IOException {
        if (failure != null) {
            throw failure;
        }
        for (int i = 0; i < batch.size(); i++) {
            append(batch, i);
        }
        for (SampleBatch.ExemplarEntry entry : batch.exemplars()) {
            boolean there = refs.containsKey(entry.series());
            entry.result(there ? AppendResult.OK : AppendResult.UNKNOWN_REF);
            if (there) {
                lines.add("exemplar " + entry.series() + " " + entry.exemplar());
            }
        }
        batch.metadata().forEach(entry -> lines.add("metadata " + entry.series() + " " + entry.metadata()));
    }

    private void append(SampleBatch batch, int i) {
        Labels labels = batch.labels(i);
        String by = "";
        if (labels == null) {
            labels = byRef.get(batch.ref(i));
            by = "#" + batch.ref(i) + " ";
            if (labels == null) {
                batch.result(i, AppendResult.UNKNOWN_REF);
                return;
            }
        }
        long ref = refs.computeIfAbsent(labels, l -> ++lastRef);
        byRef.put(ref, labels);
        batch.ref(i, ref);
        Histogram histogram = batch.histogram(i);
        long t = batch.timestampMs(i);
        if (t <= newestMs) {
            batch.result(i, t == newestMs ? AppendResult.DUPLICATE : AppendResult.OUT_OF_ORDER);
            return;
        }
        if (histogram != null && histogram.problem().isPresent()) {
            batch.result(i, AppendResult.INVALID_VALUE);
            return;
        }
        if (histogram != null) {
            histograms.add(histogram);
        }
        long since = batch.startTimestampMs(i);
        lines.add(by + labels + " " + t + " " + (histogram == null ? batch.value(i) : histogram)
                + (since == 0 ? "" : " since " + since));
        batch.result(i, AppendResult.OK);
    }

    @Override
    public Querier querier(long minTimeMs, long maxTimeMs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void snapshot(Path folder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StorageStats stats() {
        throw new UnsupportedOperationException();
    }
}
