package org.narthex.promql;

import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.model.MetricType;
import org.narthex.api.query.QueryStatistics;
import org.narthex.api.scrape.MetricSink;
import org.narthex.promql.eval.MemoryPool;

/** What the engine tells about itself, in Prometheus' names. Thread-safe. */
final class EngineMetrics {
    private static final String DURATION = "prometheus_engine_query_duration_seconds";

    private final LongAdder queries = new LongAdder();
    private final LongAdder samples = new LongAdder();
    private final LongAdder queueNanos = new LongAdder();
    private final LongAdder prepareNanos = new LongAdder();
    private final LongAdder evaluateNanos = new LongAdder();

    void add(QueryStatistics statistics) {
        queries.increment();
        samples.add(statistics.samples());
        queueNanos.add(statistics.queueNanos());
        prepareNanos.add(statistics.prepareNanos());
        evaluateNanos.add(statistics.evaluateNanos());
    }

    void collect(MetricSink sink, QueryGate gate, MemoryPool memory, boolean logging, long logFailures) {
        sink.gauge(
                "prometheus_engine_queries",
                "The current number of queries being executed or waiting.",
                gate.runningOrWaiting());
        sink.gauge("prometheus_engine_queries_concurrent_max", "The max number of concurrent queries.", gate.size());
        sink.gauge("narthex_engine_query_bytes", "Memory that queries hold at present.", (double) memory.heldBytes());
        sink.gauge(
                "narthex_engine_query_max_bytes", "Most memory of all queries together.", (double) memory.maxBytes());
        sink.gauge("prometheus_engine_query_log_enabled", "State of the query log.", logging ? 1 : 0);
        sink.counter("prometheus_engine_query_log_failures_total", "The number of query log failures.", (double)
                logFailures);
        sink.counter(
                "prometheus_engine_query_samples_total", "The total number of samples loaded by all queries.", (double)
                        samples.sum());
        sink.family(DURATION, MetricType.SUMMARY, "Query timings");
        slice(sink, "queue_time", queueNanos);
        slice(sink, "prepare_time", prepareNanos);
        slice(sink, "inner_eval", evaluateNanos);
    }

    private void slice(MetricSink sink, String name, LongAdder nanos) {
        sink.sample(DURATION + "_sum", nanos.sum() / 1e9, "slice", name);
        sink.sample(DURATION + "_count", (double) queries.sum(), "slice", name);
    }
}
