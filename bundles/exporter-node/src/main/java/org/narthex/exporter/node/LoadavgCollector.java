package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.scrape.MetricSink;

/** The load averages from {@code /proc/loadavg}. */
final class LoadavgCollector implements Collector {
    private static final String FILE = "loadavg";

    private final KernelFiles proc;

    LoadavgCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "loadavg";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        List<String> words = KernelFiles.words(proc.text(FILE));
        if (words.size() < 3) {
            throw new IOException(FILE + " holds less than three numbers");
        }
        double load1 = KernelFiles.number(FILE, words.get(0));
        double load5 = KernelFiles.number(FILE, words.get(1));
        double load15 = KernelFiles.number(FILE, words.get(2));
        sink.gauge("node_load1", "1m load average.", load1);
        sink.gauge("node_load5", "5m load average.", load5);
        sink.gauge("node_load15", "15m load average.", load15);
    }
}
