package org.narthex.storage.memory;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;

/** The samples of one series, as runs in ascending time, none of them empty. Guarded by the storage's lock. */
final class MemorySeries {
    final Labels labels;
    final long ref;
    /** Null if none was given. */
    Metadata metadata;

    private final List<SampleRun> runs = new ArrayList<>(1);

    /** These outlive the samples: what a delete removed does not come back out of order. */
    private boolean touched;

    private long newestMs;
    private double newestValue;
    private Histogram newestHistogram;

    MemorySeries(Labels labels, long ref) {
        this.labels = labels;
        this.ref = ref;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /** Whether it ever took a sample. */
    boolean isTouched() {
        return touched;
    }

    long newestMs() {
        return newestMs;
    }

    long oldestKeptMs() {
        return runs.get(0).oldestMs();
    }

    long newestKeptMs() {
        return runs.get(runs.size() - 1).newestMs();
    }

    boolean isSameAsNewest(SampleBatch batch, int sample) {
        return Samples.same(newestValue, newestHistogram, batch.value(sample), batch.histogram(sample));
    }

    /** Adds a sample newer than all before. */
    void add(SampleBatch batch, int sample, long append) {
        SampleRun last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (last == null || last.isFull()) {
            last = new SampleRun();
            runs.add(last);
        }
        last.insert(last.size(), batch, sample, append);
        touched = true;
        newestMs = batch.timestampMs(sample);
        newestValue = batch.value(sample);
        newestHistogram = batch.histogram(sample);
    }

    /** What became of a sample that is older than the newest. */
    enum Late {
        ADDED,
        SAME,
        OTHER
    }

    /** Adds a sample older than the newest, unless there is one of its time. */
    Late addLate(SampleBatch batch, int sample, long append) {
        long t = batch.timestampMs(sample);
        int r = runOf(t);
        if (r == runs.size()) {
            // Deleted samples may leave the newest time behind; what is older than it goes to the end all the same.
            SampleRun run = r == 0 || runs.get(r - 1).isFull() ? new SampleRun() : runs.get(r - 1);
            if (run.size() == 0) {
                runs.add(run);
            }
            run.insert(run.size(), batch, sample, append);
            return Late.ADDED;
        }
        SampleRun run = runs.get(r);
        int at = run.indexOf(t);
        if (run.timestampMs(at) == t) {
            return run.isSame(at, batch, sample) ? Late.SAME : Late.OTHER;
        }
        if (run.isFull()) {
            SampleRun later = run.split();
            runs.add(r + 1, later);
            if (at > run.size()) {
                at -= run.size();
                run = later;
            }
        }
        run.insert(at, batch, sample, append);
        return Late.ADDED;
    }

    /** The first run that has a sample not older than the given time. */
    private int runOf(long timeMs) {
        int low = 0;
        int high = runs.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (runs.get(middle).newestMs() < timeMs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Drops the samples within inclusive bounds; returns how many. */
    int delete(long minTimeMs, long maxTimeMs) {
        int deleted = 0;
        for (int r = runOf(minTimeMs); r < runs.size() && runs.get(r).oldestMs() <= maxTimeMs; r++) {
            deleted += runs.get(r).delete(minTimeMs, maxTimeMs);
        }
        if (deleted > 0) {
            runs.removeIf(run -> run.size() == 0);
        }
        return deleted;
    }

    boolean hasSampleWithin(long minTimeMs, long maxTimeMs, long newestAppend) {
        for (int r = runOf(minTimeMs); r < runs.size(); r++) {
            SampleRun run = runs.get(r);
            for (int i = run.indexOf(minTimeMs); i < run.size(); i++) {
                if (run.timestampMs(i) > maxTimeMs) {
                    return false;
                }
                if (run.isVisible(i, newestAppend)) {
                    return true;
                }
            }
        }
        return false;
    }

    void read(long minTimeMs, long maxTimeMs, long newestAppend, SampleBuffer into) {
        int first = runOf(minTimeMs);
        Histogram before = histogramBefore(first, minTimeMs, newestAppend);
        for (int r = first; r < runs.size(); r++) {
            SampleRun run = runs.get(r);
            for (int i = run.indexOf(minTimeMs); i < run.size(); i++) {
                if (run.timestampMs(i) > maxTimeMs) {
                    return;
                }
                if (run.isVisible(i, newestAppend)) {
                    run.read(i, before, into);
                    before = run.histogram(i);
                }
            }
        }
    }

    /** The last sample older than the given time that the view sees; null if there is none or it is a float. */
    private Histogram histogramBefore(int firstRun, long timeMs, long newestAppend) {
        for (int r = Math.min(firstRun, runs.size() - 1); r >= 0; r--) {
            SampleRun run = runs.get(r);
            for (int i = run.indexOf(timeMs) - 1; i >= 0; i--) {
                if (run.isVisible(i, newestAppend)) {
                    return run.histogram(i);
                }
            }
        }
        return null;
    }
}
