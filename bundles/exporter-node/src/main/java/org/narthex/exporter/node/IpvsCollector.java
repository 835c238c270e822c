package org.narthex.exporter.node;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** The kernel's load balancer, from {@code /proc/net/ip_vs_stats} and {@code /proc/net/ip_vs}. */
final class IpvsCollector implements Collector {
    /** All labels a backend may have, in the order they are written. */
    static final List<String> LABELS =
            List.of("local_address", "local_port", "remote_address", "remote_port", "proto", "local_mark");

    private static final String TOTALS = "net/ip_vs_stats";
    private static final String BACKENDS = "net/ip_vs";

    private final KernelFiles proc;
    private final List<String> labels;

    /** @param labels those of {@link #LABELS} that tell backends apart; what others tell apart is summed */
    IpvsCollector(KernelFiles proc, List<String> labels) {
        this.proc = proc;
        this.labels = labels;
    }

    /** Sums over backends with the same labels. */
    private static final class Backend {
        private double active;
        private double inactive;
        private double weight;
    }

    @Override
    public String name() {
        return "ipvs";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        totals(sink, proc.source(TOTALS).lines().toList());
        Map<List<String>, Backend> backends = backends(proc.lines(BACKENDS));
        backends.forEach((key, backend) -> {
            String[] pairs = key.toArray(String[]::new);
            gauge(
                    sink,
                    "connections_active",
                    "The current active connections by local and remote address.",
                    backend.active,
                    pairs);
            gauge(
                    sink,
                    "connections_inactive",
                    "The current inactive connections by local and remote address.",
                    backend.inactive,
                    pairs);
            gauge(sink, "weight", "The current backend weight by local and remote address.", backend.weight, pairs);
        });
    }

    private static void totals(MetricSink sink, List<String> lines) throws IOException {
        List<String> words = lines.size() < 3 ? List.of() : KernelFiles.words(lines.get(2));
        if (words.size() != 5) {
            throw new IOException(TOTALS + " has no third line of five numbers");
        }
        double[] values = new double[5];
        for (int i = 0; i < values.length; i++) {
            values[i] = KernelFiles.hexadecimal(TOTALS, words.get(i));
        }
        sink.counter("node_ipvs_connections_total", "The total number of connections made.", values[0]);
        sink.counter("node_ipvs_incoming_packets_total", "The total number of incoming packets.", values[1]);
        sink.counter("node_ipvs_outgoing_packets_total", "The total number of outgoing packets.", values[2]);
        sink.counter("node_ipvs_incoming_bytes_total", "The total amount of incoming data.", values[3]);
        sink.counter("node_ipvs_outgoing_bytes_total", "The total amount of outgoing data.", values[4]);
    }

    /** Backends stand below the service they serve, each after an arrow. */
    private Map<List<String>, Backend> backends(List<String> lines) throws IOException {
        Map<List<String>, Backend> backends = new LinkedHashMap<>();
        Map<String, String> service = Map.of();
        for (String line : lines) {
            List<String> words = KernelFiles.words(line);
            if (words.size() >= 2 && List.of("TCP", "UDP", "SCTP").contains(words.get(0))) {
                IpvsAddress local = IpvsAddress.parse(BACKENDS, words.get(1));
                service = service(words.get(0), local.address(), local.port(), "");
            } else if (words.size() >= 2 && words.get(0).equals("FWM")) {
                service = service("FWM", "", "0", words.get(1));
            } else if (words.size() == 6 && words.get(0).equals("->") && !service.isEmpty()) {
                IpvsAddress remote = IpvsAddress.parse(BACKENDS, words.get(1));
                Backend backend = backends.computeIfAbsent(key(service, remote), any -> new Backend());
                backend.weight += KernelFiles.number(BACKENDS, words.get(3));
                backend.active += KernelFiles.number(BACKENDS, words.get(4));
                backend.inactive += KernelFiles.number(BACKENDS, words.get(5));
            }
        }
        return backends;
    }

    private static Map<String, String> service(String proto, String address, String port, String mark) {
        return Map.of("proto", proto, "local_address", address, "local_port", port, "local_mark", mark);
    }

    /** Name, value, name, value, …, of the labels asked for. */
    private List<String> key(Map<String, String> service, IpvsAddress remote) {
        String[] pairs = new String[2 * labels.size()];
        for (int i = 0; i < labels.size(); i++) {
            String label = labels.get(i);
            pairs[2 * i] = label;
            pairs[2 * i + 1] = switch (label) {
                case "remote_address" -> remote.address();
                case "remote_port" -> remote.port();
                default -> service.get(label);
            };
        }
        return List.of(pairs);
    }

    private static void gauge(MetricSink sink, String suffix, String help, double value, String... pairs) {
        String name = "node_ipvs_backend_" + suffix;
        sink.family(name, MetricType.GAUGE, help);
        sink.sample(name, value, pairs);
    }
}
