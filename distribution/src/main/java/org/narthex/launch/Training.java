package org.narthex.launch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A short run that does a little of everything, so that the classes for it are loaded when the JVM writes its archive at the end. It works in a folder
 * of its own and meets nobody but itself.
 */
public final class Training {
    private static final long LONGEST_MS = 60_000;
    private static final int ROUNDS = 4;

    private static final String[] PATHS = {
        "/",
        "/metrics",
        "/api/v1/query?query=sum%20by%20(job)%20(rate(process_cpu_seconds_total%5B1m%5D))",
        "/api/v1/query?query=up",
        "/api/v1/query_range?query=up&start=0&end=60&step=15",
        "/api/v1/series?match%5B%5D=up",
        "/api/v1/labels",
        "/api/v1/label/job/values",
        "/api/v1/targets",
        "/api/v1/rules",
        "/api/v1/alerts",
        "/api/v1/status/buildinfo",
        "/api/v1/status/runtimeinfo",
        "/api/v1/status/config",
        "/api/v1/status/flags",
        "/-/healthy",
    };

    private Training() {}

    /** The argument is an empty folder. */
    public static void main(String[] args) throws IOException, InterruptedException {
        // The training run does not train another.
        System.clearProperty(ClassArchive.PROPERTY);
        Path folder = Path.of(args[0]);
        InetAddress loopback = InetAddress.getLoopbackAddress();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("prometheus.yml"), config(port));
        Files.writeString(folder.resolve("rules.yml"), rules());
        ListenAddress address = new ListenAddress(loopback.getHostAddress(), port);
        Thread exercise = new Thread(() -> exercise(new LocalHttp(address, port)), "narthex-launch-training");
        exercise.setDaemon(true);
        exercise.start();
        Launcher.main(new String[] {
            "--config.file=" + config,
            "--storage.tsdb.path=" + folder.resolve("data"),
            "--web.listen-address=" + address,
            "--web.enable-lifecycle"
        });
    }

    private static String config(int port) {
        return """
                global:
                  scrape_interval: 1s
                  evaluation_interval: 1s
                rule_files: [rules.yml]
                scrape_configs:
                  - job_name: narthex
                    static_configs:
                      - targets: [self]
                        labels: {__exporter__: narthex}
                  - job_name: node
                    static_configs:
                      - targets: [self]
                        labels: {__exporter__: node}
                  - job_name: http
                    static_configs:
                      - targets: ["127.0.0.1:%d"]
                """.formatted(port);
    }

    private static String rules() {
        return """
                groups:
                  - name: training
                    rules:
                      - record: job:up:sum
                        expr: sum by (job) (up)
                      - alert: Down
                        expr: up == 0
                """;
    }

    private static void exercise(LocalHttp server) {
        long end = System.currentTimeMillis() + LONGEST_MS;
        try {
            while (System.currentTimeMillis() < end && !answers(server, "/-/ready")) {
                Thread.sleep(100);
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (String path : PATHS) {
                    answers(server, path);
                }
                Thread.sleep(1_000);
            }
            server.request("POST", "/-/quit");
            Thread.sleep(Math.max(0, end - System.currentTimeMillis()));
        } catch (InterruptedException | IOException e) {
            // Told by the exit code below, as any other reason for not coming to an end.
        }
        Runtime.getRuntime().halt(1);
    }

    private static boolean answers(LocalHttp server, String path) {
        try {
            return server.request("GET", path) == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
