package org.narthex.alert.rules;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.query.QueryEngine;
import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryStatistics;
import org.narthex.api.query.QueryTree;
import org.narthex.api.query.QueryValue;

/** Answers each expression with what the test said; other expressions are errors. */
final class FakeEngine implements QueryEngine {
    private final Map<String, QueryValue> answers = new HashMap<>();
    long lastTimeMs;
    Map<String, String> lastOrigin = Map.of();
    /** Told the time of each query before it is answered. */
    LongConsumer before = timeMs -> {};
    /** Those of expressions that have some. */
    final Map<String, List<List<Matcher>>> selectors = new HashMap<>();
    /** How many samples each query is said to look at. */
    long samples = 1;

    /** @param metricsAndValues label set, number, label set, number, … */
    void answer(String expression, Object... metricsAndValues) {
        Labels[] metrics = new Labels[metricsAndValues.length / 2];
        double[] values = new double[metrics.length];
        for (int i = 0; i < metrics.length; i++) {
            metrics[i] = (Labels) metricsAndValues[2 * i];
            values[i] = ((Number) metricsAndValues[2 * i + 1]).doubleValue();
        }
        answers.put(expression, new QueryValue.InstantVector(0, List.of(metrics), values));
    }

    void answer(String expression, Labels metric, Histogram histogram) {
        answers.put(
                expression,
                new QueryValue.InstantVector(
                        0, List.of(metric), new double[] {histogram.sum()}, new Histogram[] {histogram}));
    }

    void answerScalar(String expression, double value) {
        answers.put(expression, new QueryValue.Scalar(0, value));
    }

    @Override
    public QueryResult query(QueryRequest request) throws QueryException {
        lastTimeMs = request.startMs();
        lastOrigin = request.origin();
        before.accept(lastTimeMs);
        check(request.expression());
        return new QueryResult(
                answers.get(request.expression()), List.of(), List.of(), new QueryStatistics(0, 0, 0, samples, 0));
    }

    @Override
    public String check(String expression) throws QueryException {
        if (!answers.containsKey(expression)) {
            throw new QueryException(QueryException.Kind.BAD_DATA, "unknown expression " + expression);
        }
        return expression;
    }

    @Override
    public String format(String expression) {
        throw new UnsupportedOperationException();
    }

    @Override
    public QueryTree parse(String expression) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<List<Matcher>> selectors(String expression) {
        return selectors.getOrDefault(expression, List.of());
    }

    @Override
    public List<Matcher> parseSelector(String selector) {
        throw new UnsupportedOperationException();
    }
}
