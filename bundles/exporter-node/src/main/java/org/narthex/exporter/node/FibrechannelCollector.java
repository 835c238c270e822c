package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Fibre Channel host adapters from {@code /sys/class/fc_host}. */
final class FibrechannelCollector implements Collector {
    private static final String FOLDER = "class/fc_host";
    private static final String PREFIX = "node_fibrechannel_";

    /** Files of the adapter that are labels of the same name. */
    private static final List<String> TEXTS = List.of(
            "speed",
            "port_state",
            "port_type",
            "port_id",
            "port_name",
            "fabric_name",
            "symbolic_name",
            "supported_classes",
            "supported_speeds",
            "dev_loss_tmo");

    private static final List<Attribute> COUNTERS = List.of(
            counter("dumped_frames", "dumped_frames_total", "Number of dumped frames"),
            counter("error_frames", "error_frames_total", "Number of errors in frames"),
            counter("invalid_crc_count", "invalid_crc_total", "Invalid Cyclic Redundancy Check count"),
            counter("rx_frames", "rx_frames_total", "Number of frames received"),
            counter("rx_words", "rx_words_total", "Number of words received by host port"),
            counter("tx_frames", "tx_frames_total", "Number of frames transmitted by host port"),
            counter("tx_words", "tx_words_total", "Number of words transmitted by host port"),
            counter(
                    "seconds_since_last_reset",
                    "seconds_since_last_reset_total",
                    "Number of seconds since last host port reset"),
            counter(
                    "invalid_tx_word_count",
                    "invalid_tx_words_total",
                    "Number of invalid words transmitted by host port"),
            counter("link_failure_count", "link_failure_total", "Number of times the host port link has failed"),
            counter(
                    "loss_of_sync_count",
                    "loss_of_sync_total",
                    "Number of failures on either bit or transmission word boundaries"),
            counter("loss_of_signal_count", "loss_of_signal_total", "Number of times signal has been lost"),
            counter("nos_count", "nos_total", "Number Not_Operational Primitive Sequence received by host port"),
            counter("fcp_packet_aborts", "fcp_packet_aborts_total", "Number of aborted packets"));

    private final KernelFiles sys;

    FibrechannelCollector(KernelFiles sys) {
        this.sys = sys;
    }

    private static Attribute counter(String file, String name, String help) {
        return Attribute.counter("statistics/" + file, PREFIX + name, help, 1);
    }

    @Override
    public String name() {
        return "fibrechannel";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!sys.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        for (String host : sys.names(FOLDER)) {
            String folder = FOLDER + "/" + host;
            String[] labels = new String[2 * TEXTS.size() + 2];
            labels[0] = "fc_host";
            labels[1] = host;
            for (int i = 0; i < TEXTS.size(); i++) {
                String name = TEXTS.get(i);
                String text = sys.line(folder + "/" + name).orElse("");
                boolean isAddress = name.equals("port_id") || name.endsWith("port_name") || name.equals("fabric_name");
                labels[2 * i + 2] = name;
                labels[2 * i + 3] = isAddress && text.startsWith("0x") ? text.substring(2) : text;
            }
            sink.family(
                    PREFIX + "info",
                    MetricType.GAUGE,
                    "Non-numeric data from /sys/class/fc_host/<host>, value is always 1.");
            sink.sample(PREFIX + "info", 1, labels);
            COUNTERS.forEach(counter -> counter.write(sink, sys, folder, "fc_host", host));
        }
    }
}
