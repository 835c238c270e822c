package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Properties of network devices from {@code /sys/class/net}. */
final class NetclassCollector implements Collector {
    private static final String FOLDER = "class/net";
    private static final int BYTES_PER_MEGABIT = 1_000_000 / 8;

    private static final List<Attribute> PROPERTIES = List.of(
            gauge("addr_assign_type", "address_assign_type"),
            gauge("carrier", "carrier"),
            counter("carrier_changes", "carrier_changes_total"),
            counter("carrier_up_count", "carrier_up_changes_total"),
            counter("carrier_down_count", "carrier_down_changes_total"),
            gauge("dev_id", "device_id"),
            gauge("dormant", "dormant"),
            gauge("flags", "flags"),
            gauge("ifindex", "iface_id"),
            gauge("iflink", "iface_link"),
            gauge("link_mode", "iface_link_mode"),
            gauge("mtu", "mtu_bytes"),
            gauge("name_assign_type", "name_assign_type"),
            gauge("netdev_group", "net_dev_group"),
            gauge("tx_queue_len", "transmit_queue_length"),
            gauge("type", "protocol_type"));
    private static final Attribute SPEED = Attribute.gauge(
            "speed", "node_network_speed_bytes", "Network device property: speed_bytes", BYTES_PER_MEGABIT);

    private final KernelFiles sys;
    private final Filter devices;
    private final boolean invalidSpeedIgnored;

    /** @param invalidSpeedIgnored whether the -1 of devices without a speed is left out */
    NetclassCollector(KernelFiles sys, Filter devices, boolean invalidSpeedIgnored) {
        this.sys = sys;
        this.devices = devices;
        this.invalidSpeedIgnored = invalidSpeedIgnored;
    }

    private static Attribute gauge(String file, String property) {
        return Attribute.gauge(file, "node_network_" + property, "Network device property: " + property, 1);
    }

    private static Attribute counter(String file, String property) {
        return Attribute.counter(file, "node_network_" + property, "Network device property: " + property, 1);
    }

    @Override
    public String name() {
        return "netclass";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        for (String device : sys.names(FOLDER)) {
            String folder = FOLDER + "/" + device;
            if (sys.file(folder).isDirectory() && devices.accepts(device)) {
                device(sink, folder, device);
            }
        }
    }

    private void device(MetricSink sink, String folder, String device) {
        String state = text(folder, "operstate");
        sink.gauge(
                "node_network_up",
                "Value is 1 if operstate is 'up', 0 otherwise.",
                state.equals("up") ? 1 : 0,
                "device",
                device);
        sink.family(
                "node_network_info",
                MetricType.GAUGE,
                "Non-numeric data from /sys/class/net/<iface>, value is always 1.");
        sink.sample(
                "node_network_info",
                1,
                "device",
                device,
                "address",
                text(folder, "address"),
                "broadcast",
                text(folder, "broadcast"),
                "duplex",
                text(folder, "duplex"),
                "operstate",
                state,
                "ifalias",
                text(folder, "ifalias"));
        for (Attribute property : PROPERTIES) {
            property.write(sink, sys, folder, "device", device);
        }
        OptionalDouble speed = sys.value(folder + "/" + SPEED.file());
        if (speed.isPresent() && (speed.getAsDouble() >= 0 || !invalidSpeedIgnored)) {
            SPEED.write(sink, speed.getAsDouble(), "device", device);
        }
    }

    private String text(String folder, String file) {
        return sys.line(folder + "/" + file).orElse("");
    }
}
