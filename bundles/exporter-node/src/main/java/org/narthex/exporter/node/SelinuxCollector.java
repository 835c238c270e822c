package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.scrape.MetricSink;

/** Whether SELinux is on, and whether it enforces its rules. */
final class SelinuxCollector implements Collector {
    private static final String ENFORCE = "fs/selinux/enforce";
    private static final String CONFIGURED = "etc/selinux/config";
    private static final String KEY = "SELINUX=";

    private final KernelFiles sys;
    private final KernelFiles root;

    SelinuxCollector(KernelFiles sys, KernelFiles root) {
        this.sys = sys;
        this.root = root;
    }

    @Override
    public String name() {
        return "selinux";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        boolean enabled = sys.file(ENFORCE).exists();
        sink.gauge("node_selinux_enabled", "SELinux is enabled, 1 is true, 0 is false", enabled ? 1 : 0);
        if (enabled) {
            sink.gauge("node_selinux_config_mode", "Configured SELinux enforcement mode", configuredMode());
            sink.gauge("node_selinux_current_mode", "Current SELinux enforcement mode", sys.number(ENFORCE));
        }
    }

    /** 1 for enforcing, 0 for permissive, -1 for disabled. */
    private int configuredMode() throws IOException {
        List<String> lines = root.file(CONFIGURED).exists() ? root.lines(CONFIGURED) : List.of();
        for (String line : lines) {
            if (line.strip().startsWith(KEY)) {
                return switch (line.strip().substring(KEY.length())) {
                    case "enforcing" -> 1;
                    case "permissive" -> 0;
                    default -> -1;
                };
            }
        }
        return -1;
    }
}
