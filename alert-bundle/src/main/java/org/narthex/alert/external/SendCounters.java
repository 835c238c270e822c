package org.narthex.alert.external;

import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** What sending to Alertmanagers counts, under Prometheus' names. Its lock guards all fields. */
final class SendCounters {
    private static final class Counts {
        private long sent;
        private long failed;
        private long dropped;
        private long requests;
        private double seconds;
        private int queued;
    }

    private final Map<String, Counts> byUrl = new TreeMap<>();

    private Counts of(URI url) {
        return byUrl.computeIfAbsent(url.toString(), key -> new Counts());
    }

    synchronized void sent(URI url, int alerts, double seconds) {
        Counts counts = of(url);
        counts.sent += alerts;
        counts.requests++;
        counts.seconds += seconds;
    }

    /** A batch that failed is dropped, too. */
    synchronized void failed(URI url, int alerts) {
        of(url).failed += alerts;
        of(url).dropped += alerts;
    }

    synchronized void dropped(URI url, int alerts) {
        of(url).dropped += alerts;
    }

    synchronized void queued(URI url, int alerts) {
        of(url).queued = alerts;
    }

    /** Forgets all others. */
    synchronized void retain(Collection<URI> urls) {
        byUrl.keySet().retainAll(urls.stream().map(URI::toString).toList());
    }

    synchronized void collect(MetricSink sink, int capacity, int discovered) {
        sink.gauge(
                "prometheus_notifications_alertmanagers_discovered",
                "The number of alertmanagers discovered and active.",
                discovered);
        sink.gauge(
                "prometheus_notifications_queue_capacity", "The capacity of the alert notifications queue.", capacity);
        if (byUrl.isEmpty()) {
            return;
        }
        family(sink, "sent_total", MetricType.COUNTER, "Total number of alerts sent.", counts -> counts.sent);
        family(
                sink,
                "errors_total",
                MetricType.COUNTER,
                "Total number of sent alerts affected by errors.",
                counts -> counts.failed);
        family(
                sink,
                "dropped_total",
                MetricType.COUNTER,
                "Total number of alerts dropped due to errors when sending to Alertmanager.",
                counts -> counts.dropped);
        family(
                sink,
                "queue_length",
                MetricType.GAUGE,
                "The number of alert notifications in the queue.",
                counts -> counts.queued);
        sink.family(
                "prometheus_notifications_latency_seconds",
                MetricType.SUMMARY,
                "Latency quantiles for sending alert notifications.");
        byUrl.forEach((url, counts) -> {
            sink.sample("prometheus_notifications_latency_seconds_sum", counts.seconds, "alertmanager", url);
            sink.sample(
                    "prometheus_notifications_latency_seconds_count", (double) counts.requests, "alertmanager", url);
        });
    }

    private void family(MetricSink sink, String name, MetricType type, String help, ToDoubleFunction<Counts> value) {
        String full = "prometheus_notifications_" + name;
        sink.family(full, type, help);
        byUrl.forEach((url, counts) -> sink.sample(full, value.applyAsDouble(counts), "alertmanager", url));
    }
}
