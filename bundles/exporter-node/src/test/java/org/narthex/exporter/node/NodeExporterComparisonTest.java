package org.narthex.exporter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.narthex.api.model.Labels;
import org.narthex.testkit.ExporterContractSink;

/** Compares with a real node_exporter on the same host; skipped where none is installed. */
class NodeExporterComparisonTest {
    private static final Path BINARY = Path.of("/usr/bin/prometheus-node-exporter");
    /** Collectors that node_exporter has and this does not, by the start of their families' names. */
    private static final List<String> NOT_COLLECTED = List.of(
            "node_arp_",
            "node_bonding_",
            "node_btrfs_",
            "node_cooling_device_",
            "node_cpu_core_throttles_",
            "node_cpu_frequency_",
            "node_cpu_scaling_",
            "node_cpu_package_throttles_",
            "node_disk_info",
            "node_dmi_",
            "node_edac_",
            "node_entropy_",
            "node_exporter_build_info",
            "node_hwmon_",
            "node_infiniband_",
            "node_md_",
            "node_netstat_",
            "node_network_address_assign_type",
            "node_network_carrier",
            "node_network_device_id",
            "node_network_dormant",
            "node_network_flags",
            "node_network_iface_",
            "node_network_info",
            "node_network_mtu_bytes",
            "node_network_name_assign_type",
            "node_network_net_dev_group",
            "node_network_protocol_type",
            "node_network_speed_bytes",
            "node_network_transmit_queue_length",
            "node_network_up",
            "node_nf_conntrack_",
            "node_nvme_",
            "node_os_",
            "node_power_supply_",
            "node_rapl_",
            "node_schedstat_",
            "node_selinux_",
            "node_sockstat_",
            "node_softnet_",
            "node_systemd_",
            "node_textfile_",
            "node_thermal_",
            "node_timex_",
            "node_udp_queues",
            "node_xfs_",
            "node_zfs_");

    private Process process;

    @Test
    void writesTheSameSeriesOfTheSameTypes() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(BINARY), BINARY + " is not installed");
        int port = freePort();
        process = new ProcessBuilder(
                        BINARY.toString(),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--web.disable-exporter-metrics",
                        // Debian's own defaults are stricter than upstream's.
                        "--collector.netdev.device-exclude=^$",
                        "--collector.diskstats.device-exclude=^(" + NodeExporter.DISKS_EXCLUDED + ")$",
                        "--collector.filesystem.mount-points-exclude=^(" + NodeExporter.MOUNT_POINTS_EXCLUDED + ")$",
                        "--collector.filesystem.fs-types-exclude=^(" + NodeExporter.TYPES_EXCLUDED + ")$")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            Exposition theirs = new Exposition(scrape(URI.create("http://127.0.0.1:" + port + "/metrics")));
            NodeExporter exporter = NodeExporterTest.exporter(Path.of("/"));
            ExporterContractSink ours = new ExporterContractSink();
            exporter.collect(ours);
            exporter.close();
            compare(ours, theirs);
            assertThat(ours.value("node_memory_MemTotal_bytes"))
                    .isEqualTo(theirs.values.get("node_memory_MemTotal_bytes"));
            assertThat(ours.value("node_boot_time_seconds")).isEqualTo(theirs.values.get("node_boot_time_seconds"));
            assertThat(ours.value("node_filefd_maximum")).isEqualTo(theirs.values.get("node_filefd_maximum"));
        } finally {
            process.destroy();
        }
    }

    private static void compare(ExporterContractSink ours, Exposition theirs) {
        Set<String> ourSeries = new TreeSet<>();
        ours.samples().keySet().forEach(series -> ourSeries.add(shown(series)));
        Set<String> theirSeries = new TreeSet<>();
        for (Map.Entry<String, String> series : theirs.series.entrySet()) {
            boolean collected = NOT_COLLECTED.stream().noneMatch(series.getValue()::startsWith);
            boolean aboutCollectors = series.getValue().startsWith("node_scrape_collector_")
                    || series.getValue().startsWith("promhttp_");
            if (collected && !aboutCollectors) {
                theirSeries.add(series.getKey());
            }
        }
        ourSeries.removeIf(series -> series.startsWith("node_scrape_collector_"));
        Set<String> onlyOurs = new TreeSet<>(ourSeries);
        onlyOurs.removeAll(theirSeries);
        Set<String> onlyTheirs = new TreeSet<>(theirSeries);
        onlyTheirs.removeAll(ourSeries);
        System.out.println("series in both: " + (ourSeries.size() - onlyOurs.size()) + ", only here: " + onlyOurs
                + ", only in node_exporter: " + onlyTheirs);
        assertThat(onlyOurs).isEmpty();
        assertThat(onlyTheirs).isEmpty();
        ours.families().forEach((name, family) -> {
            String type = theirs.types.get(name);
            if (type != null) {
                assertThat(family.type().word()).as(name).isEqualTo(type.equals("untyped") ? "unknown" : type);
                assertThat(family.help()).as(name).isEqualTo(theirs.helps.get(name));
            }
        });
    }

    private static String shown(Labels series) {
        StringBuilder out = new StringBuilder(series.metricName());
        Map<String, String> labels = series.without(Labels.METRIC_NAME).toMap();
        if (!labels.isEmpty()) {
            out.append('{');
            labels.forEach((name, value) -> {
                out.append(out.charAt(out.length() - 1) == '{' ? "" : ",")
                        .append(name)
                        .append('=');
                Labels.appendQuoted(out, value);
            });
            out.append('}');
        }
        return out.toString();
    }

    /** The text format, read just as far as needed here: node_exporter writes labels sorted and without blanks. */
    private static final class Exposition {
        private final Map<String, String> types = new HashMap<>();
        private final Map<String, String> helps = new HashMap<>();
        private final Map<String, Double> values = new HashMap<>();
        /** Family name by series. */
        private final Map<String, String> series = new HashMap<>();

        Exposition(String text) {
            for (String line : text.split("\n")) {
                String[] words = line.split(" ", 4);
                if (line.startsWith("# TYPE ")) {
                    types.put(words[2], words[3]);
                } else if (line.startsWith("# HELP ")) {
                    helps.put(words[2], words[3]);
                } else {
                    String one = line.substring(0, line.lastIndexOf(' '));
                    values.put(one, Double.parseDouble(line.substring(line.lastIndexOf(' '))));
                    int brace = one.indexOf('{');
                    series.put(one.replaceAll("[a-z_]+=\"\",?", ""), brace < 0 ? one : one.substring(0, brace));
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private String scrape(URI uri) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                return client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (IOException e) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    throw new AssertionError("node_exporter does not answer", e);
                }
                Thread.onSpinWait();
            }
        }
    }
}
