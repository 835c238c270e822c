package org.narthex.exporter.node;

import java.io.IOException;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** The NFS client, from {@code /proc/net/rpc/nfs}. */
final class NfsCollector implements Collector {
    private static final String FILE = "net/rpc/nfs";
    private static final String REQUESTS = "node_nfs_requests_total";
    private static final String REQUESTS_HELP = "Number of NFS procedures invoked.";

    private final KernelFiles proc;

    NfsCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "nfs";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        KeyedLines lines = new KeyedLines(proc, FILE);
        sink.family(
                "node_nfs_packets_total",
                MetricType.COUNTER,
                "Total NFSd network packets (sent+received) by protocol type.");
        sink.sample("node_nfs_packets_total", lines.number("net", 2), "protocol", "udp");
        sink.sample("node_nfs_packets_total", lines.number("net", 3), "protocol", "tcp");
        sink.counter("node_nfs_connections_total", "Total number of NFSd TCP connections.", lines.number("net", 4));
        sink.counter("node_nfs_rpcs_total", "Total number of RPCs performed.", lines.number("rpc", 1));
        sink.counter(
                "node_nfs_rpc_retransmissions_total", "Number of RPC transmissions performed.", lines.number("rpc", 2));
        sink.counter(
                "node_nfs_rpc_authentication_refreshes_total",
                "Number of RPC authentication refreshes performed.",
                lines.number("rpc", 3));
        NfsMethods.write(sink, REQUESTS, REQUESTS_HELP, FILE, "2", NfsMethods.V2, lines.words("proc2"));
        NfsMethods.write(sink, REQUESTS, REQUESTS_HELP, FILE, "3", NfsMethods.V3, lines.words("proc3"));
        NfsMethods.write(sink, REQUESTS, REQUESTS_HELP, FILE, "4", NfsMethods.CLIENT_V4, lines.words("proc4"));
    }
}
