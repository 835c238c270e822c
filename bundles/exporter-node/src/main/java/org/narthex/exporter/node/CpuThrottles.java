package org.narthex.exporter.node;

import java.util.HashSet;
import java.util.Set;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** How often cores and packages were slowed down because of heat; the CPUs of one core have its count in common. */
final class CpuThrottles {
    private static final Attribute CORE = new Attribute(
            "thermal_throttle/core_throttle_count",
            "node_cpu_core_throttles_total",
            MetricType.COUNTER,
            "Number of times this CPU core has been throttled.",
            1);
    private static final Attribute PACKAGE = new Attribute(
            "thermal_throttle/package_throttle_count",
            "node_cpu_package_throttles_total",
            MetricType.COUNTER,
            "Number of times this CPU package has been throttled.",
            1);

    private CpuThrottles() {}

    static void write(MetricSink sink, KernelFiles sys) {
        Set<String> seen = new HashSet<>();
        for (CpuFolders.CpuFolder cpu : CpuFolders.list(sys)) {
            // First what is cheap to ask: virtual machines have none.
            if (!sys.file(cpu.folder() + "/thermal_throttle").exists()) {
                continue;
            }
            String processor =
                    sys.line(cpu.folder() + "/topology/physical_package_id").orElse("");
            String core = sys.line(cpu.folder() + "/topology/core_id").orElse("");
            if (processor.isEmpty() || core.isEmpty()) {
                continue;
            }
            if (seen.add(processor + ":" + core)) {
                CORE.write(sink, sys, cpu.folder(), "package", processor, "core", core);
            }
            if (seen.add(processor)) {
                PACKAGE.write(sink, sys, cpu.folder(), "package", processor);
            }
        }
    }
}
