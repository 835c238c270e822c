package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryValue;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.ValueType;

/** Turns what an expression gives into the form of the API; metric names still waiting to be dropped are dropped here. */
public final class Answer {
    private static final Histogram[] NONE = {};

    private final Evaluator evaluator;
    private final Grid grid;

    private Answer(Evaluator evaluator, Grid grid) {
        this.evaluator = evaluator;
        this.grid = grid;
    }

    public static QueryValue of(Expr expr, Evaluator evaluator, Grid grid, boolean instant) throws QueryException {
        Answer answer = new Answer(evaluator, grid);
        if (instant && expr.type() == ValueType.MATRIX) {
            return answer.samples(expr);
        }
        Value value = evaluator.evaluate(expr, grid);
        if (value instanceof Value.Text text) {
            return new QueryValue.Text(grid.startMs(), text.value());
        }
        if (value instanceof Value.Scalar scalar) {
            if (instant) {
                return new QueryValue.Scalar(grid.startMs(), scalar.values()[0]);
            }
            Rows rows = new Rows();
            rows.add(Labels.EMPTY, false, scalar.values());
            return answer.range(rows);
        }
        Rows rows = withoutDroppedNames(Rows.of((Vector) value, evaluator.query(), grid.steps()));
        return instant ? answer.vector(rows) : answer.range(rows);
    }

    private static Rows withoutDroppedNames(Rows rows) throws QueryException {
        Rows result = new Rows();
        for (int row = 0; row < rows.size(); row++) {
            Labels labels = rows.dropsName(row) ? Names.drop(rows.labels(row)) : rows.labels(row);
            result.add(labels, false, rows.row(row));
        }
        return result.joined();
    }

    private QueryValue vector(Rows rows) {
        List<Labels> metrics = new ArrayList<>(rows.size());
        double[] values = new double[rows.size()];
        Histogram[] histograms = NONE;
        for (int row = 0; row < values.length; row++) {
            metrics.add(rows.labels(row));
            FloatHistogram histogram = rows.row(row).histogram(0);
            if (histogram == null) {
                values[row] = rows.values(row)[0];
            } else {
                histograms = histograms == NONE ? new Histogram[values.length] : histograms;
                histograms[row] = histogram.toHistogram();
                values[row] = histogram.sum();
            }
        }
        return new QueryValue.InstantVector(grid.startMs(), metrics, values, histograms);
    }

    private QueryValue range(Rows rows) {
        long[] times = new long[grid.steps()];
        for (int step = 0; step < times.length; step++) {
            times[step] = grid.time(step);
        }
        List<QueryValue.Series> series = new ArrayList<>(rows.size());
        for (int row = 0; row < rows.size(); row++) {
            Row all = rows.row(row);
            series.add(
                    all.hasHistograms()
                            ? mixed(rows.labels(row), times, all)
                            : present(rows.labels(row), times, all.values()));
        }
        series.sort(Comparator.comparing(QueryValue.Series::metric));
        return new QueryValue.RangeVector(series);
    }

    /** The steps that have a value; rows without gaps share one array of times. */
    private static QueryValue.Series present(Labels labels, long[] times, double[] row) {
        int count = 0;
        for (double value : row) {
            count += Absent.is(value) ? 0 : 1;
        }
        if (count == row.length) {
            return new QueryValue.Series(labels, times, row, count);
        }
        long[] presentTimes = new long[count];
        double[] values = new double[count];
        int n = 0;
        for (int step = 0; step < row.length; step++) {
            if (!Absent.is(row[step])) {
                presentTimes[n] = times[step];
                values[n++] = row[step];
            }
        }
        return new QueryValue.Series(labels, presentTimes, values, count);
    }

    private static QueryValue.Series mixed(Labels labels, long[] times, Row row) {
        SampleBuffer samples = new SampleBuffer();
        for (int step = 0; step < times.length; step++) {
            if (row.histogram(step) != null) {
                samples.add(times[step], row.histogram(step).toHistogram());
            } else if (!row.isAbsent(step)) {
                samples.add(times[step], row.values()[step]);
            }
        }
        return series(labels, samples, 0, samples.size());
    }

    private static QueryValue.Series series(Labels labels, SampleBuffer samples, int from, int to) {
        Histogram[] histograms = NONE;
        if (samples.hasHistograms()) {
            histograms = new Histogram[to - from];
            for (int i = from; i < to; i++) {
                histograms[i - from] = samples.histogram(i);
            }
        }
        return new QueryValue.Series(
                labels,
                Arrays.copyOfRange(samples.timestampsMs(), from, to),
                Arrays.copyOfRange(samples.values(), from, to),
                histograms,
                to - from);
    }

    /** The raw samples under a range selector, or the steps of a subquery. */
    private QueryValue samples(Expr expr) throws QueryException {
        SeriesSource source = evaluator.source(expr, grid);
        RangeShape shape = evaluator.shape(Evaluator.bare(expr), grid);
        Query query = evaluator.query();
        List<QueryValue.Series> series = new ArrayList<>();
        Scratch scratch = query.takeScratch();
        for (int i = 0; i < source.size(); i++) {
            query.budget().check();
            source.read(i, scratch);
            SampleBuffer samples = scratch.samples();
            Windows windows = scratch.windows();
            windows.slide(samples, shape, scratch);
            int from = windows.from(0);
            int to = windows.to(0);
            if (to > from) {
                query.budget().hold(to - from);
                query.budget().look(to - from);
                Labels labels = source.dropsName(i) ? Names.drop(source.labels(i)) : source.labels(i);
                series.add(series(labels, samples, from, to));
            }
        }
        return new QueryValue.RangeVector(series);
    }
}
