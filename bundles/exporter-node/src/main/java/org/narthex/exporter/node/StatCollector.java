package org.narthex.exporter.node;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.scrape.MetricSink;

/** Boot time, interrupts, context switches, forks and running processes from {@code /proc/stat}. */
final class StatCollector implements Collector {
    private static final String FILE = "stat";

    private final KernelFiles proc;

    StatCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "stat";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        Map<String, Double> values = new HashMap<>();
        for (String line : proc.lines(FILE)) {
            // The first number is what counts; interrupts and softirqs go on with one per kind.
            int key = line.indexOf(' ');
            if (key > 0 && !line.startsWith("cpu")) {
                int end = line.indexOf(' ', key + 1);
                String number = line.substring(key + 1, end < 0 ? line.length() : end);
                values.put(line.substring(0, key), KernelFiles.number(FILE, number));
            }
        }
        for (String key : List.of("intr", "ctxt", "processes", "btime", "procs_running", "procs_blocked")) {
            if (!values.containsKey(key)) {
                throw new IOException(FILE + " has no line " + key);
            }
        }
        sink.counter("node_intr_total", "Total number of interrupts serviced.", values.get("intr"));
        sink.counter("node_context_switches_total", "Total number of context switches.", values.get("ctxt"));
        sink.counter("node_forks_total", "Total number of forks.", values.get("processes"));
        sink.gauge("node_boot_time_seconds", "Node boot time, in unixtime.", values.get("btime"));
        sink.gauge("node_procs_running", "Number of processes in runnable state.", values.get("procs_running"));
        sink.gauge(
                "node_procs_blocked",
                "Number of processes blocked waiting for I/O to complete.",
                values.get("procs_blocked"));
    }
}
