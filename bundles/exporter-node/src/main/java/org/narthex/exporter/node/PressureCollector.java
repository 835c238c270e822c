package org.narthex.exporter.node;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.scrape.MetricSink;

/** How long tasks waited for CPU, I/O and memory, from {@code /proc/pressure}. */
final class PressureCollector implements Collector {
    private static final double MICROS = 1e6;

    private final KernelFiles proc;

    PressureCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "pressure";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        for (String resource : new String[] {"cpu", "io", "memory"}) {
            texts.put(resource, proc.text("pressure/" + resource));
        }
        double cpu = total(texts, "cpu", "some");
        double ioWaiting = total(texts, "io", "some");
        double ioStalled = total(texts, "io", "full");
        double memoryWaiting = total(texts, "memory", "some");
        double memoryStalled = total(texts, "memory", "full");
        sink.counter(
                "node_pressure_cpu_waiting_seconds_total",
                "Total time in seconds that processes have waited for CPU time",
                cpu);
        sink.counter(
                "node_pressure_io_waiting_seconds_total",
                "Total time in seconds that processes have waited due to IO congestion",
                ioWaiting);
        sink.counter(
                "node_pressure_io_stalled_seconds_total",
                "Total time in seconds no process could make progress due to IO congestion",
                ioStalled);
        sink.counter(
                "node_pressure_memory_waiting_seconds_total",
                "Total time in seconds that processes have waited for memory",
                memoryWaiting);
        sink.counter(
                "node_pressure_memory_stalled_seconds_total",
                "Total time in seconds no process could make progress due to memory congestion",
                memoryStalled);
    }

    /** Seconds, of a line like {@code some avg10=0.00 avg60=0.00 avg300=0.00 total=1234}. */
    private static double total(Map<String, String> texts, String resource, String kind) throws IOException {
        String file = "pressure/" + resource;
        for (String line : texts.get(resource).lines().toList()) {
            int total = line.indexOf("total=");
            if (line.startsWith(kind) && total > 0) {
                return KernelFiles.number(file, line.substring(total + "total=".length())) / MICROS;
            }
        }
        throw new IOException(file + " has no line " + kind);
    }
}
