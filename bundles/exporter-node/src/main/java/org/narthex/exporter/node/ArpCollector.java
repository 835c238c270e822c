package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Neighbours known by each device, from {@code /proc/net/arp}. */
final class ArpCollector implements Collector {
    private static final int DEVICE = 5;

    private final KernelFiles proc;
    private final Filter devices;

    ArpCollector(KernelFiles proc, Filter devices) {
        this.proc = proc;
        this.devices = devices;
    }

    @Override
    public String name() {
        return "arp";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        Map<String, Integer> entries = new TreeMap<>();
        List<String> lines = proc.lines("net/arp");
        // The first one is the heading.
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            List<String> words = KernelFiles.words(line);
            if (words.size() > DEVICE && devices.accepts(words.get(DEVICE))) {
                entries.merge(words.get(DEVICE), 1, Integer::sum);
            }
        }
        sink.family("node_arp_entries", MetricType.GAUGE, "ARP entries by device");
        entries.forEach((device, count) -> sink.sample("node_arp_entries", count, "device", device));
    }
}
