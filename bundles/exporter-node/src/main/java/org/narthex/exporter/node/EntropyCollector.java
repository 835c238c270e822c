package org.narthex.exporter.node;

import java.io.IOException;

import org.narthex.api.scrape.MetricSink;

/** The kernel's source of random numbers, from {@code /proc/sys/kernel/random}. */
final class EntropyCollector implements Collector {
    private final KernelFiles proc;

    EntropyCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "entropy";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        sink.gauge(
                "node_entropy_available_bits",
                "Bits of available entropy.",
                proc.number("sys/kernel/random/entropy_avail"));
        sink.gauge("node_entropy_pool_size_bits", "Bits of entropy pool.", proc.number("sys/kernel/random/poolsize"));
    }
}
