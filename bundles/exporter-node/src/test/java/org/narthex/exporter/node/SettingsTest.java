package org.narthex.exporter.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.testkit.ExporterContractSink;

class SettingsTest {
    @TempDir
    private Path host;

    private Page page(String... settings) throws Exception {
        HostTree.unpack(host);
        NodeExporter exporter = HostTree.exporter(host, settings);
        ExporterContractSink sink = new ExporterContractSink();
        exporter.collect(sink);
        exporter.close();
        assertThat(sink.faults()).isEmpty();
        return Page.of(sink);
    }

    @Test
    void turnsACollectorOff() throws Exception {
        Page page = page("collector.arp", "false", "no-collector.nvme", "true");
        assertThat(page.values())
                .doesNotContainKeys(
                        "node_scrape_collector_success{collector=\"arp\"}",
                        "node_scrape_collector_success{collector=\"nvme\"}")
                .containsKey("node_scrape_collector_success{collector=\"cpu\"}");
        assertThat(page.families()).doesNotContainKeys("node_arp_entries", "node_nvme_info");
    }

    @Test
    void turnsAllOffButOne() throws Exception {
        Page page = page("collector.disable-defaults", "true", "collector.loadavg", "true");
        assertThat(page.families().keySet())
                .containsExactlyInAnyOrder(
                        "node_load1",
                        "node_load5",
                        "node_load15",
                        "node_scrape_collector_duration_seconds",
                        "node_scrape_collector_success");
    }

    @Test
    void searchesForExpressionsInNames() throws Exception {
        Page page = page(
                "collector.netdev.device-include", "th0$",
                "collector.diskstats.device-exclude", "^sd|^sr",
                "collector.netclass.ignored-devices", "bond",
                "collector.hwmon.chip-include", "coretemp",
                "collector.filesystem.mount-points-exclude", "^/n");
        assertThat(page.values())
                .containsKey("node_network_receive_bytes_total{device=\"eth0\"}")
                .doesNotContainKey("node_network_receive_bytes_total{device=\"lo\"}")
                .containsKey("node_disk_io_now{device=\"loop0\"}")
                .doesNotContainKey("node_disk_io_now{device=\"sda\"}")
                .containsKey("node_network_up{device=\"eth0\"}")
                .doesNotContainKey("node_network_up{device=\"bond0\"}");
        assertThat(page.families()).containsKey("node_hwmon_temp_celsius").doesNotContainKey("node_hwmon_fan_rpm");
        assertThat(page.values().keySet())
                .filteredOn(series -> series.startsWith("node_filesystem_device_error"))
                .noneMatch(series -> series.contains("/nowhere"))
                .isNotEmpty();
    }

    @Test
    void leavesInvalidSpeedsAndGuestsOut() throws Exception {
        Page page = page("collector.netclass.ignore-invalid-speed", "true", "collector.cpu.guest", "false");
        assertThat(page.values())
                .containsKey("node_network_speed_bytes{device=\"eth0\"}")
                .doesNotContainKey("node_network_speed_bytes{device=\"eth1\"}");
        assertThat(page.families()).doesNotContainKey("node_cpu_guest_seconds_total");
    }

    @Test
    void sumsBackendsOverTheLabelsThatAreLeft() throws Exception {
        Page page = page("collector.ipvs.backend-labels", "proto", "collector.rapl.enable-zone-label", "true");
        assertThat(page.values())
                .containsEntry("node_ipvs_backend_connections_active{proto=\"TCP\"}", 496.0)
                .containsEntry("node_ipvs_backend_weight{proto=\"TCP\"}", 200.0);
        assertThat(page.families()).containsKey("node_rapl_joules_total");
    }

    @Test
    void saysWhichSettingIsWrong() {
        assertInvalid(
                "collector.netdev.device-exclude",
                "eth(",
                "org.narthex.exporter.node: collector.netdev.device-exclude");
        assertInvalid("collector.arp", "maybe", "collector.arp: \"maybe\" is neither true nor false");
        assertInvalid("collector.ipvs.backend-labels", "proto,nonsense", "there is no label \"nonsense\"");
        assertInvalid("collector.filesystem.mount-timeout", "soon", "collector.filesystem.mount-timeout");
        assertThatThrownBy(() -> new NodeExporter(
                        Map.of("collector.arp.device-include", "a", "collector.arp.device-exclude", "b")))
                .hasMessageContaining("collector.arp.device-include: excludes collector.arp.device-exclude");
    }

    private static void assertInvalid(String key, String value, String message) {
        assertThatThrownBy(() -> new NodeExporter(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void knowsWhichSettingsThereAre() {
        Settings settings =
                new Settings(Map.of("collector.arp.devices", "x", "collector.arp", "true", "service.pid", "y"));
        StatFs statFs = new StatFs(1);
        Collectors.chosen(settings, statFs, () -> Instant.EPOCH);
        statFs.close();
        assertThat(settings.unknown()).containsExactly("collector.arp.devices");
    }
}
