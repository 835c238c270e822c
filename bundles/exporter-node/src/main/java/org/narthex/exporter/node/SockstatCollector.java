package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.scrape.MetricSink;

/** Sockets in use by protocol, from {@code /proc/net/sockstat} and {@code sockstat6}. */
final class SockstatCollector implements Collector {
    private final KernelFiles proc;
    private final double pageBytes;

    SockstatCollector(KernelFiles proc, double pageBytes) {
        this.proc = proc;
        this.pageBytes = pageBytes;
    }

    @Override
    public String name() {
        return "sockstat";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        write(sink, "net/sockstat", "Number of IPv4 sockets in use.");
        if (proc.file("net/sockstat6").exists()) {
            write(sink, "net/sockstat6", "Number of IPv6 sockets in use.");
        }
    }

    /** Lines like {@code TCP: inuse 4 orphan 0}. */
    private void write(MetricSink sink, String file, String usedHelp) throws IOException {
        for (String line : proc.lines(file)) {
            List<String> words = KernelFiles.words(line);
            for (int i = 1; i + 1 < words.size(); i += 2) {
                String protocol = words.get(0).replace(":", "");
                String key = words.get(i);
                double value = KernelFiles.number(file, words.get(i + 1));
                if (protocol.equals("sockets")) {
                    sink.gauge("node_sockstat_sockets_used", usedHelp, value);
                    continue;
                }
                gauge(sink, protocol, key, value);
                if (key.equals("mem")) {
                    gauge(sink, protocol, "mem_bytes", value * pageBytes);
                }
            }
        }
    }

    private static void gauge(MetricSink sink, String protocol, String key, double value) {
        sink.gauge(
                "node_sockstat_" + protocol + "_" + key,
                "Number of " + protocol + " sockets in state " + key + ".",
                value);
    }
}
