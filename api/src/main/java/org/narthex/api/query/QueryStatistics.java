package org.narthex.api.query;

/**
 * What a query cost.
 *
 * @param queueNanos time it waited for its turn
 * @param prepareNanos parsing, planning and selecting series
 * @param evaluateNanos evaluation
 * @param samples samples the expression looked at, counted once per evaluation time as Prometheus counts
 * @param peakSamples the most samples held in memory at once
 */
public record QueryStatistics(long queueNanos, long prepareNanos, long evaluateNanos, long samples, long peakSamples) {}
