package org.narthex.exporter.node;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Boot time, interrupts, context switches, forks and running processes from {@code /proc/stat}. */
final class StatCollector implements Collector {
    private static final String FILE = "stat";

    private static final String[] VECTORS = {
        "hi", "timer", "net_tx", "net_rx", "block", "block_iopoll", "tasklet", "sched", "hrtimer", "rcu"
    };

    private final KernelFiles proc;
    private final boolean softirqs;

    /** @param softirqs whether soft interrupts are written by kind */
    StatCollector(KernelFiles proc, boolean softirqs) {
        this.proc = proc;
        this.softirqs = softirqs;
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
                if (softirqs && line.startsWith("softirq ")) {
                    softirqs(sink, KernelFiles.words(line));
                }
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

    /** After the word comes their sum, then one number per kind. */
    private static void softirqs(MetricSink sink, List<String> words) throws IOException {
        sink.family("node_softirqs_total", MetricType.COUNTER, "Number of softirq calls.");
        for (int i = 0; i < VECTORS.length && i + 2 < words.size(); i++) {
            double calls = KernelFiles.number(FILE, words.get(i + 2));
            sink.sample("node_softirqs_total", calls, "vector", VECTORS[i]);
        }
    }
}
