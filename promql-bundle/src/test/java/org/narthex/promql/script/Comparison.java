package org.narthex.promql.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryValue;
import org.narthex.promql.histogram.FloatHistogram;
import org.narthex.promql.script.ScriptRunner.Mismatch;

/** Compares results with what a script expects. */
final class Comparison {
    private Comparison() {}

    static void annotations(Command.Expected expected, QueryResult result) throws Mismatch {
        annotations("warnings", expected.warnings(), expected.noWarnings(), result.warnings());
        annotations("infos", expected.infos(), expected.noInfos(), result.infos());
    }

    private static void annotations(String what, List<Command.Text> wanted, boolean none, List<String> given)
            throws Mismatch {
        if (none && !given.isEmpty()) {
            throw new Mismatch("no " + what + " expected, got " + given);
        }
        if (wanted.isEmpty()) {
            return;
        }
        boolean all = !given.isEmpty()
                && wanted.stream().allMatch(text -> given.stream().anyMatch(text::fits))
                && given.stream().allMatch(text -> wanted.stream().anyMatch(w -> w.fits(text)));
        if (!all) {
            throw new Mismatch(what + " " + wanted + " expected, got " + given);
        }
    }

    static void instant(Command.Expected expected, QueryValue value) throws Mismatch {
        if (value instanceof QueryValue.Text text) {
            if (!expected.string().map(text.value()::equals).orElse(false)) {
                throw new Mismatch("got the string " + text.value());
            }
        } else if (value instanceof QueryValue.Scalar scalar) {
            if (expected.scalar().isEmpty()
                    || !ScriptRunner.equal(expected.scalar().get(), scalar.value())) {
                throw new Mismatch("scalar " + expected.scalar() + " expected, got " + scalar.value());
            }
        } else if (value instanceof QueryValue.InstantVector vector) {
            vector(expected, found(vector), expected.ordered());
        } else if (value instanceof QueryValue.RangeVector range) {
            if (expected.rangeVector().isEmpty()) {
                throw new Mismatch("got a range vector");
            }
            long[] times = expected.rangeVector().get();
            matrix(expected.series(), range, times[0], times[2]);
        }
    }

    /** An element of an instant vector; the histogram is null for a float. */
    private record Found(Labels metric, double value, Histogram histogram) {
        @Override
        public String toString() {
            return metric + " " + (histogram == null ? String.valueOf(value) : FloatHistogram.of(histogram));
        }
    }

    private static List<Found> found(QueryValue.InstantVector vector) {
        List<Found> found = new ArrayList<>();
        for (int i = 0; i < vector.metrics().size(); i++) {
            found.add(new Found(vector.metrics().get(i), vector.values()[i], vector.histogram(i)));
        }
        return found;
    }

    private static void vector(Command.Expected expected, List<Found> found, boolean ordered) throws Mismatch {
        if (expected.scalar().isPresent() || expected.string().isPresent()) {
            throw new Mismatch("got a vector");
        }
        if (found.size() != expected.series().size()) {
            throw new Mismatch(expected.series().size() + " series expected, got " + found);
        }
        for (int i = 0; i < expected.series().size(); i++) {
            SeriesLine line = expected.series().get(i);
            if (line.values().size() != 1 || line.values().get(0) == null) {
                throw new Mismatch("one value expected for " + line.metric());
            }
            Found at = ordered ? found.get(i) : null;
            for (Found candidate : found) {
                at = at == null && candidate.metric().equals(line.metric()) ? candidate : at;
            }
            if (at == null || !at.metric().equals(line.metric())) {
                throw new Mismatch("no " + line.metric() + " in " + found);
            }
            requireEqual(line.metric(), line.values().get(0), at.value(), at.histogram());
        }
    }

    private static void requireEqual(Labels metric, SeriesLine.Point wanted, double value, Histogram histogram)
            throws Mismatch {
        boolean same = (wanted.histogram() == null) == (histogram == null)
                && (histogram == null
                        ? ScriptRunner.equal(wanted.value(), value)
                        : ScriptRunner.equal(wanted, histogram));
        if (!same) {
            throw new Mismatch(metric + ": " + printed(wanted.value(), wanted.histogram()) + " expected, got "
                    + printed(value, histogram));
        }
    }

    private static String printed(double value, Histogram histogram) {
        return histogram == null
                ? String.valueOf(value)
                : FloatHistogram.of(histogram) + " schema " + histogram.schema() + " " + histogram.resetHint();
    }

    /** What an instant query at one step of the range query would have given. */
    static void atTime(Command.Expected expected, QueryValue value, long timeMs) throws Mismatch {
        List<QueryValue.Series> series = ((QueryValue.RangeVector) value).series();
        sorted(series);
        List<Found> found = new ArrayList<>();
        for (QueryValue.Series one : series) {
            for (int i = 0; i < one.size(); i++) {
                if (one.timestampsMs()[i] == timeMs) {
                    found.add(new Found(one.metric(), one.values()[i], one.histogram(i)));
                }
            }
        }
        if (expected.scalar().isPresent()) {
            if (found.isEmpty()
                    || !ScriptRunner.equal(expected.scalar().get(), found.get(0).value())) {
                throw new Mismatch("scalar " + expected.scalar() + " expected, got " + found);
            }
            return;
        }
        vector(expected, found, false);
    }

    static void matrix(Command.Eval eval, QueryValue value) throws Mismatch {
        if (eval.expected().ordered()) {
            throw new Mismatch("a range cannot be ordered");
        }
        QueryValue.RangeVector range = (QueryValue.RangeVector) value;
        sorted(range.series());
        matrix(eval.expected().series(), range, eval.startMs(), eval.stepMs());
    }

    private static void sorted(List<QueryValue.Series> series) throws Mismatch {
        for (int i = 1; i < series.size(); i++) {
            if (series.get(i - 1).metric().compareTo(series.get(i).metric()) >= 0) {
                throw new Mismatch("not sorted: " + series.get(i).metric());
            }
        }
    }

    private static void matrix(List<SeriesLine> expected, QueryValue.RangeVector range, long startMs, long stepMs)
            throws Mismatch {
        Map<Labels, QueryValue.Series> found = new HashMap<>();
        for (QueryValue.Series series : range.series()) {
            found.put(series.metric(), series);
        }
        if (found.size() != expected.size()) {
            throw new Mismatch(expected.size() + " series expected, got " + found.keySet());
        }
        for (SeriesLine line : expected) {
            QueryValue.Series series = found.get(line.metric());
            if (series == null) {
                throw new Mismatch("no " + line.metric() + " in " + found.keySet());
            }
            series(line, series, startMs, stepMs);
        }
    }

    private static void series(SeriesLine line, QueryValue.Series series, long startMs, long stepMs) throws Mismatch {
        int n = 0;
        for (int i = 0; i < line.values().size(); i++) {
            SeriesLine.Point wanted = line.values().get(i);
            if (wanted == null) {
                continue;
            }
            long time = startMs + i * stepMs;
            if (n >= series.size() || series.timestampsMs()[n] != time) {
                throw new Mismatch(line.metric() + ": no value at " + time + " ms");
            }
            requireEqual(line.metric(), wanted, series.values()[n], series.histogram(n));
            n++;
        }
        if (n != series.size()) {
            throw new Mismatch(line.metric() + ": " + n + " values expected, got " + series.size());
        }
    }
}
