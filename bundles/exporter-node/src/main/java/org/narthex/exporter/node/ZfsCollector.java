package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** ZFS from {@code /proc/spl/kstat/zfs}: tables of a name, a type and a value, for all of ZFS and for each pool and data set. */
final class ZfsCollector implements Collector {
    private static final String FOLDER = "spl/kstat/zfs";
    private static final List<String> STATES =
            List.of("online", "degraded", "faulted", "offline", "removed", "unavail", "suspended");
    /** Of the types of a value, those that are numbers. */
    private static final List<String> NUMBERS = List.of("3", "4");

    /** The subsystem's part of the name, by file. */
    private static final Map<String, String> FILES = new TreeMap<>(Map.ofEntries(
            Map.entry("abdstats", "abd"),
            Map.entry("arcstats", "arc"),
            Map.entry("dbufstats", "dbuf"),
            Map.entry("dmu_tx", "dmu_tx"),
            Map.entry("dnodestats", "dnode"),
            Map.entry("fm", "fm"),
            Map.entry("vdev_cache_stats", "vdev_cache"),
            Map.entry("vdev_mirror_stats", "vdev_mirror"),
            Map.entry("xuio_stats", "xuio"),
            Map.entry("zfetchstats", "zfetch"),
            Map.entry("zil", "zil")));

    private final KernelFiles proc;

    ZfsCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "zfs";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        if (!proc.file(FOLDER).isDirectory()) {
            throw new NoDataException(FOLDER);
        }
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            String path = FOLDER + "/" + file.getKey();
            // Which files there are depends on the version of ZFS.
            if (proc.file(path).exists()) {
                for (List<String> row : rows(path)) {
                    write(sink, "zfs_" + file.getValue(), file.getKey(), path, row.get(0), row.get(2));
                }
            }
        }
        for (String pool : proc.names(FOLDER)) {
            if (proc.file(FOLDER + "/" + pool).isDirectory()) {
                pool(sink, pool);
            }
        }
    }

    private void pool(MetricSink sink, String pool) throws IOException {
        String folder = FOLDER + "/" + pool + "/";
        for (String file : proc.names(FOLDER + "/" + pool)) {
            if (file.equals("io")) {
                io(sink, pool, folder + file);
            } else if (file.startsWith("objset-")) {
                dataSet(sink, pool, folder + file);
            } else if (file.equals("state")) {
                state(sink, pool, proc.text(folder + file).strip().toLowerCase(Locale.ROOT));
            }
        }
    }

    /** The rows that hold numbers, below a heading. */
    private List<List<String>> rows(String path) throws IOException {
        return table(path).stream().filter(row -> NUMBERS.contains(row.get(1))).toList();
    }

    private List<List<String>> table(String path) throws IOException {
        List<List<String>> rows = proc.lines(path).stream()
                .map(KernelFiles::words)
                .filter(words -> words.size() >= 3)
                .toList();
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).equals(List.of("name", "type", "data"))) {
                return rows.subList(i + 1, rows.size());
            }
        }
        throw new IOException(path + " has no table of name, type and data");
    }

    /** A line of names, and below it one of values. */
    private void io(MetricSink sink, String pool, String path) throws IOException {
        List<String> lines = proc.lines(path);
        for (int i = 0; i + 1 < lines.size(); i++) {
            List<String> names = KernelFiles.words(lines.get(i));
            if (!names.isEmpty() && names.get(0).equals("nread")) {
                List<String> values = KernelFiles.words(lines.get(i + 1));
                for (int j = 0; j < Math.min(names.size(), values.size()); j++) {
                    write(sink, "zfs_zpool", "io", path, names.get(j), values.get(j), "zpool", pool);
                }
            }
        }
    }

    private void dataSet(MetricSink sink, String pool, String path) throws IOException {
        String name = "";
        for (List<String> row : table(path)) {
            if (row.get(0).equals("dataset_name")) {
                name = row.get(2);
            } else if (NUMBERS.contains(row.get(1))) {
                write(
                        sink,
                        "zfs_zpool_dataset",
                        "objset",
                        path,
                        row.get(0),
                        row.get(2),
                        "zpool",
                        pool,
                        "dataset",
                        name);
            }
        }
    }

    private static void state(MetricSink sink, String pool, String current) {
        sink.family("node_zfs_zpool_state", MetricType.GAUGE, "kstat.zfs.misc.state");
        for (String state : STATES) {
            sink.sample("node_zfs_zpool_state", state.equals(current) ? 1 : 0, "zpool", pool, "state", state);
        }
    }

    private static void write(
            MetricSink sink, String subsystem, String group, String path, String key, String value, String... labels)
            throws IOException {
        String name = "node_" + subsystem + "_" + key.replace('-', '_');
        sink.family(name, MetricType.UNKNOWN, "kstat.zfs.misc." + group + "." + key);
        sink.sample(name, KernelFiles.number(path, value), labels);
    }
}
