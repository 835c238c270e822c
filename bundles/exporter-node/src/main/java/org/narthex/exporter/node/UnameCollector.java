package org.narthex.exporter.node;

import java.io.IOException;

import org.narthex.api.scrape.MetricSink;

/** What {@code uname} says, from {@code /proc/sys/kernel}. */
final class UnameCollector implements Collector {
    private final KernelFiles proc;

    UnameCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "uname";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        String sysname = kernel("ostype");
        String release = kernel("osrelease");
        String version = kernel("version");
        String nodename = kernel("hostname");
        String domainname = kernel("domainname");
        sink.gauge(
                "node_uname_info",
                "Labeled system information as provided by the uname system call.",
                1,
                "sysname",
                sysname,
                "release",
                release,
                "version",
                version,
                "machine",
                machine(),
                "nodename",
                nodename,
                "domainname",
                domainname);
    }

    private String kernel(String file) throws IOException {
        return proc.text("sys/kernel/" + file).stripTrailing();
    }

    /** Kernels tell it since 6.1; before that the JVM's word for it has to do, in the kernel's spelling. */
    private String machine() {
        String arch = System.getProperty("os.arch", "");
        return proc.line("sys/kernel/arch").orElse(arch.equals("amd64") ? "x86_64" : arch);
    }
}
