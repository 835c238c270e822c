package org.narthex.promql.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.Labels;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryValue;
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
            vector(expected, vector.metrics(), vector.values(), expected.ordered());
        } else if (value instanceof QueryValue.RangeVector range) {
            if (expected.rangeVector().isEmpty()) {
                throw new Mismatch("got a range vector");
            }
            long[] times = expected.rangeVector().get();
            matrix(expected.series(), range, times[0], times[2]);
        }
    }

    private static void vector(Command.Expected expected, List<Labels> metrics, double[] values, boolean ordered)
            throws Mismatch {
        if (expected.scalar().isPresent() || expected.string().isPresent()) {
            throw new Mismatch("got a vector");
        }
        if (metrics.size() != expected.series().size()) {
            throw new Mismatch(expected.series().size() + " series expected, got " + printed(metrics, values));
        }
        for (int i = 0; i < expected.series().size(); i++) {
            SeriesLine line = expected.series().get(i);
            if (line.hasHistograms()
                    || line.values().size() != 1
                    || line.values().get(0) == null) {
                throw new Mismatch("a histogram is expected for " + line.metric());
            }
            int at = ordered ? i : metrics.indexOf(line.metric());
            if (at < 0 || !metrics.get(at).equals(line.metric())) {
                throw new Mismatch("no " + line.metric() + " in " + printed(metrics, values));
            }
            if (!ScriptRunner.equal(line.values().get(0), values[at])) {
                throw new Mismatch(line.metric() + ": " + line.values().get(0) + " expected, got " + values[at]);
            }
        }
    }

    private static String printed(List<Labels> metrics, double[] values) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < metrics.size() && i < 20; i++) {
            all.add(metrics.get(i) + " " + values[i]);
        }
        return all.toString();
    }

    /** What an instant query at one step of the range query would have given. */
    static void atTime(Command.Expected expected, QueryValue value, long timeMs) throws Mismatch {
        List<QueryValue.Series> series = ((QueryValue.RangeVector) value).series();
        sorted(series);
        List<Labels> metrics = new ArrayList<>();
        List<Double> found = new ArrayList<>();
        for (QueryValue.Series one : series) {
            for (int i = 0; i < one.size(); i++) {
                if (one.timestampsMs()[i] == timeMs) {
                    metrics.add(one.metric());
                    found.add(one.values()[i]);
                }
            }
        }
        double[] values = found.stream().mapToDouble(Double::doubleValue).toArray();
        if (expected.scalar().isPresent()) {
            if (values.length == 0 || !ScriptRunner.equal(expected.scalar().get(), values[0])) {
                throw new Mismatch("scalar " + expected.scalar() + " expected, got " + printed(metrics, values));
            }
            return;
        }
        vector(expected, metrics, values, false);
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
            if (line.hasHistograms()) {
                throw new Mismatch("histograms are expected for " + line.metric());
            }
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
            Double wanted = line.values().get(i);
            if (wanted == null) {
                continue;
            }
            long time = startMs + i * stepMs;
            if (n >= series.size() || series.timestampsMs()[n] != time) {
                throw new Mismatch(line.metric() + ": no value at " + time + " ms");
            }
            if (!ScriptRunner.equal(wanted, series.values()[n])) {
                throw new Mismatch(
                        line.metric() + " at " + time + " ms: " + wanted + " expected, got " + series.values()[n]);
            }
            n++;
        }
        if (n != series.size()) {
            throw new Mismatch(line.metric() + ": " + n + " values expected, got " + series.size());
        }
    }
}
