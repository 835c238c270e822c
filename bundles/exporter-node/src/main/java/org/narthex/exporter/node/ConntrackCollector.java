package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** The connection tracking table, from {@code /proc/sys/net/netfilter} and {@code /proc/net/stat/nf_conntrack}. */
final class ConntrackCollector implements Collector {
    private static final String LIMITS = "sys/net/netfilter/";
    private static final String STATISTICS = "net/stat/nf_conntrack";

    private static final List<Column> COLUMNS = List.of(
            new Column(2, "found", "Number of searched entries which were successful."),
            new Column(4, "invalid", "Number of packets seen which can not be tracked."),
            new Column(5, "ignore", "Number of packets seen which are already connected to a conntrack entry."),
            new Column(8, "insert", "Number of entries inserted into the list."),
            new Column(9, "insert_failed", "Number of entries for which list insertion was attempted but failed."),
            new Column(10, "drop", "Number of packets dropped due to conntrack failure."),
            new Column(
                    11,
                    "early_drop",
                    "Number of dropped conntrack entries to make room for new ones, if maximum table size was reached."),
            new Column(
                    16,
                    "search_restart",
                    "Number of conntrack table lookups which had to be restarted due to hashtable resizes."));

    private final KernelFiles proc;

    ConntrackCollector(KernelFiles proc) {
        this.proc = proc;
    }

    private record Column(int index, String name, String help) {}

    @Override
    public String name() {
        return "conntrack";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        double entries = KernelFiles.number(
                "nf_conntrack_count", proc.source(LIMITS + "nf_conntrack_count").strip());
        sink.gauge(
                "node_nf_conntrack_entries",
                "Number of currently allocated flow entries for connection tracking.",
                entries);
        sink.gauge(
                "node_nf_conntrack_entries_limit",
                "Maximum size of connection tracking table.",
                proc.number(LIMITS + "nf_conntrack_max"));
        double[] sums = new double[COLUMNS.size()];
        List<String> lines = proc.source(STATISTICS).lines().toList();
        // One line per CPU below the heading.
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            List<String> words = KernelFiles.words(line);
            for (int i = 0; i < sums.length; i++) {
                Column column = COLUMNS.get(i);
                if (column.index() >= words.size()) {
                    throw new IOException(STATISTICS + " has no column " + column.name());
                }
                sums[i] += KernelFiles.hexadecimal(STATISTICS, words.get(column.index()));
            }
        }
        for (int i = 0; i < sums.length; i++) {
            String name = "node_nf_conntrack_stat_" + COLUMNS.get(i).name();
            sink.family(name, MetricType.GAUGE, COLUMNS.get(i).help());
            sink.sample(name, sums[i]);
        }
    }
}
