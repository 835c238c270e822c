package org.narthex.promql.script;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.Querier;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageStats;
import org.narthex.promql.histogram.FloatHistogram;

/**
 * What scripts are loaded into: samples in the order they come, with the reset hints that a storage of chunks reads back, since the first
 * histogram of a chunk does not know about the one before.
 */
public final class ScriptStorage implements Storage {
    private record Sample(long timestampMs, double value, Histogram histogram, long startMs) {}

    private final Map<Labels, List<Sample>> series = new TreeMap<>();

    @Override
    public void append(SampleBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            List<Sample> samples = series.computeIfAbsent(batch.labels(i), labels -> new ArrayList<>());
            Sample before = samples.isEmpty() ? null : samples.get(samples.size() - 1);
            boolean later = before == null || before.timestampMs() < batch.timestampMs(i);
            batch.result(i, later ? AppendResult.OK : AppendResult.OUT_OF_ORDER);
            if (later) {
                Histogram histogram = batch.histogram(i) == null ? null : hinted(batch.histogram(i), before);
                samples.add(new Sample(batch.timestampMs(i), batch.value(i), histogram, batch.startTimestampMs(i)));
            }
        }
    }

    private static Histogram hinted(Histogram histogram, Sample before) {
        if (histogram.resetHint() == ResetHint.GAUGE || histogram.isStale()) {
            return histogram;
        }
        Histogram last = before == null ? null : before.histogram();
        boolean newChunk = last == null
                || last.isStale()
                || last.resetHint() == ResetHint.GAUGE
                || histogram.resetHint() == ResetHint.RESET
                || histogram.schema() != last.schema()
                || histogram.zeroThreshold() != last.zeroThreshold()
                || !java.util.Arrays.equals(histogram.customBounds(), last.customBounds())
                || FloatHistogram.of(histogram.withResetHint(ResetHint.UNKNOWN)).isResetAfter(FloatHistogram.of(last));
        return histogram.withResetHint(newChunk ? ResetHint.UNKNOWN : ResetHint.NOT_RESET);
    }

    @Override
    public Querier querier(long from, long to) {
        return new Querier() {
            @Override
            public SeriesSet select(List<Matcher> matchers) {
                List<Labels> found = new ArrayList<>(series.keySet());
                found.removeIf(labels -> !matchers.stream().allMatch(matcher -> matcher.matches(labels)));
                return selected(found);
            }

            @Override
            public List<String> labelNames(List<Matcher> matchers, int limit) {
                throw new UnsupportedOperationException("no script asks");
            }

            @Override
            public List<String> labelValues(String name, List<Matcher> matchers, int limit) {
                throw new UnsupportedOperationException("no script asks");
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    private SeriesSet selected(List<Labels> found) {
        return new SeriesSet() {
            @Override
            public int size() {
                return found.size();
            }

            @Override
            public Labels labels(int i) {
                return found.get(i);
            }

            @Override
            public void read(int i, long from, long to, SampleBuffer into) {
                into.clear();
                for (Sample sample : series.get(found.get(i))) {
                    if (sample.timestampMs() < from || sample.timestampMs() > to) {
                        continue;
                    }
                    if (sample.histogram() == null) {
                        into.add(sample.timestampMs(), sample.value());
                    } else {
                        into.add(sample.timestampMs(), sample.histogram());
                    }
                    into.startTimestampMs(into.size() - 1, sample.startMs());
                }
            }
        };
    }

    @Override
    public void delete(List<Matcher> matchers, long from, long to) {
        throw new UnsupportedOperationException("no script deletes");
    }

    @Override
    public void snapshot(Path folder) {
        throw new UnsupportedOperationException("nothing is on disk");
    }

    @Override
    public StorageStats stats() {
        return new StorageStats(series.size(), 0, 0, 0, 0, 0);
    }
}
