package org.narthex.storage.memory;

import java.util.Arrays;

import org.narthex.api.model.Histogram;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;

/**
 * Some samples of a series as parallel arrays in ascending time, each time once; one array says by which append each came, so that a view can leave
 * out appends younger than itself. Short, so that a late sample moves few others. Guarded by the storage's lock.
 */
final class SampleRun {
    static final int MAX_SIZE = 256;
    private static final int FIRST_CAPACITY = 8;

    private long[] timestampsMs = new long[FIRST_CAPACITY];
    private double[] values = new double[FIRST_CAPACITY];
    private long[] appends = new long[FIRST_CAPACITY];
    /** Made with the first histogram; null where the sample is a float. */
    private Histogram[] histograms;
    /** Made with the first start timestamp. */
    private long[] startTimestampsMs;

    private int size;

    int size() {
        return size;
    }

    boolean isFull() {
        return size == MAX_SIZE;
    }

    long timestampMs(int i) {
        return timestampsMs[i];
    }

    long oldestMs() {
        return timestampsMs[0];
    }

    long newestMs() {
        return timestampsMs[size - 1];
    }

    Histogram histogram(int i) {
        return histograms == null ? null : histograms[i];
    }

    boolean isVisible(int i, long newestAppend) {
        return appends[i] <= newestAppend;
    }

    /** Whether the sample of the batch is the same as the one here. */
    boolean isSame(int i, SampleBatch batch, int sample) {
        return Samples.same(values[i], histogram(i), batch.value(sample), batch.histogram(sample));
    }

    /** The first sample not older than the given time; {@link #size()} if all are. */
    int indexOf(long timeMs) {
        int found = Arrays.binarySearch(timestampsMs, 0, size, timeMs);
        return found >= 0 ? found : -found - 1;
    }

    /** Puts a sample of a batch in, before the one at the index. The run is not full. */
    void insert(int at, SampleBatch batch, int sample, long append) {
        if (size == values.length) {
            resize(Math.min(MAX_SIZE, size * 2));
        }
        if (histograms == null && batch.histogram(sample) != null) {
            histograms = new Histogram[values.length];
        }
        if (startTimestampsMs == null && batch.startTimestampMs(sample) != 0) {
            startTimestampsMs = new long[values.length];
        }
        move(at, at + 1);
        timestampsMs[at] = batch.timestampMs(sample);
        values[at] = batch.value(sample);
        appends[at] = append;
        if (histograms != null) {
            histograms[at] = batch.histogram(sample);
        }
        if (startTimestampsMs != null) {
            startTimestampsMs[at] = batch.startTimestampMs(sample);
        }
    }

    private void resize(int capacity) {
        timestampsMs = Arrays.copyOf(timestampsMs, capacity);
        values = Arrays.copyOf(values, capacity);
        appends = Arrays.copyOf(appends, capacity);
        histograms = histograms == null ? null : Arrays.copyOf(histograms, capacity);
        startTimestampsMs = startTimestampsMs == null ? null : Arrays.copyOf(startTimestampsMs, capacity);
    }

    /** Moves all samples from one index on to another one, and with them the end. */
    private void move(int from, int to) {
        int count = size - from;
        System.arraycopy(timestampsMs, from, timestampsMs, to, count);
        System.arraycopy(values, from, values, to, count);
        System.arraycopy(appends, from, appends, to, count);
        if (histograms != null) {
            System.arraycopy(histograms, from, histograms, to, count);
            Arrays.fill(histograms, Math.min(size, to + count), size, null);
        }
        if (startTimestampsMs != null) {
            System.arraycopy(startTimestampsMs, from, startTimestampsMs, to, count);
        }
        size = to + count;
    }

    /** Takes the later half away as a run of its own. */
    SampleRun split() {
        SampleRun later = new SampleRun();
        int middle = size / 2;
        later.timestampsMs = Arrays.copyOfRange(timestampsMs, middle, size);
        later.values = Arrays.copyOfRange(values, middle, size);
        later.appends = Arrays.copyOfRange(appends, middle, size);
        later.histograms = histograms == null ? null : Arrays.copyOfRange(histograms, middle, size);
        later.startTimestampsMs =
                startTimestampsMs == null ? null : Arrays.copyOfRange(startTimestampsMs, middle, size);
        later.size = size - middle;
        size = middle;
        resize(middle);
        return later;
    }

    /** Drops the samples within inclusive bounds; returns how many. */
    int delete(long minTimeMs, long maxTimeMs) {
        int first = indexOf(minTimeMs);
        int end = maxTimeMs == Long.MAX_VALUE ? size : indexOf(maxTimeMs + 1);
        if (first >= end) {
            return 0;
        }
        move(end, first);
        return end - first;
    }

    /** @param before the histogram that the view sees before this sample, or null */
    void read(int i, Histogram before, SampleBuffer into) {
        Histogram histogram = histogram(i);
        if (histogram == null) {
            into.add(timestampsMs[i], values[i]);
        } else {
            into.add(timestampsMs[i], Samples.hinted(before, histogram));
        }
        if (startTimestampsMs != null) {
            into.startTimestampMs(into.size() - 1, startTimestampsMs[i]);
        }
    }
}
