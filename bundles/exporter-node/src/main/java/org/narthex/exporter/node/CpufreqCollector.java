package org.narthex.exporter.node;

import java.util.List;
import java.util.Optional;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Frequencies of the CPUs and what governs them, from {@code /sys/devices/system/cpu}. */
final class CpufreqCollector implements Collector {
    private static final double KILO = 1000;
    private static final String GOVERNOR = "node_cpu_scaling_governor";

    private static final List<Attribute> FREQUENCIES = List.of(
            Attribute.gauge(
                    "cpuinfo_cur_freq", "node_cpu_frequency_hertz", "Current cpu thread frequency in hertz.", KILO),
            Attribute.gauge(
                    "cpuinfo_min_freq", "node_cpu_frequency_min_hertz", "Minimum cpu thread frequency in hertz.", KILO),
            Attribute.gauge(
                    "cpuinfo_max_freq", "node_cpu_frequency_max_hertz", "Maximum cpu thread frequency in hertz.", KILO),
            Attribute.gauge(
                    "scaling_cur_freq",
                    "node_cpu_scaling_frequency_hertz",
                    "Current scaled CPU thread frequency in hertz.",
                    KILO),
            Attribute.gauge(
                    "scaling_min_freq",
                    "node_cpu_scaling_frequency_min_hertz",
                    "Minimum scaled CPU thread frequency in hertz.",
                    KILO),
            Attribute.gauge(
                    "scaling_max_freq",
                    "node_cpu_scaling_frequency_max_hertz",
                    "Maximum scaled CPU thread frequency in hertz.",
                    KILO));

    private final KernelFiles sys;

    CpufreqCollector(KernelFiles sys) {
        this.sys = sys;
    }

    @Override
    public String name() {
        return "cpufreq";
    }

    @Override
    public void collect(MetricSink sink) {
        for (CpuFolders.CpuFolder cpu : CpuFolders.list(sys)) {
            String folder = cpu.folder() + "/cpufreq";
            if (!sys.file(folder).exists()) {
                continue;
            }
            FREQUENCIES.forEach(frequency -> frequency.write(sink, sys, folder, "cpu", cpu.cpu()));
            Optional<String> governor = sys.line(folder + "/scaling_governor");
            Optional<String> available = sys.line(folder + "/scaling_available_governors");
            if (governor.isPresent() && available.isPresent()) {
                sink.family(GOVERNOR, MetricType.GAUGE, "Current enabled CPU frequency governor.");
                for (String one : KernelFiles.words(available.get())) {
                    sink.sample(GOVERNOR, one.equals(governor.get()) ? 1 : 0, "cpu", cpu.cpu(), "governor", one);
                }
            }
        }
    }
}
