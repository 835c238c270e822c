package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Span;

/** At each step the value interpolated between the samples around it; without a later sample within the lookback, the earlier one. */
final class SmoothedSelector extends Vector {
    private final Query query;
    private final SeriesSource source;
    private final RangeShape shape;
    private final Span span;
    private final boolean countsOnly;

    /**
     * @param shape its range is the lookback, which it also reaches beyond the end
     * @param countsOnly whether the buckets of histograms do not matter
     */
    SmoothedSelector(Query query, SeriesSource source, RangeShape shape, Span span, boolean countsOnly) {
        this.query = query;
        this.source = source;
        this.shape = shape;
        this.span = span;
        this.countsOnly = countsOnly;
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public Labels labels(int row) {
        return source.labels(row);
    }

    @Override
    boolean isDistinctWithoutName() {
        return source.isDistinctWithoutName();
    }

    @Override
    public Row row(int row, double[] buffer, Scratch scratch) throws QueryException {
        source.read(row, scratch);
        if (scratch.samples().hasHistograms()) {
            return mixed(row, buffer, scratch);
        }
        Windows windows = scratch.windows();
        windows.slide(scratch.samples(), shape, scratch);
        scratch.look(windows, shape.grid());
        for (int step = 0; step < buffer.length; step++) {
            scratch.worked(windows.count(step));
            buffer[step] = at(windows, step);
        }
        return Row.ofAny(buffer, null);
    }

    private double at(Windows windows, int step) {
        long[] times = windows.timestampsMs();
        double[] values = windows.values();
        long time = shape.endMs(step);
        int next = next(windows, step);
        int before = next - 1;
        if (before < windows.from(step)) {
            return Absent.VALUE;
        }
        if (next == windows.to(step) || times[before] == time) {
            return values[before];
        }
        double part = (double) (time - times[before]) / (times[next] - times[before]);
        return values[before] + (values[next] - values[before]) * part;
    }

    private Row mixed(int row, double[] buffer, Scratch scratch) throws QueryException {
        MixedWindows windows = new MixedWindows(
                scratch.samples(),
                shape,
                Expr.Edges.SMOOTHED,
                source.labels(row).metricName(),
                query.notes(),
                span,
                countsOnly,
                buffer,
                scratch);
        for (int step = 0; step < buffer.length; step++) {
            scratch.worked(windows.floats().count(step) + windows.histograms().count(step));
            if (windows.hasFloats(step) && windows.hasHistograms(step)) {
                query.notes().mixedRange(windows.metric(), span);
                windows.setAbsent(step);
            } else if (windows.hasFloats(step)) {
                windows.set(step, at(windows.floats(), step));
            } else if (windows.hasHistograms(step)) {
                windows.set(step, histogramAt(windows, step));
            } else {
                windows.setAbsent(step);
            }
        }
        return windows.row();
    }

    /** Index of the first sample after the step's time. */
    private int next(Windows windows, int step) {
        int next = windows.from(step);
        while (next < windows.to(step) && windows.timestampsMs()[next] <= shape.endMs(step)) {
            next++;
        }
        return next;
    }

    private FloatHistogram histogramAt(MixedWindows mixed, int step) {
        Windows windows = mixed.histograms();
        long time = shape.endMs(step);
        int next = next(windows, step);
        int before = next - 1;
        if (before < windows.from(step)) {
            return null;
        }
        if (next == windows.to(step) || windows.timestampsMs()[before] == time) {
            return mixed.histogram(before);
        }
        boolean counter =
                !mixed.histogram(before).isGauge() && !mixed.histogram(next).isGauge();
        FloatHistogram between = Interpolation.between(mixed, before, time, counter);
        if (between == null) {
            query.notes().mixedSchemas(mixed.metric(), span);
        }
        return between;
    }
}
