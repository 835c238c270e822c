package org.narthex.exporter.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.testkit.ExporterContractSink;

/** Compares with a real node_exporter on the same host, and on the same made-up one; skipped where none is installed. */
class NodeExporterComparisonTest {
    /** What node_exporter has and this does not, by the start of the names. */
    private static final List<String> NOT_COLLECTED =
            List.of("node_exporter_build_info", "node_scrape_collector_", "node_systemd_", "node_timex_", "promhttp_");
    /** What newer versions of node_exporter have, and Debian's has not. */
    private static final List<String> NEWER = List.of(
            "node_btrfs_commit",
            "node_btrfs_last_commit_seconds",
            "node_btrfs_max_commit_seconds",
            "node_cpu_scaling_governor",
            "node_os_support_end",
            "node_scrape_collector_",
            "node_softnet_backlog_len",
            "node_softnet_cpu_collision",
            "node_softnet_flow_limit",
            "node_softnet_received_rps",
            "node_watchdog_",
            "node_zfs_arc_memory_available_bytes",
            "node_zfs_zpool_state{state=\"suspended\"");
    /** What may move between the two pages; their values are not compared. */
    private static final List<String> MOVING = List.of(
            "node_arp_",
            "node_context_switches_total",
            "node_cpu_",
            "node_disk_",
            "node_entropy_available_bits",
            "node_filefd_allocated",
            "node_filesystem_",
            "node_forks_total",
            "node_intr_total",
            "node_load",
            "node_memory_",
            "node_netstat_",
            "node_network_receive_",
            "node_network_transmit_",
            "node_nf_conntrack_",
            "node_pressure_",
            "node_procs_",
            "node_schedstat_",
            "node_sockstat_",
            "node_softnet_",
            "node_time_seconds",
            "node_udp_queues",
            "node_vmstat_");

    @TempDir
    private Path folder;

    @Test
    void writesTheSameOfThisHost() throws Exception {
        Page theirs = RealExporter.page().without(NOT_COLLECTED);
        Page ours = page(new NodeExporter(Map.of())).without(NEWER);
        assertThat(ours.values().keySet()).isEqualTo(theirs.values().keySet());
        assertSameValues(ours.without(MOVING), theirs.without(MOVING));
        assertThat(ours.values().get("node_memory_MemTotal_bytes"))
                .isEqualTo(theirs.values().get("node_memory_MemTotal_bytes"));
        assertSameFamilies(ours, theirs);
    }

    @Test
    void writesTheSameOfAMadeUpHost() throws Exception {
        HostTree.unpack(folder);
        List<String> flags = new ArrayList<>(List.of(
                "--path.procfs=" + folder + "/proc",
                "--path.sysfs=" + folder + "/sys",
                "--path.rootfs=" + folder,
                "--path.udev.data=" + folder + "/udev",
                "--collector.cpu.info",
                "--collector.cpu.info.flags-include=aes|avx2",
                "--collector.cpu.info.bugs-include=^spec",
                "--collector.stat.softirq",
                "--no-collector.netdev.netlink"));
        // It looks for the operating system and SELinux where these really are, and for uname at the kernel.
        List<String> real = List.of(
                "node_os_",
                "node_selinux_",
                "node_uname_",
                "node_time_seconds",
                "node_filesystem_",
                // Only netlink tells it, and /sys.
                "node_network_receive_nohandler_total");
        Page theirs = RealExporter.page(flags.toArray(String[]::new))
                .without(NOT_COLLECTED)
                .without(real);
        Page ours = page(HostTree.exporter(
                        folder,
                        "collector.cpu.info.flags-include",
                        "aes|avx2",
                        "collector.cpu.info.bugs-include",
                        "^spec",
                        "collector.stat.softirq",
                        "true"))
                .without(NEWER)
                .without(real);
        assertSameValues(ours, theirs);
        assertThat(ours.values()).hasSizeGreaterThan(600);
        assertSameFamilies(ours, theirs);
    }

    private static Page page(NodeExporter exporter) {
        ExporterContractSink sink = new ExporterContractSink();
        exporter.collect(sink);
        exporter.close();
        assertThat(sink.faults()).isEmpty();
        return Page.of(sink);
    }

    /** Says which series differ, and how. */
    private static void assertSameValues(Page ours, Page theirs) {
        Map<String, String> different = new TreeMap<>();
        Set<String> all = new TreeSet<>(ours.values().keySet());
        all.addAll(theirs.values().keySet());
        for (String series : all) {
            Double here = ours.values().get(series);
            Double there = theirs.values().get(series);
            if (!Objects.equals(here, there)) {
                different.put(series, here + " here, " + there + " in node_exporter");
            }
        }
        assertThat(different).isEmpty();
        assertThat(all).hasSizeGreaterThan(20);
    }

    /** Families without series are not told by node_exporter. */
    private static void assertSameFamilies(Page ours, Page theirs) {
        Map<String, String> expected = new HashMap<>(theirs.families());
        expected.keySet().retainAll(ours.families().keySet());
        assertThat(ours.families()).isEqualTo(expected);
    }
}
