package org.narthex.exporter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.Exporter;
import org.narthex.testkit.ExporterContract;
import org.narthex.testkit.ExporterContractSink;

class NodeExporterTest extends ExporterContract {
    @TempDir
    private static Path host;

    private NodeExporter exporter;

    @TempDir
    private Path empty;

    @BeforeAll
    static void unpack() throws IOException {
        HostTree.unpack(host);
    }

    @BeforeEach
    void open() {
        exporter = HostTree.exporter(host);
    }

    @Override
    protected Exporter exporter() {
        return exporter;
    }

    @AfterEach
    void close() {
        exporter.close();
    }

    @Test
    void succeedsWithEveryCollector() throws Exception {
        ExporterContractSink metrics = collect(exporter);
        metrics.samples().forEach((series, value) -> {
            if (series.metricName().equals("node_scrape_collector_success")) {
                assertThat(value).as(series.toString()).isEqualTo(1);
            }
        });
    }

    @Test
    void readsCpuTimesInSeconds() throws Exception {
        ExporterContractSink metrics = collect(exporter);
        assertThat(metrics.value("node_cpu_seconds_total", "cpu", "0", "mode", "user"))
                .isEqualTo(10);
        assertThat(metrics.value("node_cpu_seconds_total", "cpu", "1", "mode", "idle"))
                .isEqualTo(500);
        assertThat(metrics.value("node_cpu_guest_seconds_total", "cpu", "0", "mode", "nice"))
                .isEqualTo(0.01);
        assertThat(metrics.value("node_cpu_seconds_total", "cpu", "", "mode", "user"))
                .isNaN();
    }

    @Test
    void namesMemoryFieldsByTheirUnit() throws Exception {
        ExporterContractSink metrics = collect(exporter);
        assertThat(metrics.value("node_memory_MemTotal_bytes")).isEqualTo(2048 * 1024);
        assertThat(metrics.value("node_memory_Active_anon_bytes")).isEqualTo(5 * 1024);
        assertThat(metrics.value("node_memory_HugePages_Total")).isEqualTo(3);
    }

    @Test
    void readsDisksButNoPartitions() throws Exception {
        ExporterContractSink metrics = collect(exporter);
        assertThat(metrics.value("node_disk_reads_completed_total", "device", "sda"))
                .isEqualTo(100);
        assertThat(metrics.value("node_disk_read_bytes_total", "device", "sda")).isEqualTo(400 * 512);
        assertThat(metrics.value("node_disk_read_time_seconds_total", "device", "sda"))
                .isEqualTo(2.5);
        assertThat(metrics.value("node_disk_io_now", "device", "sda")).isEqualTo(2);
        assertThat(metrics.value("node_disk_flush_requests_time_seconds_total", "device", "sda"))
                .isEqualTo(0.125);
        assertThat(metrics.value("node_disk_reads_completed_total", "device", "sda1"))
                .isNaN();
        assertThat(metrics.value("node_disk_reads_completed_total", "device", "loop0"))
                .isNaN();
        assertThat(metrics.value("node_disk_reads_completed_total", "device", "sr0"))
                .isEqualTo(1);
        assertThat(metrics.value("node_disk_flush_requests_total", "device", "sr0"))
                .isNaN();
        assertThat(metrics.families().get("node_disk_io_now").type()).isEqualTo(MetricType.GAUGE);
    }

    @Test
    void readsNetworkDevices() throws Exception {
        ExporterContractSink metrics = collect(exporter);
        assertThat(metrics.value("node_network_receive_bytes_total", "device", "eth0"))
                .isEqualTo(2000);
        assertThat(metrics.value("node_network_receive_multicast_total", "device", "eth0"))
                .isEqualTo(6);
        assertThat(metrics.value("node_network_transmit_bytes_total", "device", "eth0"))
                .isEqualTo(3000);
        assertThat(metrics.value("node_network_transmit_compressed_total", "device", "eth0"))
                .isEqualTo(12);
        assertThat(metrics.value("node_network_receive_nohandler_total", "device", "eth0"))
                .isEqualTo(17);
        assertThat(metrics.value("node_network_receive_bytes_total", "device", "lo"))
                .isEqualTo(100);
    }

    @Test
    void readsFileSystemsAndSaysWhichFail() throws Exception {
        ExporterContractSink metrics = collect(exporter);
        String[] root = {"device", "/dev/sda1", "fstype", "ext4", "mountpoint", "/"};
        String[] gone = {"device", "/dev/sdb1", "fstype", "xfs", "mountpoint", "/nowhere/with blank"};
        assertThat(metrics.value("node_filesystem_size_bytes", root)).isPositive();
        assertThat(metrics.value("node_filesystem_avail_bytes", root))
                .isLessThanOrEqualTo(metrics.value("node_filesystem_size_bytes", root));
        assertThat(metrics.value("node_filesystem_readonly", root)).isZero();
        assertThat(metrics.value("node_filesystem_device_error", root)).isZero();
        assertThat(metrics.value("node_filesystem_device_error", gone)).isEqualTo(1);
        assertThat(metrics.value("node_filesystem_size_bytes", gone)).isNaN();
        assertThat(metrics.samples().keySet())
                .noneMatch(series -> series.get("mountpoint").startsWith("/sys"))
                .noneMatch(series -> series.get("fstype").equals("overlay"));
    }

    @Test
    void readsTheRest() throws Exception {
        ExporterContractSink metrics = collect(exporter);
        assertThat(metrics.value("node_load5")).isEqualTo(1.25);
        assertThat(metrics.value("node_intr_total")).isEqualTo(81923);
        assertThat(metrics.value("node_boot_time_seconds")).isEqualTo(1_700_000_000);
        assertThat(metrics.value("node_forks_total")).isEqualTo(4321);
        assertThat(metrics.value("node_procs_blocked")).isEqualTo(1);
        assertThat(metrics.value("node_vmstat_pgmajfault")).isEqualTo(14);
        assertThat(metrics.families()).doesNotContainKeys("node_vmstat_pgfree", "node_vmstat_nr_free_pages");
        assertThat(metrics.value("node_filefd_allocated")).isEqualTo(512);
        assertThat(metrics.value("node_filefd_maximum")).isEqualTo(100_000);
        assertThat(metrics.value("node_pressure_io_stalled_seconds_total")).isEqualTo(0.5);
        assertThat(metrics.value("node_time_clocksource_current_info", "clocksource", "tsc", "device", "0"))
                .isEqualTo(1);
        assertThat(metrics.value(
                        "node_uname_info",
                        "sysname",
                        "Linux",
                        "release",
                        "6.1.0",
                        "version",
                        "#1 SMP",
                        "machine",
                        "x86_64",
                        "nodename",
                        "box",
                        "domainname",
                        "(none)"))
                .isEqualTo(1);
    }

    /** The file holds the page as it is expected, without what depends on the host the test runs on. */
    @Test
    void writesThePageOfAMadeUpHost() throws Exception {
        Page page = Page.of(collect(exporter))
                .without(List.of("node_filesystem_", "node_scrape_collector_duration", "node_time_"));
        Map<String, String> lines = new TreeMap<>();
        page.families().forEach((name, family) -> lines.put(name, "# " + name + " " + family));
        StringBuilder text = new StringBuilder();
        page.values().forEach((series, value) -> {
            String family = lines.remove(Page.nameOf(series));
            text.append(family == null ? "" : family + "\n");
            text.append(series.replace(host.toString(), ""))
                    .append(' ')
                    .append(value)
                    .append('\n');
        });
        Files.writeString(Path.of("target", "host.page"), text);
        assertThat(text.toString())
                .as("if the change is meant, copy target/host.page over src/test/resources/host.page")
                .isEqualTo(HostTree.resource("host.page"));
    }

    @Test
    void goesOnWhenCollectorsFail() throws Exception {
        NodeExporter without = HostTree.exporter(empty);
        try {
            ExporterContractSink metrics = collect(without);
            assertThat(metrics.value("node_scrape_collector_success", "collector", "cpu"))
                    .isZero();
            assertThat(metrics.value("node_scrape_collector_success", "collector", "time"))
                    .isEqualTo(1);
            assertThat(metrics.value("node_time_seconds")).isPositive();
            assertThat(metrics.families()).doesNotContainKey("node_cpu_seconds_total");
        } finally {
            without.close();
        }
    }
}
