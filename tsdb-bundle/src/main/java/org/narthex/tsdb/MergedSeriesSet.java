package org.narthex.tsdb;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
    private final List<Labels> labels;
    private final long minTimeMs;
    private final long maxTimeMs;
    /** Where the parts of each series begin; one more than there are series. */
    private int[] starts;
    /** Source << 32 | series in the source; of each series ascending. */
    private long[] parts;

    private int partCount;

    /** One source and where in it the merge is. */
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
        List<Cursor> cursors = new ArrayList<>();
        int largest = 0;
        for (int i = 0; i < sources.size(); i++) {
            if (sources.get(i).size() > 0) {
                cursors.add(new Cursor(sources.get(i), i));
                largest = Math.max(largest, sources.get(i).size());
            }
        }
        labels = new ArrayList<>(largest);
        starts = new int[largest + 1];
        parts = new long[largest * cursors.size()];
        while (!cursors.isEmpty()) {
            take(cursors);
        }
    }

    /** Takes the first series of all cursors. There are few of them, and most have the same series: looking at each is quicker than a heap. */
    @SuppressWarnings("ReferenceEquality") // equal ones have been made the same object
    private void take(List<Cursor> cursors) {
        Labels first = cursors.get(0).labels;
        for (int i = 1; i < cursors.size(); i++) {
            Cursor cursor = cursors.get(i);
            if (cursor.labels.equals(first)) {
                // From here on they are one object, and need not be compared again.
                cursor.labels = first;
            } else if (cursor.labels.compareTo(first) < 0) {
                first = cursor.labels;
            }
        }
        labels.add(first);
        for (int i = 0; i < cursors.size(); i++) {
            Cursor cursor = cursors.get(i);
            if (cursor.labels == first) {
                if (partCount == parts.length) {
                    parts = Arrays.copyOf(parts, 2 * partCount);
                }
                parts[partCount++] = (long) cursor.number << 32 | cursor.at;
                if (!cursor.advance()) {
                    cursors.remove(i--);
                }
            }
        }
        if (labels.size() == starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        starts[labels.size()] = partCount;
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
        for (int i = starts[series]; i < starts[series + 1]; i++) {
            int before = into.size();
            sources.get((int) (parts[i] >>> 32)).read((int) parts[i], first, last, into);
            if (before > 0 && before < into.size()) {
                ascending &= into.timestampsMs()[before - 1] < into.timestampsMs()[before];
            }
        }
        if (!ascending) {
            SortedRuns.merge(into, 0);
        }
    }
}
