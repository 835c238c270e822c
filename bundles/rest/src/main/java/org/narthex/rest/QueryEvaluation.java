package org.narthex.rest;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.narthex.api.query.QueryException;
import org.narthex.api.query.QueryRequest;
import org.narthex.api.query.QueryResult;
import org.narthex.api.query.QueryValue;

/** What {@code query} and {@code query_range} answer. */
final class QueryEvaluation {
    private static final long MAX_POINTS = 11_000;

    private final LiveServices services;
    private final InstantSource clock;

    QueryEvaluation(LiveServices services, InstantSource clock) {
        this.services = services;
        this.clock = clock;
    }

    /**
     * Evaluates what the parameters ask for.
     *
     * @param origin who asks, for the query log
     * @param canceled set it to stop the evaluation
     * @throws ApiException if a parameter or the query is wrong, or it fails
     */
    StreamedAnswer answer(
            ApiParameters parameters, boolean isRange, Map<String, String> origin, AtomicBoolean canceled) {
        int limit = parameters.limit("limit");
        QueryRequest request =
                (isRange ? range(parameters, canceled) : instant(parameters, canceled)).withOrigin(origin);
        return evaluate(parameters, request, limit);
    }

    private QueryRequest instant(ApiParameters parameters, AtomicBoolean canceled) {
        long timeMs = parameters.time("time", clock.millis());
        return request(parameters, timeMs, timeMs, 0, canceled);
    }

    private static QueryRequest range(ApiParameters parameters, AtomicBoolean canceled) {
        long startMs = parameters.time("start");
        long endMs = parameters.time("end");
        if (endMs < startMs) {
            throw ApiException.badParameter("end", "end timestamp must not be before start time");
        }
        long stepMs = parameters.duration("step");
        if (stepMs <= 0) {
            throw ApiException.badParameter(
                    "step", "zero or negative query resolution step widths are not accepted. Try a positive integer");
        }
        long spanMs = endMs - startMs;
        // The widest spans do not fit and turn negative.
        if (spanMs < 0 || spanMs / stepMs > MAX_POINTS) {
            throw new ApiException(
                    ErrorType.BAD_DATA,
                    "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)");
        }
        return request(parameters, startMs, endMs, stepMs, canceled);
    }

    private static QueryRequest request(
            ApiParameters parameters, long startMs, long endMs, long stepMs, AtomicBoolean canceled) {
        return new QueryRequest(
                parameters.text("query"),
                startMs,
                endMs,
                stepMs,
                positive(parameters, "timeout"),
                positive(parameters, "lookback_delta"),
                canceled,
                detail(parameters),
                Map.of());
    }

    private StreamedAnswer evaluate(ApiParameters parameters, QueryRequest request, int limit) {
        try {
            if (parameters.text("explain").equals("true")) {
                return new PlanAnswer(services.queryEngine.required().explain(request));
            }
            QueryResult result = services.queryEngine.required().query(request);
            return new QueryAnswer(
                    limited(result, limit), !parameters.text("stats").isEmpty(), request);
        } catch (QueryException e) {
            throw ApiException.of(e);
        }
    }

    private static QueryRequest.Detail detail(ApiParameters parameters) {
        if (parameters.text("analyze").equals("true")) {
            return QueryRequest.Detail.PLAN;
        }
        return parameters.text("stats").equals("all") ? QueryRequest.Detail.STEPS : QueryRequest.Detail.TOTAL;
    }

    private static long positive(ApiParameters parameters, String name) {
        return Math.max(0, parameters.optionalDuration(name));
    }

    private static QueryResult limited(QueryResult result, int limit) {
        QueryValue cut = null;
        if (limit == 0) {
            return result;
        } else if (result.value() instanceof QueryValue.InstantVector vector
                && vector.metrics().size() > limit) {
            cut = new QueryValue.InstantVector(
                    vector.timestampMs(),
                    vector.metrics().subList(0, limit),
                    Arrays.copyOf(vector.values(), limit),
                    Arrays.copyOf(vector.histograms(), vector.histograms().length == 0 ? 0 : limit));
        } else if (result.value() instanceof QueryValue.RangeVector matrix
                && matrix.series().size() > limit) {
            cut = new QueryValue.RangeVector(matrix.series().subList(0, limit));
        }
        if (cut == null) {
            return result;
        }
        List<String> warnings = new ArrayList<>(result.warnings());
        warnings.add(Envelope.TRUNCATED);
        return new QueryResult(cut, warnings, result.infos(), result.statistics(), result.plan());
    }
}
