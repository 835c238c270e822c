package org.narthex.exporter.node;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Network devices from {@code /proc/net/dev}, and what only {@code /sys/class/net} tells. */
final class NetdevCollector implements Collector {
    private static final String FILE = "net/dev";
    private static final String[] COLUMNS = {
        "receive_bytes",
        "receive_packets",
        "receive_errs",
        "receive_drop",
        "receive_fifo",
        "receive_frame",
        "receive_compressed",
        "receive_multicast",
        "transmit_bytes",
        "transmit_packets",
        "transmit_errs",
        "transmit_drop",
        "transmit_fifo",
        "transmit_colls",
        "transmit_carrier",
        "transmit_compressed"
    };

    private final KernelFiles proc;
    private final KernelFiles sys;
    private final Filter filter;

    NetdevCollector(KernelFiles proc, KernelFiles sys, Filter filter) {
        this.proc = proc;
        this.sys = sys;
        this.filter = filter;
    }

    @Override
    public String name() {
        return "netdev";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        Map<String, double[]> devices = new LinkedHashMap<>();
        Map<String, Double> withoutHandler = new LinkedHashMap<>();
        for (String line : proc.lines(FILE)) {
            // Two lines of headings; names may hold colons themselves, so the last one before the numbers counts.
            int colon = line.lastIndexOf(':');
            String name = line.substring(0, Math.max(0, colon)).strip();
            if (colon < 0 || !filter.accepts(name)) {
                continue;
            }
            List<String> words = KernelFiles.words(line.substring(colon + 1));
            if (words.size() < COLUMNS.length) {
                throw new IOException(FILE + " has a line of less than " + COLUMNS.length + " numbers");
            }
            double[] values = new double[COLUMNS.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = KernelFiles.number(FILE, words.get(i));
            }
            devices.put(name, values);
            Optional<String> unhandled = sys.line("class/net/" + name + "/statistics/rx_nohandler");
            if (unhandled.isPresent()) {
                withoutHandler.put(name, KernelFiles.number("rx_nohandler", unhandled.get()));
            }
        }
        for (int i = 0; i < COLUMNS.length; i++) {
            String name = family(sink, COLUMNS[i]);
            for (Map.Entry<String, double[]> device : devices.entrySet()) {
                sink.sample(name, device.getValue()[i], "device", device.getKey());
            }
        }
        if (!withoutHandler.isEmpty()) {
            String name = family(sink, "receive_nohandler");
            withoutHandler.forEach((device, value) -> sink.sample(name, value, "device", device));
        }
    }

    private static String family(MetricSink sink, String column) {
        String name = "node_network_" + column + "_total";
        sink.family(name, MetricType.COUNTER, "Network device statistic " + column + ".");
        return name;
    }
}
