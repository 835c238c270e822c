package org.narthex.exporter.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/** Debian's node_exporter, asked for one page. */
final class RealExporter {
    private static final Path BINARY = Path.of("/usr/bin/prometheus-node-exporter");

    private RealExporter() {}

    /** Skips the test where there is none. */
    static Page page(String... flags) throws IOException, InterruptedException {
        Assumptions.assumeTrue(Files.isExecutable(BINARY), BINARY + " is not installed");
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                BINARY.toString(),
                "--web.listen-address=127.0.0.1:" + port,
                "--web.disable-exporter-metrics",
                // Debian's own defaults are stricter than upstream's.
                "--collector.netdev.device-exclude=^$",
                "--collector.diskstats.device-exclude=" + DiskstatsCollector.EXCLUDED,
                "--collector.filesystem.mount-points-exclude=" + Mounts.POINTS_EXCLUDED,
                "--collector.filesystem.fs-types-exclude=" + Mounts.TYPES_EXCLUDED,
                // Fields that newer versions have.
                "--collector.netstat.fields=" + NetstatCollector.DEFAULT_FIELDS));
        command.addAll(List.of(flags));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return Page.of(get(process, URI.create("http://127.0.0.1:" + port + "/metrics")));
        } finally {
            process.destroy();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String get(Process process, URI uri) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request =
                HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            try {
                return client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (IOException e) {
                if (System.nanoTime() > deadline || !process.isAlive()) {
                    throw new AssertionError("node_exporter does not answer", e);
                }
                Thread.onSpinWait();
            }
        }
    }
}
