package org.narthex.exporter.node;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.scrape.MetricSink;

/** Every field of {@code /proc/meminfo}: {@code Active(anon): 5 kB} is {@code node_memory_Active_anon_bytes 5120}. */
final class MeminfoCollector implements Collector {
    private static final String FILE = "meminfo";

    private final KernelFiles proc;

    MeminfoCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "meminfo";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        Map<String, Double> fields = new LinkedHashMap<>();
        for (String line : proc.lines(FILE)) {
            List<String> words = KernelFiles.words(line);
            if (words.size() < 2) {
                continue;
            }
            String field = words.get(0).replace(":", "").replace('(', '_').replace(")", "");
            double value = KernelFiles.number(FILE, words.get(1));
            if (words.size() > 2) {
                fields.put(field + "_bytes", value * 1024);
            } else {
                fields.put(field, value);
            }
        }
        fields.forEach(
                (field, value) -> sink.gauge("node_memory_" + field, "Memory information field " + field + ".", value));
    }
}
