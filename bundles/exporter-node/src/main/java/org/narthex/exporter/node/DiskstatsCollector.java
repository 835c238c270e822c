package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/**
 * Disks from {@code /proc/diskstats}; by default partitions and memory disks are left out. The number of columns grew over the years, see the kernel's {@code
 * Documentation/admin-guide/iostats.rst}: what a kernel does not have is not written.
 */
final class DiskstatsCollector implements Collector {
    private static final String FILE = "diskstats";
    private static final double SECTOR_BYTES = 512;
    private static final double MILLIS = 1e-3;
    /** Major number, minor number, name. */
    private static final int FIRST_COLUMN = 3;

    private static final List<Column> COLUMNS = List.of(
            new Column("reads_completed_total", "The total number of reads completed successfully.", 1),
            new Column("reads_merged_total", "The total number of reads merged.", 1),
            new Column("read_bytes_total", "The total number of bytes read successfully.", SECTOR_BYTES),
            new Column("read_time_seconds_total", "The total number of seconds spent by all reads.", MILLIS),
            new Column("writes_completed_total", "The total number of writes completed successfully.", 1),
            new Column("writes_merged_total", "The number of writes merged.", 1),
            new Column("written_bytes_total", "The total number of bytes written successfully.", SECTOR_BYTES),
            new Column("write_time_seconds_total", "This is the total number of seconds spent by all writes.", MILLIS),
            new Column("io_now", "The number of I/Os currently in progress.", 1),
            new Column("io_time_seconds_total", "Total seconds spent doing I/Os.", MILLIS),
            new Column("io_time_weighted_seconds_total", "The weighted # of seconds spent doing I/Os.", MILLIS),
            new Column("discards_completed_total", "The total number of discards completed successfully.", 1),
            new Column("discards_merged_total", "The total number of discards merged.", 1),
            new Column("discarded_sectors_total", "The total number of sectors discarded successfully.", 1),
            new Column(
                    "discard_time_seconds_total", "This is the total number of seconds spent by all discards.", MILLIS),
            new Column("flush_requests_total", "The total number of flush requests completed successfully", 1),
            new Column(
                    "flush_requests_time_seconds_total",
                    "This is the total number of seconds spent by all flush requests.",
                    MILLIS));

    static final String EXCLUDED = "^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+$";

    private final KernelFiles proc;
    private final Filter devices;
    private final DiskInfo info;

    DiskstatsCollector(KernelFiles proc, Filter devices, DiskInfo info) {
        this.proc = proc;
        this.devices = devices;
        this.info = info;
    }

    /** A column and its family; the factor turns the kernel's unit into the family's. */
    private record Column(String name, MetricType type, String help, double factor) {
        Column(String suffix, String help, double factor) {
            this(
                    "node_disk_" + suffix,
                    suffix.endsWith("_total") ? MetricType.COUNTER : MetricType.GAUGE,
                    help,
                    factor);
        }
    }

    @Override
    public String name() {
        return "diskstats";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        for (String line : proc.lines(FILE)) {
            List<String> words = KernelFiles.words(line);
            if (words.size() <= FIRST_COLUMN || !devices.accepts(words.get(2))) {
                continue;
            }
            String device = words.get(2);
            info.write(sink, device, words.get(0), words.get(1));
            for (int i = 0; i < Math.min(COLUMNS.size(), words.size() - FIRST_COLUMN); i++) {
                Column column = COLUMNS.get(i);
                double value = KernelFiles.number(FILE, words.get(FIRST_COLUMN + i));
                sink.family(column.name(), column.type(), column.help());
                sink.sample(column.name(), value * column.factor(), "device", device);
            }
        }
    }
}
