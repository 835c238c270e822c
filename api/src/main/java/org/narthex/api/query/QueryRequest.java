package org.narthex.api.query;

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
 */
public record QueryRequest(
        String expression,
        long startMs,
        long endMs,
        long stepMs,
        long timeoutMs,
        long lookbackMs,
        AtomicBoolean canceled) {
    public QueryRequest {
        if (stepMs < 0 || endMs < startMs || (stepMs == 0 && startMs != endMs)) {
            throw new IllegalArgumentException(
                    "no such range: start " + startMs + ", end " + endMs + ", step " + stepMs);
        }
    }

    public static QueryRequest instant(String expression, long timeMs) {
        return new QueryRequest(expression, timeMs, timeMs, 0, 0, 0, new AtomicBoolean());
    }

    public static QueryRequest range(String expression, long startMs, long endMs, long stepMs) {
        return new QueryRequest(expression, startMs, endMs, stepMs, 0, 0, new AtomicBoolean());
    }

    public QueryRequest withTimeout(long millis) {
        return new QueryRequest(expression, startMs, endMs, stepMs, millis, lookbackMs, canceled);
    }

    public QueryRequest withLookback(long millis) {
        return new QueryRequest(expression, startMs, endMs, stepMs, timeoutMs, millis, canceled);
    }

    public boolean isInstant() {
        return stepMs == 0;
    }
}
