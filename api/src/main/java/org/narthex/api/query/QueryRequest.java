package org.narthex.api.query;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One question. All times are milliseconds since the epoch, both ends inclusive; {@code stepMs} 0 asks at {@code startMs} alone.
 *
 * @param expression PromQL
 * @param startMs the first evaluation time
 * @param endMs the last one, not before {@code startMs}; equal to it for an instant query
 * @param stepMs distance of evaluation times; 0 for an instant query
 * @param timeoutMs give up after so long; 0 for the engine's own limit, which also bounds greater values
 * @param lookbackMs how far back an instant selector looks; 0 for the engine's own setting
 * @param canceled set it from any thread to stop the evaluation
 * @param detail how much to tell about the evaluation
 * @param origin who asks, for the query log, as that shows it: {@code httpRequest.clientIP}, {@code ruleGroup.name} and the like
 */
public record QueryRequest(
        String expression,
        long startMs,
        long endMs,
        long stepMs,
        long timeoutMs,
        long lookbackMs,
        AtomicBoolean canceled,
        Detail detail,
        Map<String, String> origin) {
    /** How much an answer tells about how it was found. */
    public enum Detail {
        /** The total cost. */
        TOTAL,
        /** Samples per evaluation time as well. */
        STEPS,
        /** The cost of each part of the expression as well; measuring it makes the query a little slower. */
        PLAN
    }

    public QueryRequest {
        if (stepMs < 0 || endMs < startMs || (stepMs == 0 && startMs != endMs)) {
            throw new IllegalArgumentException(
                    "no such range: start " + startMs + ", end " + endMs + ", step " + stepMs);
        }
        origin = Map.copyOf(origin);
    }

    /** A request of nobody in particular that asks for no detail. */
    public QueryRequest(
            String expression,
            long startMs,
            long endMs,
            long stepMs,
            long timeoutMs,
            long lookbackMs,
            AtomicBoolean canceled) {
        this(expression, startMs, endMs, stepMs, timeoutMs, lookbackMs, canceled, Detail.TOTAL, Map.of());
    }

    public static QueryRequest instant(String expression, long timeMs) {
        return new QueryRequest(expression, timeMs, timeMs, 0, 0, 0, new AtomicBoolean());
    }

    public static QueryRequest range(String expression, long startMs, long endMs, long stepMs) {
        return new QueryRequest(expression, startMs, endMs, stepMs, 0, 0, new AtomicBoolean());
    }

    public QueryRequest withTimeout(long millis) {
        return new QueryRequest(expression, startMs, endMs, stepMs, millis, lookbackMs, canceled, detail, origin);
    }

    public QueryRequest withLookback(long millis) {
        return new QueryRequest(expression, startMs, endMs, stepMs, timeoutMs, millis, canceled, detail, origin);
    }

    public QueryRequest withDetail(Detail newDetail) {
        return new QueryRequest(expression, startMs, endMs, stepMs, timeoutMs, lookbackMs, canceled, newDetail, origin);
    }

    public QueryRequest withOrigin(Map<String, String> newOrigin) {
        return new QueryRequest(expression, startMs, endMs, stepMs, timeoutMs, lookbackMs, canceled, detail, newOrigin);
    }

    public boolean isInstant() {
        return stepMs == 0;
    }
}
