package org.narthex.promql.function;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryException;
import org.narthex.promql.eval.Absent;
import org.narthex.promql.eval.Evaluator;
import org.narthex.promql.eval.Grid;
import org.narthex.promql.eval.Kernel;
import org.narthex.promql.eval.Row;
import org.narthex.promql.eval.Rows;
import org.narthex.promql.eval.Value;
import org.narthex.promql.eval.Wanted;
import org.narthex.promql.parser.Expr;
import org.narthex.promql.parser.Signature;
import org.narthex.promql.parser.Span;
import org.narthex.promql.parser.ValueType;

/**
 * {@code info}: adds the labels of info series, such as {@code target_info}, to series with the same {@code instance} and {@code job}. Info series
 * are looked at as of the time the first selector of the base expression looks at.
 */
final class InfoFunction {
    private static final String INSTANCE = "instance";
    private static final String JOB = "job";

    private final Evaluator evaluator;
    private final Grid grid;
    private final List<Matcher> nameMatchers = new ArrayList<>();
    private final List<Matcher> dataMatchers = new ArrayList<>();
    private final Map<Labels, List<InfoSeries>> bySource = new HashMap<>();

    /** An info series: its values tell where it is there, its times which of two is the newer. */
    @SuppressWarnings("ArrayRecordComponent") // a column, compared by nobody
    private record InfoSeries(Labels labels, double[] times) {}

    private InfoFunction(Expr.Call call, Grid grid, Evaluator evaluator) {
        this.evaluator = evaluator;
        this.grid = grid;
        boolean positive = false;
        if (call.arguments().size() > 1) {
            for (Matcher matcher : ((Expr.VectorSelector) call.arguments().get(1)).matchers()) {
                boolean isName = matcher.name().equals(Labels.METRIC_NAME);
                (isName ? nameMatchers : dataMatchers).add(matcher);
                positive |= isName && isPositive(matcher);
            }
        }
        if (!positive) {
            nameMatchers.add(
                    nameMatchers.isEmpty()
                            ? Matcher.equal(Labels.METRIC_NAME, "target_info")
                            : Matcher.of(Matcher.Type.REGEX, Labels.METRIC_NAME, ".+_info"));
        }
    }

    static void addTo(Functions table) {
        table.add(
                Signature.of("info", ValueType.VECTOR, ValueType.VECTOR, ValueType.VECTOR)
                        .withVariadic(1)
                        .asExperimental(),
                new Kernel.General((call, grid, evaluator) -> new InfoFunction(call, grid, evaluator).evaluate(call)));
    }

    private static boolean isPositive(Matcher matcher) {
        return matcher.type() == Matcher.Type.EQUAL || matcher.type() == Matcher.Type.REGEX;
    }

    private Value evaluate(Expr.Call call) throws QueryException {
        Expr base = call.arguments().get(0);
        Rows rows = evaluator.rows(base, grid);
        select(InfoTime.of(base));
        Rows result = new Rows();
        for (int row = 0; row < rows.size(); row++) {
            evaluator.query().budget().check();
            Labels labels = rows.labels(row);
            if (nameMatchers.stream().allMatch(matcher -> matcher.matches(labels))) {
                // An info series itself.
                result.add(rows.labels(row), rows.dropsName(row), rows.row(row));
            } else {
                enrich(rows, row, result);
            }
        }
        return result.joined();
    }

    private static Labels source(Labels labels) {
        return labels.without(name -> !name.equals(INSTANCE) && !name.equals(JOB));
    }

    private void select(Expr.Shift shift) throws QueryException {
        List<Matcher> matchers = new ArrayList<>(nameMatchers);
        matchers.addAll(dataMatchers);
        Expr.VectorSelector selector = new Expr.VectorSelector("", matchers, Expr.Edges.PLAIN, shift, new Span(0, 0));
        Rows times = Rows.of(evaluator.select(selector, grid, Wanted.TIMES_OF_FLOATS), evaluator.query(), grid.steps());
        for (int row = 0; row < times.size(); row++) {
            bySource.computeIfAbsent(source(times.labels(row)), key -> new ArrayList<>())
                    .add(new InfoSeries(times.labels(row), times.values(row)));
        }
    }

    private void enrich(Rows rows, int row, Rows result) throws QueryException {
        Labels base = rows.labels(row);
        Labels key = source(base);
        List<InfoSeries> candidates = key.isEmpty() ? List.of() : bySource.getOrDefault(key, List.of());
        Row all = rows.row(row);
        // Which labels each step gives; steps with the same info series share one row.
        Map<List<Integer>, Row> byChoice = new LinkedHashMap<>();
        for (int step = 0; step < grid.steps(); step++) {
            if (!all.isAbsent(step)) {
                all.copyTo(byChoice.computeIfAbsent(choose(candidates, step), choice -> all.blank()), step);
            }
        }
        for (Map.Entry<List<Integer>, Row> entry : byChoice.entrySet()) {
            Labels labels = labels(base, candidates, entry.getKey());
            if (labels != null) {
                result.add(labels, rows.dropsName(row), entry.getValue().settled());
            }
        }
    }

    /** Of each info metric the series with the newest sample at the step. */
    private static List<Integer> choose(List<InfoSeries> candidates, int step) throws QueryException {
        Map<String, Integer> newest = new LinkedHashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            double time = candidates.get(i).times()[step];
            if (Absent.is(time)) {
                continue;
            }
            Integer other = newest.get(candidates.get(i).labels().metricName());
            double otherTime = other == null
                    ? Double.NEGATIVE_INFINITY
                    : candidates.get(other).times()[step];
            if (time == otherTime) {
                throw new QueryException(
                        QueryException.Kind.EXECUTION,
                        "found duplicate series for info metric: "
                                + candidates.get(other).labels() + " and "
                                + candidates.get(i).labels());
            }
            if (time > otherTime) {
                newest.put(candidates.get(i).labels().metricName(), i);
            }
        }
        return List.copyOf(newest.values());
    }

    /** The base labels with those of the chosen info series, or null if a matcher wants a label that none of them has. */
    private Labels labels(Labels base, List<InfoSeries> candidates, List<Integer> chosen) throws QueryException {
        Set<String> wanted = new HashSet<>();
        for (Matcher matcher : dataMatchers) {
            wanted.add(matcher.name());
            if (chosen.isEmpty() && !matcher.matchesEmpty()) {
                return null;
            }
        }
        Map<String, String> added = new HashMap<>();
        for (int i : chosen) {
            Labels info = candidates.get(i).labels();
            for (int l = 0; l < info.size(); l++) {
                String name = info.name(l);
                boolean ignored = name.equals(Labels.METRIC_NAME)
                        || base.has(name)
                        || (!wanted.isEmpty() && !wanted.contains(name));
                if (ignored) {
                    continue;
                }
                String other = added.putIfAbsent(name, info.value(l));
                if (other != null && !other.equals(info.value(l))) {
                    throw new QueryException(
                            QueryException.Kind.EXECUTION,
                            "conflicting label: " + name + " is " + other + " and " + info.value(l)
                                    + " in info series for " + base);
                }
            }
        }
        Labels.Builder builder = base.toBuilder();
        added.forEach(builder::set);
        return builder.build();
    }
}
