package org.narthex.exporter.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.narthex.api.scrape.MetricSink;

/** What the firmware says of the machine, from {@code /sys/class/dmi/id}. It cannot change while the host runs, so it is read once. */
final class DmiCollector implements Collector {
    private static final String FOLDER = "class/dmi/id";
    /** Labels are named as the files are, but for the last one. */
    private static final List<String> FILES = List.of(
            "bios_date",
            "bios_release",
            "bios_vendor",
            "bios_version",
            "board_asset_tag",
            "board_name",
            "board_serial",
            "board_vendor",
            "board_version",
            "chassis_asset_tag",
            "chassis_serial",
            "chassis_vendor",
            "chassis_version",
            "product_family",
            "product_name",
            "product_serial",
            "product_sku",
            "product_uuid",
            "product_version",
            "sys_vendor");

    private static final String HELP = "A metric with a constant '1' value labeled by "
            + String.join(", ", FILES).replace("sys_vendor", "system_vendor") + " if provided by DMI.";

    private final KernelFiles sys;
    private volatile String[] labels = {};

    DmiCollector(KernelFiles sys) {
        this.sys = sys;
    }

    @Override
    public String name() {
        return "dmi";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (labels.length == 0) {
            labels = read();
        }
        sink.gauge("node_dmi_info", HELP, 1, labels);
    }

    /** Some files are for root alone; these are left out. */
    private String[] read() throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        List<String> read = new ArrayList<>();
        for (String file : FILES) {
            Optional<String> value = sys.line(FOLDER + "/" + file);
            if (value.isPresent()) {
                read.add(file.equals("sys_vendor") ? "system_vendor" : file);
                read.add(value.get());
            }
        }
        return read.toArray(String[]::new);
    }
}
