package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.scrape.MetricSink;

/** How long tasks ran and waited on each CPU, from {@code /proc/schedstat}. */
final class SchedstatCollector implements Collector {
    private static final String FILE = "schedstat";
    private static final int LAST_COLUMN = 9;
    private static final double NANOS = 1e9;

    private final KernelFiles proc;

    SchedstatCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return FILE;
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        for (String line : proc.source(FILE).lines().toList()) {
            List<String> words = KernelFiles.words(line);
            if (!line.startsWith("cpu") || words.size() <= LAST_COLUMN) {
                continue;
            }
            String cpu = words.get(0).substring("cpu".length());
            sink.counter(
                    "node_schedstat_running_seconds_total",
                    "Number of seconds CPU spent running a process.",
                    KernelFiles.number(FILE, words.get(7)) / NANOS,
                    "cpu",
                    cpu);
            sink.counter(
                    "node_schedstat_waiting_seconds_total",
                    "Number of seconds spent by processing waiting for this CPU.",
                    KernelFiles.number(FILE, words.get(8)) / NANOS,
                    "cpu",
                    cpu);
            sink.counter(
                    "node_schedstat_timeslices_total",
                    "Number of timeslices executed by CPU.",
                    KernelFiles.number(FILE, words.get(LAST_COLUMN)),
                    "cpu",
                    cpu);
        }
    }
}
