package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;

/** Samples of stored series. */
final class SelectedSource extends SeriesSource {
    private final SeriesSet series;
    private final boolean startTimestamps;
    private final long minTimeMs;
    private final long maxTimeMs;
    private final boolean distinct;

    SelectedSource(SeriesSet series, RangeShape shape, boolean startTimestamps, boolean oneName) {
        this.series = series;
        this.startTimestamps = startTimestamps;
        this.minTimeMs = shape.minTimeMs();
        this.maxTimeMs = shape.maxTimeMs();
        this.distinct = oneName && !anyTypeOrUnit(series);
    }

    static boolean anyTypeOrUnit(SeriesSet series) {
        for (int i = 0; i < series.size(); i++) {
            if (Names.hasTypeOrUnit(series.labels(i))) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int size() {
        return series.size();
    }

    @Override
    public Labels labels(int i) {
        return series.labels(i);
    }

    @Override
    boolean isDistinctWithoutName() {
        return distinct;
    }

    @Override
    void read(int i, Scratch scratch) throws QueryException {
        scratch.read(series, i, minTimeMs, maxTimeMs);
        SampleBuffer samples = scratch.samples();
        if (!startTimestamps) {
            samples.dropStartTimestamps();
        }
        dropStale(samples);
    }

    private static void dropStale(SampleBuffer samples) {
        if (samples.hasHistograms() || samples.hasStartTimestamps()) {
            dropStaleOfAnyKind(samples);
            return;
        }
        long[] times = samples.timestampsMs();
        double[] values = samples.values();
        int size = samples.size();
        int kept = 0;
        while (kept < size && !StaleNaN.is(values[kept])) {
            kept++;
        }
        for (int i = kept + 1; i < size; i++) {
            if (!StaleNaN.is(values[i])) {
                times[kept] = times[i];
                values[kept++] = values[i];
            }
        }
        samples.size(kept);
    }

    private static void dropStaleOfAnyKind(SampleBuffer samples) {
        int kept = 0;
        for (int i = 0; i < samples.size(); i++) {
            if (!StaleNaN.is(samples.values()[i])) {
                samples.move(i, kept++);
            }
        }
        samples.truncate(kept);
    }
}
