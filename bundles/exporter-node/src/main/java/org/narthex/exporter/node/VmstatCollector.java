package org.narthex.exporter.node;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.model.Regex;
import org.narthex.api.scrape.MetricSink;

/** Paging and out-of-memory kills from {@code /proc/vmstat}. */
final class VmstatCollector implements Collector {
    private static final String FILE = "vmstat";
    private static final Regex FIELDS = Regex.compile("(oom_kill|pgpg|pswp|pg.*fault).*");

    private final KernelFiles proc;

    VmstatCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "vmstat";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        Map<String, Double> fields = new LinkedHashMap<>();
        for (String line : proc.lines(FILE)) {
            List<String> words = KernelFiles.words(line);
            if (words.size() == 2 && FIELDS.matches(words.get(0))) {
                fields.put(words.get(0), KernelFiles.number(FILE, words.get(1)));
            }
        }
        fields.forEach((field, value) -> {
            String name = "node_vmstat_" + field;
            sink.family(name, MetricType.UNKNOWN, "/proc/vmstat information field " + field + ".");
            sink.sample(name, value);
        });
    }
}
