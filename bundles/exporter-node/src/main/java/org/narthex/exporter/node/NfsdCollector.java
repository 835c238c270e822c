package org.narthex.exporter.node;

import java.io.IOException;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.MetricSink;

/** The NFS server, from {@code /proc/net/rpc/nfsd}. */
final class NfsdCollector implements Collector {
    private static final String FILE = "net/rpc/nfsd";
    private static final String REQUESTS = "node_nfsd_requests_total";
    private static final String REQUESTS_HELP = "Total number NFSd Requests by method and protocol.";

    private final KernelFiles proc;

    NfsdCollector(KernelFiles proc) {
        this.proc = proc;
    }

    @Override
    public String name() {
        return "nfsd";
    }

    @Override
    public void collect(MetricSink sink) throws IOException {
        KeyedLines lines = new KeyedLines(proc, FILE);
        caches(sink, lines);
        sink.counter("node_nfsd_disk_bytes_read_total", "Total NFSd bytes read.", lines.number("io", 1));
        sink.counter("node_nfsd_disk_bytes_written_total", "Total NFSd bytes written.", lines.number("io", 2));
        sink.gauge(
                "node_nfsd_server_threads",
                "Total number of NFSd kernel threads that are running.",
                lines.number("th", 1));
        sink.family(
                "node_nfsd_packets_total",
                MetricType.COUNTER,
                "Total NFSd network packets (sent+received) by protocol type.");
        sink.sample("node_nfsd_packets_total", lines.number("net", 2), "proto", "udp");
        sink.sample("node_nfsd_packets_total", lines.number("net", 3), "proto", "tcp");
        sink.counter("node_nfsd_connections_total", "Total number of NFSd TCP connections.", lines.number("net", 4));
        sink.family("node_nfsd_rpc_errors_total", MetricType.COUNTER, "Total number of NFSd RPC errors by error type.");
        // The second number is their sum.
        sink.sample("node_nfsd_rpc_errors_total", lines.number("rpc", 3), "error", "fmt");
        sink.sample("node_nfsd_rpc_errors_total", lines.number("rpc", 4), "error", "auth");
        sink.sample("node_nfsd_rpc_errors_total", lines.number("rpc", 5), "error", "cInt");
        sink.counter("node_nfsd_server_rpcs_total", "Total number of NFSd RPCs.", lines.number("rpc", 1));
        NfsMethods.write(sink, REQUESTS, REQUESTS_HELP, FILE, "2", withoutNull(NfsMethods.V2), lines.words("proc2"));
        NfsMethods.write(sink, REQUESTS, REQUESTS_HELP, FILE, "3", withoutNull(NfsMethods.V3), lines.words("proc3"));
        NfsMethods.write(sink, REQUESTS, REQUESTS_HELP, FILE, "4", NfsMethods.SERVER_V4, lines.words("proc4ops"));
    }

    private static void caches(MetricSink sink, KeyedLines lines) throws IOException {
        sink.counter(
                "node_nfsd_reply_cache_hits_total",
                "Total number of NFSd Reply Cache hits (client lost server response).",
                lines.number("rc", 1));
        sink.counter(
                "node_nfsd_reply_cache_misses_total",
                "Total number of NFSd Reply Cache an operation that requires caching (idempotent).",
                lines.number("rc", 2));
        sink.counter(
                "node_nfsd_reply_cache_nocache_total",
                "Total number of NFSd Reply Cache non-idempotent operations (rename/delete/…).",
                lines.number("rc", 3));
        sink.counter(
                "node_nfsd_file_handles_stale_total", "Total number of NFSd stale file handles", lines.number("fh", 1));
        sink.gauge(
                "node_nfsd_read_ahead_cache_size_blocks",
                "How large the read ahead cache is in blocks.",
                lines.number("ra", 1));
        sink.counter(
                "node_nfsd_read_ahead_cache_not_found_total",
                "Total number of NFSd read ahead cache not found.",
                lines.number("ra", 12));
    }

    /** The server's pages leave the call out that does nothing. */
    private static String[] withoutNull(String... methods) {
        String[] named = methods.clone();
        named[0] = "-";
        return named;
    }
}
