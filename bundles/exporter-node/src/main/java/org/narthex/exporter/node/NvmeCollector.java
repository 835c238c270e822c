package org.narthex.exporter.node;

import java.io.IOException;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** NVMe controllers from {@code /sys/class/nvme}. */
final class NvmeCollector implements Collector {
    private static final String FOLDER = "class/nvme";

    private final KernelFiles sys;

    NvmeCollector(KernelFiles sys) {
        this.sys = sys;
    }

    @Override
    public String name() {
        return "nvme";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        sink.family(
                "node_nvme_info",
                MetricType.GAUGE,
                "Non-numeric data from /sys/class/nvme/<device>, value is always 1.");
        for (String device : sys.numbered(FOLDER, "nvme")) {
            sink.sample(
                    "node_nvme_info",
                    1,
                    "device",
                    device,
                    "firmware_revision",
                    text(device, "firmware_rev"),
                    "model",
                    text(device, "model"),
                    "serial",
                    text(device, "serial"),
                    "state",
                    text(device, "state"));
        }
    }

    private String text(String device, String file) {
        return sys.line(FOLDER + "/" + device + "/" + file).orElse("");
    }
}
