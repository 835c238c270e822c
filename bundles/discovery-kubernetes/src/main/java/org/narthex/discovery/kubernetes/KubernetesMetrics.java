package org.narthex.discovery.kubernetes;

import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** What Kubernetes discovery counts about itself. Thread-safe. */
final class KubernetesMetrics {
    private record Kind(String role, String event) implements Comparable<Kind> {
        @Override
        public int compareTo(Kind other) {
            int byRole = role.compareTo(other.role);
            return byRole == 0 ? event.compareTo(other.event) : byRole;
        }
    }

    private final Map<Kind, Double> events = new TreeMap<>();
    private double failures;

    synchronized void event(String role, String event) {
        events.merge(new Kind(role, event), 1.0, Double::sum);
    }

    synchronized void failed() {
        failures++;
    }

    synchronized void writeTo(MetricSink sink) {
        sink.counter("prometheus_sd_kubernetes_failures_total", "The number of failed WATCH/LIST requests.", failures);
        if (!events.isEmpty()) {
            String name = "prometheus_sd_kubernetes_events_total";
            sink.family(name, MetricType.COUNTER, "The number of Kubernetes events handled.");
            events.forEach((kind, count) -> sink.sample(name, count, "role", kind.role(), "event", kind.event()));
        }
    }
}
