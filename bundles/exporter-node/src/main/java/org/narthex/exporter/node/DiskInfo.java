package org.narthex.exporter.node;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** What a disk is: what udev has found out about it, in one file per device number. */
final class DiskInfo {
    private static final List<String[]> ATA = List.of(
            new String[] {"ID_ATA_WRITE_CACHE", "node_disk_ata_write_cache", "ATA disk has a write cache."},
            new String[] {
                "ID_ATA_WRITE_CACHE_ENABLED",
                "node_disk_ata_write_cache_enabled",
                "ATA disk has its write cache enabled."
            },
            new String[] {
                "ID_ATA_ROTATION_RATE_RPM",
                "node_disk_ata_rotation_rate_rpm",
                "ATA disk rotation rate in RPMs (0 for SSDs)."
            });

    private final KernelFiles udev;

    DiskInfo(KernelFiles udev) {
        this.udev = udev;
    }

    void write(MetricSink sink, String device, String major, String minor) throws IOException {
        Map<String, String> known = properties("b" + major + ":" + minor);
        sink.gauge(
                "node_disk_info",
                "Info of /sys/block/<block_device>.",
                1,
                "device",
                device,
                "major",
                major,
                "minor",
                minor,
                "path",
                text(known, "ID_PATH"),
                "wwn",
                text(known, "ID_WWN"),
                "model",
                text(known, "ID_MODEL"),
                "serial",
                serial(known),
                "revision",
                text(known, "ID_REVISION"));
        if (known.containsKey("ID_FS_TYPE")) {
            info(
                    sink,
                    "node_disk_filesystem_info",
                    "Info about disk filesystem.",
                    "device",
                    device,
                    "type",
                    text(known, "ID_FS_TYPE"),
                    "usage",
                    text(known, "ID_FS_USAGE"),
                    "uuid",
                    text(known, "ID_FS_UUID"),
                    "version",
                    text(known, "ID_FS_VERSION"));
        }
        if (known.containsKey("DM_NAME")) {
            info(
                    sink,
                    "node_disk_device_mapper_info",
                    "Info about disk device mapper.",
                    "device",
                    device,
                    "name",
                    text(known, "DM_NAME"),
                    "uuid",
                    text(known, "DM_UUID"),
                    "vg_name",
                    text(known, "DM_VG_NAME"),
                    "lv_name",
                    text(known, "DM_LV_NAME"),
                    "lv_layer",
                    text(known, "DM_LV_LAYER"));
        }
        if (known.containsKey("ID_ATA")) {
            for (String[] property : ATA) {
                if (known.containsKey(property[0])) {
                    double value = KernelFiles.number(property[0], known.get(property[0]));
                    sink.gauge(property[1], property[2], value, "device", device);
                }
            }
        }
    }

    private static void info(MetricSink sink, String family, String help, String... labels) {
        sink.family(family, MetricType.GAUGE, help);
        sink.sample(family, 1, labels);
    }

    private static String text(Map<String, String> known, String key) {
        return known.getOrDefault(key, "");
    }

    /** The one printed on the disk if it is known, else what comes next to it. */
    private static String serial(Map<String, String> known) {
        for (String key : List.of("SCSI_IDENT_SERIAL", "ID_SERIAL_SHORT", "ID_SERIAL")) {
            if (!text(known, key).isEmpty()) {
                return text(known, key);
            }
        }
        return "";
    }

    /** Lines like {@code E:ID_MODEL=some disk}; none where there is no udev. */
    private Map<String, String> properties(String file) throws IOException {
        Map<String, String> properties = new HashMap<>();
        if (udev.file(file).exists()) {
            for (String line : udev.lines(file)) {
                int equals = line.indexOf('=');
                if (line.startsWith("E:") && equals > 0) {
                    properties.put(line.substring(2, equals), line.substring(equals + 1));
                }
            }
        }
        return properties;
    }
}
