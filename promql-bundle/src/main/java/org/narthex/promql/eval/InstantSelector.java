package org.narthex.promql.eval;

import java.io.IOException;

import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;

/** At each step the newest sample of each series within the lookback, unless it is a staleness marker. */
final class InstantSelector extends Vector {
    private final Query query;
    private final SeriesSet series;
    private final RangeShape shape;
    private final boolean timestamps;
    private final boolean distinct;

    /**
     * @param shape its range is the lookback
     * @param timestamps whether rows hold the times of the samples, in seconds, instead of their values
     */
    InstantSelector(Query query, SeriesSet series, RangeShape shape, boolean timestamps, boolean oneName) {
        this.query = query;
        this.series = series;
        this.shape = shape;
        this.timestamps = timestamps;
        this.distinct = oneName && !SelectedSource.anyTypeOrUnit(series);
    }

    @Override
    public int size() {
        return series.size();
    }

    @Override
    public Labels labels(int row) {
        return series.labels(row);
    }

    @Override
    boolean isDistinctWithoutName() {
        return distinct;
    }

    @Override
    public double[] row(int row, double[] buffer, Scratch scratch) throws QueryException {
        SampleBuffer samples = scratch.samples();
        try {
            series.read(row, shape.minTimeMs(), shape.maxTimeMs(), samples);
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
        int size = samples.size();
        if (size == 0) {
            return null;
        }
        long[] times = samples.timestampsMs();
        double[] values = samples.values();
        int found = 0;
        int next = 0;
        for (int step = 0; step < buffer.length; step++) {
            long end = shape.endMs(step);
            while (next < size && times[next] <= end) {
                next++;
            }
            int newest = next - 1;
            if (newest < 0 || times[newest] <= end - shape.rangeMs() || StaleNaN.is(values[newest])) {
                buffer[step] = Absent.VALUE;
            } else {
                buffer[step] = timestamps ? times[newest] / 1000.0 : values[newest];
                found++;
            }
        }
        query.budget().look(found);
        return found == 0 ? null : buffer;
    }
}
