package org.narthex.promql.eval;

import org.narthex.api.model.Histogram.ResetHint;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.promql.histogram.FloatHistogram;

/** The values of an inner expression at the steps of a subquery, as samples. */
final class SubquerySource extends SeriesSource {
    private final Rows rows;
    private final Grid grid;

    SubquerySource(Rows rows, Grid grid) {
        this.rows = rows;
        this.grid = grid;
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public Labels labels(int series) {
        return rows.labels(series);
    }

    @Override
    boolean dropsName(int series) {
        return rows.dropsName(series);
    }

    @Override
    void read(int series, Scratch scratch) throws QueryException {
        SampleBuffer samples = scratch.samples();
        samples.clear();
        Row row = rows.row(series);
        double[] values = row.values();
        samples.ensureCapacity(values.length);
        scratch.worked(values.length);
        for (int step = 0; step < values.length; step++) {
            if (!Absent.is(values[step])) {
                samples.add(grid.time(step), values[step]);
            } else if (row.histogram(step) != null) {
                FloatHistogram histogram = row.histogram(step);
                // A hint is about the sample before, which need not be one of these.
                ResetHint hint = histogram.isGauge() ? ResetHint.GAUGE : ResetHint.UNKNOWN;
                samples.add(grid.time(step), histogram.withHint(hint).toHistogram());
            }
        }
    }
}
