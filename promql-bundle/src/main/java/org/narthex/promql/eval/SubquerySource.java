package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.storage.SampleBuffer;

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
    void read(int series, Scratch scratch) {
        SampleBuffer samples = scratch.samples();
        samples.clear();
        double[] values = rows.values(series);
        for (int step = 0; step < values.length; step++) {
            if (!Absent.is(values[step])) {
                samples.add(grid.time(step), values[step]);
            }
        }
    }
}
