package org.narthex.exporter.node;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.scrape.MetricSink;

/** Caches of block devices on faster ones, from {@code /sys/fs/bcache}: a folder for each set, with folders of its backing and cache devices. */
final class BcacheCollector implements Collector {
    private static final String FOLDER = "fs/bcache";
    private static final String UNITS = "kMGTPEZY";
    /** Such as {@code 20.4G} or {@code -321.5k/sec}. */
    private static final Pattern SIZE = Pattern.compile("(-?\\d+)(?:\\.(\\d))?([" + UNITS + "])?(?:/sec)?");

    // The average is in microseconds; that it is taken for nanoseconds is what node_exporter does.
    private static final Attribute[] SET = {
        Attribute.gauge(
                "average_key_size",
                "node_bcache_average_key_size_sectors",
                "Average data per key in the btree (sectors).",
                1),
        Attribute.gauge(
                "btree_cache_size",
                "node_bcache_btree_cache_size_bytes",
                "Amount of memory currently used by the btree cache.",
                1),
        Attribute.gauge(
                "cache_available_percent",
                "node_bcache_cache_available_percent",
                "Percentage of cache device without dirty data, usable for writeback (may contain clean cached data).",
                1),
        Attribute.gauge("congested", "node_bcache_congested", "Congestion.", 1),
        Attribute.gauge(
                "root_usage_percent",
                "node_bcache_root_usage_percent",
                "Percentage of the root btree node in use (tree depth increases if too high).",
                1),
        Attribute.gauge("tree_depth", "node_bcache_tree_depth", "Depth of the btree.", 1),
        Attribute.gauge(
                "internal/active_journal_entries",
                "node_bcache_active_journal_entries",
                "Number of journal entries that are newer than the index.",
                1),
        Attribute.gauge("internal/btree_nodes", "node_bcache_btree_nodes", "Total nodes in the btree.", 1),
        Attribute.gauge(
                "internal/btree_read_average_duration_us",
                "node_bcache_btree_read_average_duration_seconds",
                "Average btree read duration.",
                1e-9),
        Attribute.counter(
                "internal/cache_read_races",
                "node_bcache_cache_read_races_total",
                "Counts instances where while data was being read from the cache, the bucket was reused and invalidated"
                        + " - i.e. where the pointer was stale after the read completed.",
                1)
    };
    private static final Attribute[] BACKING = {
        Attribute.gauge(
                "dirty_data",
                "node_bcache_dirty_data_bytes",
                "Amount of dirty data for this backing device in the cache.",
                1),
        Attribute.counter(
                "stats_total/bypassed",
                "node_bcache_bypassed_bytes_total",
                "Amount of IO (both reads and writes) that has bypassed the cache.",
                1),
        Attribute.counter(
                "stats_total/cache_hits",
                "node_bcache_cache_hits_total",
                "Hits counted per individual IO as bcache sees them.",
                1),
        Attribute.counter(
                "stats_total/cache_misses",
                "node_bcache_cache_misses_total",
                "Misses counted per individual IO as bcache sees them.",
                1),
        Attribute.counter(
                "stats_total/cache_bypass_hits",
                "node_bcache_cache_bypass_hits_total",
                "Hits for IO intended to skip the cache.",
                1),
        Attribute.counter(
                "stats_total/cache_bypass_misses",
                "node_bcache_cache_bypass_misses_total",
                "Misses for IO intended to skip the cache.",
                1),
        Attribute.counter(
                "stats_total/cache_miss_collisions",
                "node_bcache_cache_miss_collisions_total",
                "Instances where data insertion from cache miss raced with write (data already present).",
                1),
        Attribute.counter(
                "stats_total/cache_readaheads",
                "node_bcache_cache_readaheads_total",
                "Count of times readahead occurred.",
                1)
    };
    /** By the words at the beginning of the lines of {@code writeback_rate_debug}. */
    private static final Map<String, Attribute> WRITEBACK = Map.of(
            "rate",
            Attribute.gauge(
                    "rate",
                    "node_bcache_writeback_rate",
                    "Current writeback rate for this backing device in bytes.",
                    1),
            "target",
            Attribute.gauge(
                    "target",
                    "node_bcache_dirty_target_bytes",
                    "Current dirty data target threshold for this backing device in bytes.",
                    1),
            "proportional",
            Attribute.gauge(
                    "proportional",
                    "node_bcache_writeback_rate_proportional_term",
                    "Current result of proportional controller, part of writeback rate",
                    1),
            "integral",
            Attribute.gauge(
                    "integral",
                    "node_bcache_writeback_rate_integral_term",
                    "Current result of integral controller, part of writeback rate",
                    1),
            "change",
            Attribute.gauge(
                    "change",
                    "node_bcache_writeback_change",
                    "Last writeback rate change step for this backing device.",
                    1));

    private static final Attribute[] CACHE = {
        Attribute.gauge(
                "io_errors",
                "node_bcache_io_errors",
                "Number of errors that have occurred, decayed by io_error_halflife.",
                1),
        Attribute.counter(
                "metadata_written",
                "node_bcache_metadata_written_bytes_total",
                "Sum of all non data writes (btree writes and all other metadata).",
                1),
        Attribute.counter(
                "written", "node_bcache_written_bytes_total", "Sum of all data that has been written to the cache.", 1)
    };
    /** By the words at the beginning of the lines of {@code priority_stats}, which is slow to read. */
    private static final Map<String, Attribute> PRIORITIES = Map.of(
            "Unused",
            Attribute.gauge(
                    "Unused",
                    "node_bcache_priority_stats_unused_percent",
                    "The percentage of the cache that doesn't contain any data.",
                    1),
            "Metadata",
            Attribute.gauge(
                    "Metadata", "node_bcache_priority_stats_metadata_percent", "Bcache's metadata overhead.", 1));

    private final KernelFiles sys;
    private final boolean priorities;

    /** @param priorities whether to look at how old the data in the caches is */
    BcacheCollector(KernelFiles sys, boolean priorities) {
        this.sys = sys;
        this.priorities = priorities;
    }

    @Override
    public String name() {
        return "bcache";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        for (String uuid : sys.names(FOLDER)) {
            String set = FOLDER + "/" + uuid + "/";
            // Beside the sets stand files that take orders.
            if (uuid.indexOf('-') < 0 || !sys.file(set).isDirectory()) {
                continue;
            }
            write(sink, SET, set, "uuid", uuid);
            for (String device : sys.numbered(set, "bdev")) {
                String[] labels = {"backing_device", device, "uuid", uuid};
                write(sink, BACKING, set + device + "/", labels);
                lines(sink, WRITEBACK, set + device + "/writeback_rate_debug", labels);
            }
            for (String device : sys.numbered(set, "cache")) {
                String[] labels = {"cache_device", device, "uuid", uuid};
                write(sink, CACHE, set + device + "/", labels);
                if (priorities) {
                    lines(sink, PRIORITIES, set + device + "/priority_stats", labels);
                }
            }
        }
    }

    private void write(MetricSink sink, Attribute[] attributes, String folder, String... labels) throws IOException {
        for (Attribute attribute : attributes) {
            String file = folder + attribute.file();
            attribute.write(sink, size(file, sys.source(file).strip()), labels);
        }
    }

    /** Lines of a word, a colon and a number. */
    private void lines(MetricSink sink, Map<String, Attribute> attributes, String file, String... labels)
            throws IOException {
        Map<String, String> values = new TreeMap<>();
        for (String line : sys.source(file).lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        for (Map.Entry<String, String> value : values.entrySet()) {
            Attribute attribute = attributes.get(value.getKey());
            if (attribute != null) {
                attribute.write(sink, size(file, value.getValue().replaceFirst("%$", "")), labels);
            }
        }
    }

    /** The kernel writes sizes with one digit after the point, which counts hundreds of the next smaller unit. */
    private static double size(String file, String text) throws IOException {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new IOException(file + ": not a size: \"" + text + "\"");
        }
        double unit = size.group(3) == null ? 1 : Math.pow(1024, UNITS.indexOf(size.group(3)) + 1);
        double whole = Double.parseDouble(size.group(1)) * unit;
        double part = size.group(2) == null ? 0 : Integer.parseInt(size.group(2)) * 100 * (unit / 1024);
        return text.startsWith("-") ? whole - part : whole + part;
    }
}
