package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Btrfs file systems from {@code /sys/fs/btrfs}: how much is allocated to which kind of block, and the devices. */
final class BtrfsCollector implements Collector {
    private static final String FOLDER = "fs/btrfs";
    private static final int SECTOR = 512;
    private static final String USED = "node_btrfs_used_bytes";
    private static final String SIZE = "node_btrfs_size_bytes";
    private static final String RATIO = "node_btrfs_allocation_ratio";
    private static final Attribute RESERVE =
            Attribute.gauge("global_rsv_size", "node_btrfs_global_rsv_size_bytes", "Size of global reserve.", 1);
    private static final Attribute RESERVED = Attribute.gauge(
            "bytes_reserved", "node_btrfs_reserved_bytes", "Amount of space reserved for a data type", 1);
    private static final Attribute DEVICE_SIZE = Attribute.gauge(
            "size", "node_btrfs_device_size_bytes", "Size of a device that is part of the filesystem.", SECTOR);

    private final KernelFiles sys;

    BtrfsCollector(KernelFiles sys) {
        this.sys = sys;
    }

    @Override
    public String name() {
        return "btrfs";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        for (String uuid : sys.names(FOLDER)) {
            String folder = FOLDER + "/" + uuid;
            // Beside the file systems stands a folder of what the kernel can do.
            if (uuid.indexOf('-') > 0 && sys.file(folder + "/allocation").exists()) {
                write(sink, uuid, folder);
            }
        }
    }

    private void write(MetricSink sink, String uuid, String folder) throws IOException {
        sink.gauge(
                "node_btrfs_info",
                "Filesystem information",
                1,
                "label",
                sys.line(folder + "/label").orElse(""),
                "uuid",
                uuid);
        RESERVE.write(sink, sys, folder + "/allocation", "uuid", uuid);
        List<String> devices = sys.names(folder + "/devices");
        for (String device : devices) {
            DEVICE_SIZE.write(sink, sys, folder + "/devices/" + device, "device", device, "uuid", uuid);
        }
        for (String kind : new String[] {"data", "metadata", "system"}) {
            String allocation = folder + "/allocation/" + kind;
            RESERVED.write(sink, sys, allocation, "block_group_type", kind, "uuid", uuid);
            for (String layout : sys.names(allocation)) {
                OptionalDouble ratio = ratio(layout, devices.size());
                if (ratio.isPresent() && sys.file(allocation + "/" + layout).isDirectory()) {
                    layout(sink, allocation + "/" + layout, ratio.getAsDouble(), kind, layout, uuid);
                }
            }
        }
        commits(sink, uuid, folder + "/commit_stats");
    }

    private void layout(MetricSink sink, String folder, double ratio, String kind, String layout, String uuid)
            throws IOException {
        String[] labels = {"block_group_type", kind, "mode", layout, "uuid", uuid};
        sink.gauge(USED, "Amount of used space by a layout/data type", sys.number(folder + "/used_bytes"), labels);
        sink.gauge(
                SIZE, "Amount of space allocated for a layout/data type", sys.number(folder + "/total_bytes"), labels);
        sink.gauge(RATIO, "Data allocation ratio for a layout/data type", ratio, labels);
    }

    /** How much of the devices a byte takes; empty if it is no layout. */
    private static OptionalDouble ratio(String layout, int devices) {
        double n = devices;
        return switch (layout) {
            case "single", "raid0" -> OptionalDouble.of(1);
            case "dup", "raid1", "raid10" -> OptionalDouble.of(2);
            case "raid1c3" -> OptionalDouble.of(3);
            case "raid1c4" -> OptionalDouble.of(4);
            case "raid5" -> OptionalDouble.of(n / (n - 1));
            case "raid6" -> OptionalDouble.of(n / (n - 2));
            default -> OptionalDouble.empty();
        };
    }

    /** Since Linux 6.0. */
    private void commits(MetricSink sink, String uuid, String file) throws IOException {
        if (!sys.file(file).exists()) {
            return;
        }
        KeyedLines lines = new KeyedLines(sys, file);
        String[] labels = {"uuid", uuid};
        sink.counter(
                "node_btrfs_commits_total",
                "The total number of commits that have occurred.",
                lines.number("commits", 1),
                labels);
        seconds(
                sink,
                "node_btrfs_last_commit_seconds",
                MetricType.GAUGE,
                "Duration of the most recent commit, in seconds.",
                lines.number("last_commit_ms", 1),
                labels);
        seconds(
                sink,
                "node_btrfs_max_commit_seconds",
                MetricType.GAUGE,
                "Duration of the slowest commit, in seconds.",
                lines.number("max_commit_ms", 1),
                labels);
        seconds(
                sink,
                "node_btrfs_commit_seconds_total",
                MetricType.COUNTER,
                "Sum of the duration of all commits, in seconds.",
                lines.number("total_commit_ms", 1),
                labels);
    }

    private static void seconds(
            MetricSink sink, String name, MetricType type, String help, double millis, String... labels) {
        sink.family(name, type, help);
        sink.sample(name, millis / 1e3, labels);
    }
}
