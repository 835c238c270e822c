package org.narthex.exporter.node;

import java.io.IOException;

import org.narthex.api.scrape.MetricSink;

/** Memory errors by controller and row, from {@code /sys/devices/system/edac}. */
final class EdacCollector implements Collector {
    private static final String FOLDER = "devices/system/edac/mc";

    private final KernelFiles sys;

    EdacCollector(KernelFiles sys) {
        this.sys = sys;
    }

    @Override
    public String name() {
        return "edac";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        for (String controller : sys.numbered(FOLDER, "mc")) {
            String folder = FOLDER + "/" + controller;
            String number = controller.substring("mc".length());
            sink.counter(
                    "node_edac_correctable_errors_total",
                    "Total correctable memory errors.",
                    sys.number(folder + "/ce_count"),
                    "controller",
                    number);
            sink.counter(
                    "node_edac_uncorrectable_errors_total",
                    "Total uncorrectable memory errors.",
                    sys.number(folder + "/ue_count"),
                    "controller",
                    number);
            row(
                    sink,
                    number,
                    "unknown",
                    sys.number(folder + "/ce_noinfo_count"),
                    sys.number(folder + "/ue_noinfo_count"));
            for (String row : sys.numbered(folder, "csrow")) {
                row(
                        sink,
                        number,
                        row.substring("csrow".length()),
                        sys.number(folder + "/" + row + "/ce_count"),
                        sys.number(folder + "/" + row + "/ue_count"));
            }
        }
    }

    private static void row(MetricSink sink, String controller, String row, double correctable, double uncorrectable) {
        sink.counter(
                "node_edac_csrow_correctable_errors_total",
                "Total correctable memory errors for this csrow.",
                correctable,
                "controller",
                controller,
                "csrow",
                row);
        sink.counter(
                "node_edac_csrow_uncorrectable_errors_total",
                "Total uncorrectable memory errors for this csrow.",
                uncorrectable,
                "controller",
                controller,
                "csrow",
                row);
    }
}
