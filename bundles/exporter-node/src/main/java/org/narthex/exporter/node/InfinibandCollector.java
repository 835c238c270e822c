package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** InfiniBand devices and their ports from {@code /sys/class/infiniband}. */
final class InfinibandCollector implements Collector {
    private static final String FOLDER = "class/infiniband";
    private static final String PREFIX = "node_infiniband_";
    private static final double BYTES_PER_GIGABIT = 125_000_000;
    /** Data is counted in lanes of four bytes. */
    private static final int LANES = 4;

    private static final List<Attribute> COUNTERS = List.of(
            counter(
                    "counters/excessive_buffer_overrun_errors",
                    "excessive_buffer_overrun_errors_total",
                    "Number of times that OverrunErrors consecutive flow control update periods occurred, each having at least one overrun error."),
            counter(
                    "counters/link_downed",
                    "link_downed_total",
                    "Number of times the link failed to recover from an error state and went down"),
            counter(
                    "counters/link_error_recovery",
                    "link_error_recovery_total",
                    "Number of times the link successfully recovered from an error state"),
            counter(
                    "counters/local_link_integrity_errors",
                    "local_link_integrity_errors_total",
                    "Number of times that the count of local physical errors exceeded the threshold specified by LocalPhyErrors."),
            counter(
                    "counters/multicast_rcv_packets",
                    "multicast_packets_received_total",
                    "Number of multicast packets received (including errors)"),
            counter(
                    "counters/multicast_xmit_packets",
                    "multicast_packets_transmitted_total",
                    "Number of multicast packets transmitted (including errors)"),
            counter(
                    "counters/port_rcv_constraint_errors",
                    "port_constraint_errors_received_total",
                    "Number of packets received on the switch physical port that are discarded"),
            counter(
                    "counters/port_xmit_constraint_errors",
                    "port_constraint_errors_transmitted_total",
                    "Number of packets not transmitted from the switch physical port"),
            data(
                    "counters/port_rcv_data",
                    "port_data_received_bytes_total",
                    "Number of data octets received on all links"),
            data(
                    "counters/port_xmit_data",
                    "port_data_transmitted_bytes_total",
                    "Number of data octets transmitted on all links"),
            counter(
                    "counters/port_rcv_discards",
                    "port_discards_received_total",
                    "Number of inbound packets discarded by the port because the port is down or congested"),
            counter(
                    "counters/port_xmit_discards",
                    "port_discards_transmitted_total",
                    "Number of outbound packets discarded by the port because the port is down or congested"),
            counter(
                    "counters/port_rcv_errors",
                    "port_errors_received_total",
                    "Number of packets containing an error that were received on this port"),
            counter(
                    "counters/port_rcv_packets",
                    "port_packets_received_total",
                    "Number of packets received on all VLs by this port (including errors)"),
            counter(
                    "counters/port_xmit_packets",
                    "port_packets_transmitted_total",
                    "Number of packets transmitted on all VLs from this port (including errors)"),
            counter(
                    "counters/port_xmit_wait",
                    "port_transmit_wait_total",
                    "Number of ticks during which the port had data to transmit but no data was sent during the entire tick"),
            counter(
                    "counters/unicast_rcv_packets",
                    "unicast_packets_received_total",
                    "Number of unicast packets received (including errors)"),
            counter(
                    "counters/unicast_xmit_packets",
                    "unicast_packets_transmitted_total",
                    "Number of unicast packets transmitted (including errors)"),
            counter(
                    "counters/port_rcv_remote_physical_errors",
                    "port_receive_remote_physical_errors_total",
                    "Number of packets marked with the EBP (End of Bad Packet) delimiter received on the port."),
            counter(
                    "counters/port_rcv_switch_relay_errors",
                    "port_receive_switch_relay_errors_total",
                    "Number of packets that could not be forwarded by the switch."),
            counter(
                    "counters/symbol_error",
                    "symbol_error_total",
                    "Number of minor link errors detected on one or more physical lanes."),
            counter(
                    "counters/VL15_dropped",
                    "vl15_dropped_total",
                    "Number of incoming VL15 packets dropped due to resource limitations."),
            counter(
                    "counters_ext/port_multicast_rcv_packets",
                    "legacy_multicast_packets_received_total",
                    "Number of multicast packets received"),
            counter(
                    "counters_ext/port_multicast_xmit_packets",
                    "legacy_multicast_packets_transmitted_total",
                    "Number of multicast packets transmitted"),
            data(
                    "counters_ext/port_rcv_data_64",
                    "legacy_data_received_bytes_total",
                    "Number of data octets received on all links"),
            counter(
                    "counters_ext/port_rcv_packets_64",
                    "legacy_packets_received_total",
                    "Number of data packets received on all links"),
            counter(
                    "counters_ext/port_unicast_rcv_packets",
                    "legacy_unicast_packets_received_total",
                    "Number of unicast packets received"),
            counter(
                    "counters_ext/port_unicast_xmit_packets",
                    "legacy_unicast_packets_transmitted_total",
                    "Number of unicast packets transmitted"),
            data(
                    "counters_ext/port_xmit_data_64",
                    "legacy_data_transmitted_bytes_total",
                    "Number of data octets transmitted on all links"),
            counter(
                    "counters_ext/port_xmit_packets_64",
                    "legacy_packets_transmitted_total",
                    "Number of data packets received on all links"));

    private final KernelFiles sys;

    InfinibandCollector(KernelFiles sys) {
        this.sys = sys;
    }

    private static Attribute counter(String file, String name, String help) {
        return Attribute.counter(file, PREFIX + name, help, 1);
    }

    private static Attribute data(String file, String name, String help) {
        return Attribute.counter(file, PREFIX + name, help, LANES);
    }

    @Override
    public String name() {
        return "infiniband";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        for (String device : sys.names(FOLDER)) {
            String folder = FOLDER + "/" + device + "/";
            sink.family(
                    PREFIX + "info",
                    MetricType.GAUGE,
                    "Non-numeric data from /sys/class/infiniband/<device>, value is always 1.");
            sink.sample(
                    PREFIX + "info",
                    1,
                    "device",
                    device,
                    "board_id",
                    sys.line(folder + "board_id").orElse(""),
                    "firmware_version",
                    sys.line(folder + "fw_ver").orElse(""),
                    "hca_type",
                    sys.line(folder + "hca_type").orElse(""));
            for (String port : sys.names(folder + "ports")) {
                port(sink, folder + "ports/" + port, "device", device, "port", port);
            }
        }
    }

    private void port(MetricSink sink, String folder, String... labels) {
        id(
                sink,
                folder + "/state",
                "state_id",
                "State of the InfiniBand port (0: no change, 1: down, 2: init, 3: armed, 4: active, 5: act defer)",
                labels);
        id(
                sink,
                folder + "/phys_state",
                "physical_state_id",
                "Physical state of the InfiniBand port (0: no change, 1: sleep, 2: polling, 3: disable, 4: shift, 5: link up, 6: link error recover, 7: phytest)",
                labels);
        rate(folder + "/rate").ifPresent(bytes -> {
            sink.family(PREFIX + "rate_bytes_per_second", MetricType.GAUGE, "Maximum signal transfer rate");
            sink.sample(PREFIX + "rate_bytes_per_second", bytes, labels);
        });
        // A counter the device does not keep says N/A.
        COUNTERS.forEach(counter -> counter.write(sink, sys, folder, labels));
    }

    /** A file such as {@code 4: ACTIVE}. */
    private void id(MetricSink sink, String file, String name, String help, String... labels) {
        Optional<String> text = sys.line(file).filter(line -> line.matches("\\d+:.*"));
        if (text.isPresent()) {
            sink.family(PREFIX + name, MetricType.GAUGE, help);
            sink.sample(
                    PREFIX + name,
                    Integer.parseInt(text.get().substring(0, text.get().indexOf(':'))),
                    labels);
        }
    }

    /** A file such as {@code 56 Gb/sec (4X FDR)}. */
    private Optional<Double> rate(String file) {
        return sys.line(file)
                .filter(line -> line.matches("[0-9.]+ Gb/sec.*"))
                .map(line -> Double.parseDouble(line.substring(0, line.indexOf(' '))) * BYTES_PER_GIGABIT);
    }
}
