package org.narthex.exporter.node;

import org.narthex.api.scrape.MetricSink;

/** Temperatures and what cools, from {@code /sys/class/thermal}. */
final class ThermalZoneCollector implements Collector {
    private static final String FOLDER = "class/thermal";
    private static final String ZONE = "thermal_zone";
    private static final String COOLER = "cooling_device";

    private static final Attribute TEMPERATURE =
            Attribute.gauge("temp", "node_thermal_zone_temp", "Zone temperature in Celsius", 1e-3);
    private static final Attribute STATE = Attribute.gauge(
            "cur_state", "node_cooling_device_cur_state", "Current throttle state of the cooling device", 1);
    private static final Attribute MAX_STATE = Attribute.gauge(
            "max_state", "node_cooling_device_max_state", "Maximum throttle state of the cooling device", 1);

    private final KernelFiles sys;

    ThermalZoneCollector(KernelFiles sys) {
        this.sys = sys;
    }

    @Override
    public String name() {
        return "thermal_zone";
    }

    @Override
    public void collect(MetricSink sink) {
        for (String zone : sys.numbered(FOLDER, ZONE)) {
            String folder = FOLDER + "/" + zone;
            TEMPERATURE.write(sink, sys, folder, "zone", zone.substring(ZONE.length()), "type", type(folder));
        }
        for (String device : sys.numbered(FOLDER, COOLER)) {
            String folder = FOLDER + "/" + device;
            String[] labels = {"name", device.substring(COOLER.length()), "type", type(folder)};
            STATE.write(sink, sys, folder, labels);
            MAX_STATE.write(sink, sys, folder, labels);
        }
    }

    private String type(String folder) {
        return sys.line(folder + "/type").orElse("");
    }
}
