package org.narthex.exporter.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** What CPUs there are, from {@code /proc/cpuinfo}. Written only where asked for. */
final class CpuInfo {
    private static final String FILE = "cpuinfo";
    /** Label and key, label and key, … */
    private static final String[] LABELS = {
        "package", "physical id",
        "core", "core id",
        "cpu", "processor",
        "vendor", "vendor_id",
        "family", "cpu family",
        "model", "model",
        "model_name", "model name",
        "microcode", "microcode",
        "stepping", "stepping",
        "cachesize", "cache size"
    };

    private final KernelFiles proc;
    private final boolean enabled;
    private final Optional<Filter> flags;
    private final Optional<Filter> bugs;

    /**
     * @param flags which of the first CPU's flags are written
     * @param bugs  which of its bugs are
     */
    CpuInfo(KernelFiles proc, boolean enabled, Optional<Filter> flags, Optional<Filter> bugs) {
        this.proc = proc;
        this.enabled = enabled || flags.isPresent() || bugs.isPresent();
        this.flags = flags;
        this.bugs = bugs;
    }

    void write(MetricSink sink) throws IOException {
        if (!enabled) {
            return;
        }
        List<Map<String, String>> cpus = cpus();
        sink.family("node_cpu_info", MetricType.GAUGE, "CPU information from /proc/cpuinfo.");
        for (Map<String, String> cpu : cpus) {
            String[] labels = LABELS.clone();
            for (int i = 1; i < labels.length; i += 2) {
                labels[i] = cpu.getOrDefault(labels[i], "");
            }
            sink.sample("node_cpu_info", 1, labels);
        }
        if (!cpus.isEmpty()) {
            words(sink, "flag", cpus.get(0).getOrDefault("flags", ""), flags);
            words(sink, "bug", cpus.get(0).getOrDefault("bugs", ""), bugs);
        }
    }

    /** Keys and values of each CPU. */
    private List<Map<String, String>> cpus() throws IOException {
        List<Map<String, String>> cpus = new ArrayList<>();
        for (String line : proc.lines(FILE)) {
            int colon = line.indexOf(':');
            String key = line.substring(0, Math.max(0, colon)).strip();
            if (key.equals("processor")) {
                cpus.add(new HashMap<>());
            }
            if (!key.isEmpty() && !cpus.isEmpty()) {
                cpus.get(cpus.size() - 1).put(key, line.substring(colon + 1).strip());
            }
        }
        return cpus;
    }

    private static void words(MetricSink sink, String label, String text, Optional<Filter> filter) {
        if (filter.isPresent()) {
            String family = "node_cpu_" + label + "_info";
            sink.family(
                    family,
                    MetricType.GAUGE,
                    "The `" + label + "s` field of CPU information from /proc/cpuinfo taken from the first core.");
            for (String word : KernelFiles.words(text)) {
                if (filter.get().accepts(word)) {
                    sink.sample(family, 1, label, word);
                }
            }
        }
    }
}
