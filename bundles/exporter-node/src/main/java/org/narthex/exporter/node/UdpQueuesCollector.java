package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Memory held by datagrams that wait, from {@code /proc/net/udp} and {@code udp6}. */
final class UdpQueuesCollector implements Collector {
    private static final String FAMILY = "node_udp_queues";
    private static final int QUEUES_COLUMN = 4;

    private final KernelFiles proc;

    UdpQueuesCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "udp_queues";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        boolean four = proc.file("net/udp").exists();
        boolean six = proc.file("net/udp6").exists();
        if (!four && !six) {
            throw new NoDataException("net/udp");
        }
        sink.family(FAMILY, MetricType.GAUGE, "Number of allocated memory in the kernel for UDP datagrams in bytes.");
        if (four) {
            write(sink, "net/udp", "v4");
        }
        if (six) {
            write(sink, "net/udp6", "v6");
        }
    }

    /** The column holds both, tx before rx: {@code 00000000:0000000A}. */
    private void write(MetricSink sink, String file, String version) throws IOException {
        double sent = 0;
        double received = 0;
        List<String> lines = proc.lines(file);
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            List<String> words = KernelFiles.words(line);
            if (words.size() <= QUEUES_COLUMN) {
                continue;
            }
            String queues = words.get(QUEUES_COLUMN);
            int colon = queues.indexOf(':');
            if (colon < 0) {
                throw new IOException(file + ": not two queues: \"" + queues + "\"");
            }
            sent += KernelFiles.hexadecimal(file, queues.substring(0, colon));
            received += KernelFiles.hexadecimal(file, queues.substring(colon + 1));
        }
        sink.sample(FAMILY, sent, "queue", "tx", "ip", version);
        sink.sample(FAMILY, received, "queue", "rx", "ip", version);
    }
}
