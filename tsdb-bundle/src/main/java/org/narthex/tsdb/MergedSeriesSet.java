package org.narthex.tsdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.tsdb.chunk.SeriesSource;
import org.narthex.tsdb.chunk.SortedRuns;

/**
 * The series of several sources, each label set once. Sources stand in the order of their time; where blocks overlap, the samples are sorted and
 * of equal timestamps the first is kept.
 */
final class MergedSeriesSet implements SeriesSet {
    private final List<SeriesSource> sources;
    private final List<Labels> labels = new ArrayList<>();
    /** Per series: source << 32 | series in the source, ascending. */
    private final List<long[]> parts = new ArrayList<>();

    private final long minTimeMs;
    private final long maxTimeMs;

    private static final class Cursor {
        final SeriesSource source;
        final int number;
        int at;
        Labels labels;

        Cursor(SeriesSource source, int number) {
            this.source = source;
            this.number = number;
            this.labels = source.labels(0);
        }

        boolean advance() {
            if (++at == source.size()) {
                return false;
            }
            labels = source.labels(at);
            return true;
        }
    }

    /** @param sources in the order of their time */
    MergedSeriesSet(List<SeriesSource> sources, long minTimeMs, long maxTimeMs) {
        this.sources = sources;
        this.minTimeMs = minTimeMs;
        this.maxTimeMs = maxTimeMs;
        PriorityQueue<Cursor> cursors = new PriorityQueue<>(
                Comparator.<Cursor, Labels>comparing(c -> c.labels).thenComparingInt(c -> c.number));
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).size() > 0) {
                cursors.add(new Cursor(sources.get(i), i));
            }
        }
        while (!cursors.isEmpty()) {
            take(cursors);
        }
    }

    private void take(PriorityQueue<Cursor> cursors) {
        Cursor first = cursors.poll();
        Labels current = first.labels;
        long[] own = {part(first)};
        if (first.advance()) {
            cursors.add(first);
        }
        while (!cursors.isEmpty() && cursors.peek().labels.equals(current)) {
            Cursor next = cursors.poll();
            own = Arrays.copyOf(own, own.length + 1);
            own[own.length - 1] = part(next);
            if (next.advance()) {
                cursors.add(next);
            }
        }
        labels.add(current);
        parts.add(own);
    }

    private static long part(Cursor cursor) {
        return (long) cursor.number << 32 | cursor.at;
    }

    @Override
    public int size() {
        return labels.size();
    }

    @Override
    public Labels labels(int series) {
        return labels.get(series);
    }

    @Override
    public void read(int series, long from, long to, SampleBuffer into) throws IOException {
        into.clear();
        long first = Math.max(from, minTimeMs);
        long last = Math.min(to, maxTimeMs);
        boolean ascending = true;
        for (long part : parts.get(series)) {
            int before = into.size();
            sources.get((int) (part >>> 32)).read((int) part, first, last, into);
            if (before > 0 && before < into.size()) {
                ascending &= into.timestampsMs()[before - 1] < into.timestampsMs()[before];
            }
        }
        if (!ascending) {
            SortedRuns.merge(into, 0);
        }
    }
}
