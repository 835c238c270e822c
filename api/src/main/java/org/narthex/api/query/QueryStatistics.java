package org.narthex.api.query;

import java.util.List;

/**
 * What a query cost.
 *
 * @param queueNanos time it waited for its turn
 * @param prepareNanos parsing, planning and selecting series
 * @param evaluateNanos evaluation
 * @param samples samples the expression looked at, counted once per evaluation time as Prometheus counts
 * @param peakSamples the most samples held in memory at once
 * @param peakBytes about how much memory it took at most
 * @param samplesPerStep samples looked at per evaluation time; empty unless asked for
 */
public record QueryStatistics(
        long queueNanos,
        long prepareNanos,
        long evaluateNanos,
        long samples,
        long peakSamples,
        long peakBytes,
        List<Long> samplesPerStep) {
    public QueryStatistics {
        samplesPerStep = List.copyOf(samplesPerStep);
    }

    public QueryStatistics(long queueNanos, long prepareNanos, long evaluateNanos, long samples, long peakSamples) {
        this(queueNanos, prepareNanos, evaluateNanos, samples, peakSamples, 0, List.of());
    }
}
