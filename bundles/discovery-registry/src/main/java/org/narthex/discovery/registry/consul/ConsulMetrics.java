package org.narthex.discovery.registry.consul;

import org.narthex.api.scrape.MetricSink;

/** What Consul discovery counts about itself. Thread-safe. */
final class ConsulMetrics {
    private double failures;

    synchronized void failed() {
        failures++;
    }

    synchronized void writeTo(MetricSink sink) {
        sink.counter("prometheus_sd_consul_rpc_failures_total", "The number of Consul RPC call failures.", failures);
    }
}
