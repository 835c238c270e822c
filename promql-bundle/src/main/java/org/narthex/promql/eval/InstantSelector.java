package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.model.StaleNaN;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.api.storage.SeriesSet;
import org.narthex.promql.histogram.FloatHistogram;

/** At each step the newest sample of each series within the lookback, unless it is a staleness marker. */
final class InstantSelector extends Vector {
    private final SeriesSet series;
    private final RangeShape shape;
    private final Wanted wants;
    private final boolean countsOnly;
    private final boolean distinct;

    /**
     * @param shape its range is the lookback
     * @param countsOnly whether the buckets of histograms do not matter
     */
    InstantSelector(SeriesSet series, RangeShape shape, Wanted wants, boolean countsOnly, boolean oneName) {
        this.series = series;
        this.shape = shape;
        this.wants = wants;
        this.countsOnly = countsOnly;
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
    public Row row(int row, double[] buffer, Scratch scratch) throws QueryException {
        scratch.read(series, row, shape.minTimeMs(), shape.maxTimeMs());
        SampleBuffer samples = scratch.samples();
        int size = samples.size();
        if (size == 0) {
            return null;
        }
        if (wants != Wanted.VALUES || samples.hasHistograms()) {
            return special(row, scratch, buffer);
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
                buffer[step] = values[newest];
                found++;
            }
        }
        Row result = found == 0 ? null : Row.of(buffer);
        scratch.look(found, result, shape.grid());
        return result;
    }

    /** The same where samples are not just floats, or where something else than their values is wanted. */
    private Row special(int row, Scratch scratch, double[] buffer) throws QueryException {
        SampleBuffer samples = scratch.samples();
        long[] times = samples.timestampsMs();
        double[] values = samples.values();
        FloatHistogram[] histograms = new FloatHistogram[buffer.length];
        int found = 0;
        int next = 0;
        Converted converted = new Converted(samples, countsOnly);
        for (int step = 0; step < buffer.length; step++) {
            long end = shape.endMs(step);
            while (next < samples.size() && times[next] <= end) {
                next++;
            }
            int newest = next - 1;
            buffer[step] = Absent.VALUE;
            if (newest < 0 || times[newest] <= end - shape.rangeMs() || StaleNaN.is(values[newest])) {
                continue;
            }
            found++;
            if (wants == Wanted.TIMES_OF_FLOATS && samples.histogram(newest) != null) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        "this should be an info metric, with float samples: " + labels(row));
            }
            if (wants == Wanted.TIMES || wants == Wanted.TIMES_OF_FLOATS) {
                buffer[step] = times[newest] / 1000.0;
            } else if (wants == Wanted.START_TIMES) {
                buffer[step] = samples.startTimestampMs(newest) / 1000.0;
            } else if (samples.histogram(newest) == null) {
                buffer[step] = values[newest];
            } else {
                histograms[step] = converted.at(newest);
            }
        }
        Row result = Row.ofAny(buffer, histograms);
        scratch.look(found, result, shape.grid());
        return result;
    }
}
