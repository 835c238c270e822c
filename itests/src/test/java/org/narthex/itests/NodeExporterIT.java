package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.Assume.assumeTrue;
import static org.narthex.itests.RunningNarthex.await;
import static org.narthex.itests.RunningNarthex.encode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import jakarta.json.JsonObject;

import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Narthex and a real Prometheus scrape the same real node_exporter side by side for half a minute: same series, same rates. */
public class NodeExporterIT {
    private static final int SECONDS = 30;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Process> started = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @After
    public void stopPrograms() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    public void seriesAndRatesAreThoseOfPrometheus() throws Exception {
        assumeTrue("prometheus is not installed", RunningNarthex.isInstalled("prometheus"));
        assumeTrue("node_exporter is not installed", RunningNarthex.isInstalled("prometheus-node-exporter"));

        int exporterPort = RunningNarthex.freePort();
        launch("prometheus-node-exporter", "--web.listen-address=127.0.0.1:" + exporterPort);
        String yaml = """
                global: { scrape_interval: 1s }
                scrape_configs:
                  - job_name: node
                    static_configs: [ { targets: ["127.0.0.1:%d"] } ]
                """.formatted(exporterPort);
        Path config = folder.getRoot().toPath().resolve("prometheus.yml");
        Files.writeString(config, yaml);
        int prometheusPort = RunningNarthex.freePort();
        launch(
                "prometheus",
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.newFolder(),
                "--web.listen-address=127.0.0.1:" + prometheusPort);
        String prometheus = "http://127.0.0.1:" + prometheusPort;

        try (RunningNarthex narthex =
                new RunningNarthex(folder.newFolder().toPath()).configure(yaml).start()) {
            String ours = "http://127.0.0.1:" + narthex.port();
            await("scraped for " + SECONDS + " s", SECONDS + 20, () -> {
                String samples = "count_over_time(up{job=\"node\"}[5m])";
                return value(ours, samples) >= SECONDS && value(prometheus, samples) >= SECONDS;
            });

            assertThat(series(ours)).isEqualTo(series(prometheus)).hasSizeGreaterThan(200);
            double now = System.currentTimeMillis() / 1000.0;
            String rate = "sum by (cpu, mode) (rate(node_cpu_seconds_total[20s]))";
            Map<String, Double> ourRates = vector(ours, rate, now);
            Map<String, Double> theirRates = vector(prometheus, rate, now);
            assertThat(ourRates.keySet()).isEqualTo(theirRates.keySet()).isNotEmpty();
            // Both scrape at their own moments of a second, so that rates over 20 s may differ by what a second
            // changes.
            theirRates.forEach((labels, expected) ->
                    assertThat(ourRates.get(labels)).as(labels).isCloseTo(expected, within(0.15)));
        }
    }

    private void launch(String... command) throws IOException {
        started.add(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.newFile())
                .start());
    }

    private JsonObject get(String url) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
        return RunningNarthex.json(
                http.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    /** All label sets of the job. */
    private Set<String> series(String server) throws IOException, InterruptedException {
        Set<String> series = new TreeSet<>();
        get(server + "/api/v1/series?match[]=".replace("[", "%5B").replace("]", "%5D") + encode("{job=\"node\"}"))
                .getJsonArray("data")
                .forEach(labels -> series.add(sorted(labels.asJsonObject())));
        return series;
    }

    private Map<String, Double> vector(String server, String query, double time)
            throws IOException, InterruptedException {
        Map<String, Double> values = new HashMap<>();
        get(server + "/api/v1/query?query=" + encode(query) + "&time=" + time)
                .getJsonObject("data")
                .getJsonArray("result")
                .getValuesAs(JsonObject.class)
                .forEach(element -> values.put(
                        sorted(element.getJsonObject("metric")),
                        Double.valueOf(element.getJsonArray("value").getString(1))));
        return values;
    }

    private double value(String server, String query) throws InterruptedException {
        try {
            return vector(server, query, System.currentTimeMillis() / 1000.0).values().stream()
                    .findFirst()
                    .orElse(0.0);
        } catch (IOException e) {
            // Not up yet.
            return 0;
        }
    }

    private static String sorted(JsonObject labels) {
        TreeSet<String> pairs = new TreeSet<>();
        labels.forEach((name, value) -> {
            // Since version 3 Prometheus writes these as floats always, "0.0"; Debian's does not.
            boolean number = name.equals("le") || name.equals("quantile");
            pairs.add(name + "=" + (number ? Double.valueOf(labels.getString(name)) : value));
        });
        return pairs.toString();
    }
}
