package org.narthex.exporter.node;

import java.io.IOException;
import java.util.List;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** Packets handled by each CPU, from {@code /proc/net/softnet_stat}: hexadecimal columns that grew in number over the years. */
final class SoftnetCollector implements Collector {
    private static final String FILE = "net/softnet_stat";
    private static final int CPU_COLUMN = 12;

    private static final List<Column> COLUMNS = List.of(
            new Column(0, "processed_total", "Number of processed packets"),
            new Column(1, "dropped_total", "Number of dropped packets"),
            new Column(2, "times_squeezed_total", "Number of times processing packets ran out of quota"),
            new Column(
                    8,
                    "cpu_collision_total",
                    "Number of collision occur while obtaining device lock while transmitting"),
            new Column(9, "received_rps_total", "Number of times cpu woken up received_rps"),
            new Column(10, "flow_limit_count_total", "Number of times flow limit has been reached"),
            new Column(11, "backlog_len", "Softnet backlog status"));

    private final KernelFiles proc;

    SoftnetCollector(KernelFiles proc) {
        this.proc = proc;
    }

    private record Column(int index, String name, String help) {}

    @Override
    public String name() {
        return "softnet";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        List<String> lines = proc.lines(FILE);
        for (int i = 0; i < lines.size(); i++) {
            List<String> words = KernelFiles.words(lines.get(i));
            // CPUs that are off have no line, so newer kernels say whose it is.
            String cpu = Integer.toString(
                    words.size() > CPU_COLUMN ? (int) KernelFiles.hexadecimal(FILE, words.get(CPU_COLUMN)) : i);
            for (Column column : COLUMNS) {
                if (column.index() < words.size()) {
                    String name = "node_softnet_" + column.name();
                    sink.family(name, name.endsWith("_total") ? MetricType.COUNTER : MetricType.GAUGE, column.help());
                    sink.sample(name, KernelFiles.hexadecimal(FILE, words.get(column.index())), "cpu", cpu);
                }
            }
        }
    }
}
