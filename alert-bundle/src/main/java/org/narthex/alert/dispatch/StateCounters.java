package org.narthex.alert.dispatch;

import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** How often what is known is asked for and tidied up, under Alertmanager's names. Its lock guards all fields. */
final class StateCounters {
    private final Map<String, Long> limited = new TreeMap<>();
    private long limit;
    private long accepted;
    private long acceptNanos;
    private long logQueries;
    private long silenceQueries;
    private long cleanups;
    private long logCleanupNanos;
    private long silenceCleanupNanos;
    private long commits;
    private long commitNanos;

    synchronized void accepted(int alerts, long nanos) {
        accepted += alerts;
        acceptNanos += nanos;
    }

    /** So many alerts of one name are taken; 0 for any number. */
    synchronized void limit(long alertsPerName) {
        limit = alertsPerName;
    }

    /**
     * An alert above that was not taken.
     *
     * @param name empty if names are not told apart
     */
    synchronized void limited(String name) {
        limited.merge(name, 1L, Long::sum);
    }

    synchronized void logQuery() {
        logQueries++;
    }

    synchronized void silenceQuery() {
        silenceQueries++;
    }

    /** What is over was forgotten: entries of the log, and silences. */
    synchronized void cleanup(long logNanos, long silenceNanos) {
        cleanups++;
        logCleanupNanos += logNanos;
        silenceCleanupNanos += silenceNanos;
    }

    /** All that changed was written. */
    synchronized void commit(long nanos) {
        commits++;
        commitNanos += nanos;
    }

    synchronized void collect(MetricSink sink) {
        summary(
                sink,
                "alertmanager_dispatcher_alert_processing_duration_seconds",
                "Summary of latencies for the processing of alerts.",
                accepted,
                acceptNanos);
        sink.gauge("alertmanager_alerts_per_alert_limit", "Current limit on number of alerts per alert name", (double)
                limit);
        sink.family(
                "alertmanager_alerts_limited_total",
                MetricType.COUNTER,
                "Total number of alerts that were dropped due to per alert name limit");
        if (limited.isEmpty()) {
            sink.sample("alertmanager_alerts_limited_total", 0);
        }
        limited.forEach((name, alerts) -> {
            String[] labels = name.isEmpty() ? new String[0] : new String[] {"alertname", name};
            sink.sample("alertmanager_alerts_limited_total", (double) alerts, labels);
        });
        store(sink, "nflog", "notification log", logQueries, logCleanupNanos);
        store(sink, "silences", "silence", silenceQueries, silenceCleanupNanos);
        summary(
                sink,
                "narthex_alert_commit_duration_seconds",
                "How long it takes to have changes of the alert state on disk.",
                commits,
                commitNanos);
    }

    private void store(MetricSink sink, String store, String what, long queries, long cleanupNanos) {
        String prefix = "alertmanager_" + store;
        sink.counter(prefix + "_queries_total", "How many " + what + " queries were received.", (double) queries);
        sink.counter(
                prefix + "_maintenance_total", "How many maintenances were executed for the " + what + "s.", (double)
                        cleanups);
        summary(
                sink,
                prefix + "_gc_duration_seconds",
                "Duration of the last " + what + " garbage collection cycle.",
                cleanups,
                cleanupNanos);
    }

    private static void summary(MetricSink sink, String name, String help, long count, long nanos) {
        sink.family(name, MetricType.SUMMARY, help);
        sink.sample(name + "_sum", nanos / 1e9);
        sink.sample(name + "_count", (double) count);
    }
}
