package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;
import static org.narthex.itests.RunningNarthex.await;

import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;

import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Alerts of our rules arrive at Debian's {@code prometheus-alertmanager}, which is found by a file. */
public class ExternalAlertmanagerIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Process alertmanager;
    private String url;
    private RunningNarthex narthex;

    @Before
    public void start() throws Exception {
        assumeTrue("prometheus-alertmanager is not installed", RunningNarthex.isInstalled("prometheus-alertmanager"));
        int port = RunningNarthex.freePort();
        url = "http://127.0.0.1:" + port;
        Path config = folder.newFile("alertmanager.yml").toPath();
        Files.writeString(config, "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n");
        alertmanager = new ProcessBuilder(
                        "prometheus-alertmanager",
                        "--config.file=" + config,
                        "--storage.path=" + folder.newFolder(),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(folder.newFile("alertmanager.log"))
                .start();
        await("Alertmanager ready", 30, () -> body("/-/ready").isPresent());
        narthex = new RunningNarthex(folder.newFolder().toPath());
    }

    @After
    public void stop() throws Exception {
        if (narthex != null) {
            narthex.close();
        }
        if (alertmanager != null) {
            alertmanager.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
        }
    }

    private java.util.Optional<String> body(String path) throws InterruptedException {
        try {
            HttpResponse<String> response = HTTP.send(
                    HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200 ? java.util.Optional.of(response.body()) : java.util.Optional.empty();
        } catch (IOException e) {
            return java.util.Optional.empty();
        }
    }

    private List<JsonObject> alerts() throws InterruptedException {
        try (JsonReader reader =
                Json.createReader(new StringReader(body("/api/v2/alerts").orElse("[]")))) {
            return reader.readArray().getValuesAs(JsonObject.class);
        }
    }

    @Test
    public void takesTheAlertsOfOurRules() throws Exception {
        Path targets = folder.newFile("alertmanagers.json").toPath();
        Files.writeString(targets, "[{\"targets\": [\"" + url.substring(7) + "\", \"127.0.0.1:1\"]}]");
        Path rules = folder.newFile("rules.yml").toPath();
        Files.writeString(rules, """
                groups:
                - name: g
                  interval: 1s
                  rules:
                  - alert: Always
                    expr: vector(1)
                    labels: {instance: i}
                    annotations: {summary: 'is {{ $value }}'}
                  - alert: Noise
                    expr: vector(1)
                """);
        narthex.configure("""
                global: {external_labels: {region: eu}}
                rule_files: ['%s']
                alerting:
                  alert_relabel_configs:
                  - {source_labels: [alertname], regex: Noise, action: drop}
                  alertmanagers:
                  - file_sd_configs: [{files: ['%s']}]
                    relabel_configs:
                    - {source_labels: [__address__], regex: '127.0.0.1:1', action: drop}
                """.formatted(rules, targets));
        narthex.flag("--rules.alert.resend-delay=1s").start();
        await("the alert arrived", 60, () -> !alerts().isEmpty());
        assertThat(alerts()).hasSize(1);
        JsonObject alert = alerts().get(0);
        assertThat(alert.getJsonObject("labels").toString())
                .isEqualTo("{\"alertname\":\"Always\",\"instance\":\"i\",\"region\":\"eu\"}");
        assertThat(alert.getJsonObject("annotations").getString("summary")).isEqualTo("is 1");
        assertThat(alert.getString("generatorURL")).contains("/graph?g0.expr=vector%281%29");
        JsonObject known = narthex.data("alertmanagers");
        assertThat(known.toString())
                .isEqualTo("{\"activeAlertmanagers\":[{\"url\":\"" + url + "/api/v2/alerts\"}],"
                        + "\"droppedAlertmanagers\":[{\"url\":\"http://127.0.0.1:1/api/v2/alerts\"}]}");
        assertThat(narthex.get("/metrics").body())
                .contains("prometheus_notifications_sent_total{alertmanager=\"" + url + "/api/v2/alerts\"}")
                .contains("prometheus_notifications_errors_total{alertmanager=\"" + url + "/api/v2/alerts\"} 0");
    }
}
