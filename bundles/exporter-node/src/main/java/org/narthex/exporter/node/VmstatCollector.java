package org.narthex.exporter.node;

import java.io.IOException;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Paging and out-of-memory kills from {@code /proc/vmstat}. */
final class VmstatCollector implements Collector {
    private static final String FILE = "vmstat";
    static final String DEFAULT_FIELDS = "^(oom_kill|pgpg|pswp|pg.*fault).*";

    private final KernelFiles proc;
    private final Filter fields;

    VmstatCollector(KernelFiles proc, Filter fields) {
        this.proc = proc;
        this.fields = fields;
    }

    @Override
    public String name() {
        return "vmstat";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        for (String line : proc.lines(FILE)) {
            int blank = line.indexOf(' ');
            String field = line.substring(0, Math.max(0, blank));
            if (blank > 0 && fields.accepts(field)) {
                String name = "node_vmstat_" + field;
                sink.family(name, MetricType.UNKNOWN, "/proc/vmstat information field " + field + ".");
                sink.sample(name, KernelFiles.number(FILE, line.substring(blank + 1)));
            }
        }
    }
}
