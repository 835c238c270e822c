package org.narthex.promql.eval;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;

/** At each step the value interpolated between the samples around it; without a later sample within the lookback, the earlier one. */
final class SmoothedSelector extends Vector {
    private final Query query;
    private final SeriesSource source;
    private final RangeShape shape;

    /** @param shape its range is the lookback, which it also reaches beyond the end */
    SmoothedSelector(Query query, SeriesSource source, RangeShape shape) {
        this.query = query;
        this.source = source;
        this.shape = shape;
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
    public double[] row(int row, double[] buffer, Scratch scratch) throws QueryException {
        source.read(row, scratch);
        Windows windows = scratch.windows();
        windows.slide(scratch.samples(), shape);
        query.budget().look(windows.total());
        long[] times = windows.timestampsMs();
        double[] values = windows.values();
        for (int step = 0; step < buffer.length; step++) {
            long time = shape.endMs(step);
            int next = windows.from(step);
            while (next < windows.to(step) && times[next] <= time) {
                next++;
            }
            int before = next - 1;
            if (before < windows.from(step)) {
                buffer[step] = Absent.VALUE;
            } else if (next == windows.to(step) || times[before] == time) {
                buffer[step] = values[before];
            } else {
                double part = (double) (time - times[before]) / (times[next] - times[before]);
                buffer[step] = values[before] + (values[next] - values[before]) * part;
            }
        }
        return Absent.isEverywhere(buffer) ? null : buffer;
    }
}
