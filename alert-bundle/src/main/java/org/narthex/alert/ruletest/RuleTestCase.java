package org.narthex.alert.ruletest;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.narthex.alert.rules.RuleReplay;
import org.narthex.api.alert.RuleStates;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryValue;
import org.narthex.api.storage.SampleBatch;

/** One test of a file. */
final class RuleTestCase {
    private final ConfigNode test;
    private final List<RuleGroup> groups;
    private final long evaluationIntervalMs;
    private final boolean fuzzy;
    private final Laboratory laboratory;
    private final List<String> failures = new ArrayList<>();
    private long startMs;

    RuleTestCase(
            ConfigNode test, List<RuleGroup> groups, long evaluationIntervalMs, boolean fuzzy, Laboratory laboratory) {
        this.test = test;
        this.groups = groups;
        this.evaluationIntervalMs = evaluationIntervalMs;
        this.fuzzy = fuzzy;
        this.laboratory = laboratory;
    }

    /** What failed. */
    List<String> run() throws ConfigException {
        test.onlyKeys(
                "name",
                "interval",
                "start_timestamp",
                "input_series",
                "alert_rule_test",
                "promql_expr_test",
                "external_labels",
                "external_url");
        startMs = start();
        try {
            load();
        } catch (IOException | QueryException | IllegalArgumentException e) {
            return List.of(e.getMessage());
        }
        evaluate();
        for (ConfigNode expression : test.list("promql_expr_test")) {
            expression(expression);
        }
        return failures;
    }

    private long start() throws ConfigException {
        String text = test.string("start_timestamp", "0");
        try {
            return text.matches("-?[0-9.]+")
                    ? Math.round(Double.parseDouble(text) * 1000)
                    : OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | NumberFormatException e) {
            throw test.require("start_timestamp").error("not a time: " + text);
        }
    }

    private void load() throws ConfigException, IOException, QueryException {
        long intervalMs = test.durationMs("interval", evaluationIntervalMs);
        TreeMap<Long, SampleBatch> batches = new TreeMap<>();
        for (ConfigNode series : test.list("input_series")) {
            series.onlyKeys("series", "values");
            Labels labels = labels(series.require("series").text());
            long timeMs = startMs;
            for (SeriesValues.Value value :
                    SeriesValues.parse(series.require("values").text())) {
                SampleBatch batch = batches.computeIfAbsent(timeMs, time -> new SampleBatch());
                if (!value.omitted() && value.histogram() != null) {
                    batch.add(labels, SampleBatch.NO_REF, timeMs, value.histogram());
                } else if (!value.omitted()) {
                    batch.add(labels, timeMs, value.number());
                }
                timeMs += intervalMs;
            }
        }
        for (SampleBatch batch : batches.values()) {
            laboratory.storage().append(batch);
        }
    }

    /** Labels written as a selector. */
    private Labels labels(String text) throws QueryException {
        if (text.isBlank() || text.strip().equals("{}")) {
            return Labels.EMPTY;
        }
        Labels.Builder labels = Labels.builder();
        for (Matcher matcher : laboratory.engine().parseSelector(text)) {
            if (matcher.type() != Matcher.Type.EQUAL) {
                throw new IllegalArgumentException("only = may be used to write a series: " + text);
            }
            labels.set(matcher.name(), matcher.value());
        }
        return labels.build();
    }

    /** Evaluates the rules from the start to the last time that something is expected at, and compares alerts on the way. */
    private void evaluate() throws ConfigException {
        TreeMap<Long, List<ConfigNode>> expected = new TreeMap<>();
        long endMs = startMs;
        for (ConfigNode alert : test.list("alert_rule_test")) {
            alert.onlyKeys("eval_time", "alertname", "exp_alerts");
            if (alert.string("alertname", "").isEmpty()) {
                throw alert.error("an item under alert_rule_test misses required attribute alertname");
            }
            long timeMs = startMs + alert.durationMs("eval_time", 0);
            expected.computeIfAbsent(timeMs, time -> new ArrayList<>()).add(alert);
            endMs = Math.max(endMs, timeMs);
        }
        for (ConfigNode expression : test.list("promql_expr_test")) {
            endMs = Math.max(endMs, startMs + expression.durationMs("eval_time", 0));
        }
        RuleReplay replay = new RuleReplay(
                groups,
                laboratory.storage(),
                laboratory.engine(),
                Labels.of(test.stringMap("external_labels")),
                test.string("external_url", ""));
        for (long timeMs = startMs; timeMs <= endMs; timeMs += evaluationIntervalMs) {
            List<String> errors = replay.evaluate(timeMs);
            for (String error : errors) {
                failures.add(error + ", time: " + time(timeMs));
            }
            if (!errors.isEmpty()) {
                return;
            }
            // What is asked for before the next evaluation is as it is now.
            for (List<ConfigNode> due :
                    expected.subMap(timeMs, timeMs + evaluationIntervalMs).values()) {
                for (ConfigNode alert : due) {
                    alerts(alert, replay.alerts());
                }
            }
        }
    }

    private String time(long timeMs) {
        return (timeMs - startMs) / 1000.0 + "s";
    }

    private void alerts(ConfigNode expected, List<RuleStates.Alerting> rules) throws ConfigException {
        String name = expected.require("alertname").text();
        Set<String> wanted = new TreeSet<>();
        for (ConfigNode alert : expected.list("exp_alerts")) {
            alert.onlyKeys("exp_labels", "exp_annotations");
            Labels labels = Labels.of(alert.stringMap("exp_labels")).toBuilder()
                    .set("alertname", name)
                    .build();
            wanted.add("Labels:" + labels + " Annotations:" + Labels.of(alert.stringMap("exp_annotations")));
        }
        Set<String> found = new TreeSet<>();
        for (RuleStates.Alerting rule : rules) {
            for (RuleStates.ActiveAlert alert : rule.alerts()) {
                if (rule.name().equals(name) && alert.state() == RuleStates.State.FIRING) {
                    found.add("Labels:" + alert.labels() + " Annotations:" + alert.annotations());
                }
            }
        }
        if (!wanted.equals(found)) {
            failures.add("alertname: " + name + ", time: " + expected.string("eval_time", "0") + ", exp:" + wanted
                    + ", got:" + found);
        }
    }

    /** A sample that was found or is expected; one of the two kinds of value. */
    private record Found(Labels labels, double value, Histogram histogram) {
        @Override
        public String toString() {
            return labels + " " + (histogram == null ? String.valueOf(value) : histogram);
        }
    }

    private void expression(ConfigNode node) throws ConfigException {
        node.onlyKeys("expr", "eval_time", "exp_samples");
        String expression = node.require("expr").text();
        long timeMs = startMs + node.durationMs("eval_time", 0);
        String where = "expr: \"" + expression + "\", time: " + node.string("eval_time", "0") + ", ";
        List<Found> wanted = new ArrayList<>();
        List<Found> found;
        try {
            for (ConfigNode sample : node.list("exp_samples")) {
                sample.onlyKeys("labels", "value", "histogram");
                String histogram = sample.string("histogram", "");
                wanted.add(new Found(
                        labels(sample.string("labels", "")),
                        histogram.isEmpty() ? number(sample.string("value", "0")) : 0,
                        histogram.isEmpty() ? null : SeriesValues.histogram(histogram)));
            }
            found = query(expression, timeMs);
        } catch (QueryException | IllegalArgumentException e) {
            failures.add(where + "err: " + e.getMessage());
            return;
        }
        Comparator<Found> order = Comparator.comparing(Found::labels);
        wanted.sort(order);
        found.sort(order);
        boolean same = wanted.size() == found.size();
        for (int i = 0; same && i < wanted.size(); i++) {
            same = same(wanted.get(i), found.get(i));
        }
        if (!same) {
            failures.add(where + "exp: " + wanted + ", got: " + found);
        }
    }

    private static double number(String text) {
        return SeriesValues.parse(text).get(0).number();
    }

    private List<Found> query(String expression, long timeMs) throws QueryException {
        QueryValue value = laboratory
                .engine()
                .query(QueryRequest.instant(expression, timeMs))
                .value();
        if (value instanceof QueryValue.Scalar scalar) {
            return new ArrayList<>(Collections.singletonList(new Found(Labels.EMPTY, scalar.value(), null)));
        }
        List<Found> found = new ArrayList<>();
        if (value instanceof QueryValue.InstantVector vector) {
            for (int i = 0; i < vector.metrics().size(); i++) {
                found.add(new Found(vector.metrics().get(i), vector.values()[i], vector.histogram(i)));
            }
            return found;
        }
        throw new IllegalArgumentException("the result is neither a vector nor a number");
    }

    private boolean same(Found wanted, Found found) {
        if (!wanted.labels().equals(found.labels()) || (wanted.histogram() == null) != (found.histogram() == null)) {
            return false;
        }
        if (wanted.histogram() != null) {
            // Whether a counter was reset is known to the storage, not to who writes the test.
            return wanted.histogram().equalsIgnoringHint(found.histogram());
        }
        double a = wanted.value();
        double b = found.value();
        boolean equal = Double.compare(a, b) == 0 || a == b || (Double.isNaN(a) && Double.isNaN(b));
        // Neighbours are near enough for those who want it so.
        return equal || (fuzzy && (Math.nextDown(a) == b || Math.nextUp(a) == b));
    }
}
