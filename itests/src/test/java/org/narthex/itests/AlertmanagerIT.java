package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.Assume.assumeTrue;
import static org.narthex.itests.RunningNarthex.await;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
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

/** The Alertmanager in the box as Debian's {@code amtool} and an external {@code prometheus} use it. */
public class AlertmanagerIT {
    private static final int STOPPED_ALERTS = 40;

    private static final String CONFIG = """
            route:
              receiver: team
              group_by: [alertname]
              group_wait: 0s
              group_interval: 1s
              routes:
              - matchers: [severity="page"]
                receiver: pager
            inhibit_rules:
            - source_matchers: [alertname="Down"]
              target_matchers: [alertname="Slow"]
              equal: [instance]
            receivers:
            - name: team
              webhook_configs: [{url: '%s'}]
            - name: pager
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private WebhookReceiver webhook;
    private RunningNarthex narthex;

    @Before
    public void start() throws Exception {
        webhook = new WebhookReceiver();
        narthex = new RunningNarthex(folder.newFolder().toPath());
        Path config = narthex.home().resolve("conf/alertmanager.yml");
        Files.writeString(config, CONFIG.formatted(webhook.url()));
        narthex.flag("--alertmanager.config.file=" + config)
                .flag("--web.enable-lifecycle")
                .start();
    }

    @After
    public void stop() throws Exception {
        narthex.close();
        webhook.close();
    }

    /** The paths of Alertmanager's own tests of its command line tool. */
    private static Path ofTheCommandLineTool(String name) {
        String root = System.getProperty("conformance.dir", "");
        assumeTrue("needs -Dconformance.dir", !root.isEmpty());
        return Path.of(root, "alertmanager/cli/testdata", name);
    }

    private int reloadWith(Path file) throws Exception {
        Files.copy(file, narthex.home().resolve("conf/alertmanager.yml"), StandardCopyOption.REPLACE_EXISTING);
        return narthex.post("/-/reload").statusCode();
    }

    private List<String> receiversOf(String test) throws Exception {
        String body = "[{\"labels\": {\"test\": \"" + test + "\"}}]";
        assertThat(narthex.postJson("/api/v2/alerts", body).statusCode()).isEqualTo(200);
        for (JsonObject alert : alerts()) {
            if (alert.getJsonObject("labels").getString("test").equals(test)) {
                return alert.getJsonArray("receivers").getValuesAs(JsonObject.class).stream()
                        .map(receiver -> receiver.getString("name"))
                        .toList();
            }
        }
        return List.of();
    }

    @Test
    public void routesAsTheCommandLineToolSays() throws Exception {
        assumeTrue("amtool is not installed", RunningNarthex.isInstalled("amtool"));

        for (String name : List.of("conf.routing.yml", "conf.routing-reverted.yml")) {
            assertThat(reloadWith(ofTheCommandLineTool(name))).isEqualTo(200);
            for (String test : List.of("1", "2", "3")) {
                assertThat(amtool("config", "routes", "test", "test=" + test).strip())
                        .as("%s, test=%s", name, test)
                        .isEqualTo(String.join(",", receiversOf(test)));
            }
        }
        assertThat(receiversOf("2")).containsExactly("test2", "test1");
        assertThat(reloadWith(ofTheCommandLineTool("conf.bad.yml"))).isEqualTo(500);
        assertThat(receiversOf("2")).as("what was in force stays").containsExactly("test2", "test1");
    }

    private String amtool(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("amtool", "--no-version-check", "--alertmanager.url=" + narthex.uri("")));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("amtool ends").isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, output).isZero();
        return output;
    }

    private List<JsonObject> alerts() throws Exception {
        try (JsonReader reader =
                Json.createReader(new StringReader(narthex.get("/api/v2/alerts").body()))) {
            return reader.readArray().getValuesAs(JsonObject.class);
        }
    }

    @Test
    public void amtoolAddsAlertsAndSilencesThem() throws Exception {
        assumeTrue("amtool is not installed", RunningNarthex.isInstalled("amtool"));

        String id = amtool("silence", "add", "alertname=Quiet", "--author=ann", "--comment=on it", "--duration=1h")
                .strip();
        assertThat(amtool("silence", "query")).contains(id, "alertname=\"Quiet\"", "ann", "on it");
        amtool("alert", "add", "Quiet", "instance=a", "--annotation=summary=x y");
        amtool("alert", "add", "Down", "instance=a");
        amtool("alert", "add", "Slow", "instance=a");
        await("Down arrived", 30, () -> webhook.has("firing"));
        assertThat(amtool("alert", "query")).contains("Down").doesNotContain("Quiet", "Slow");
        assertThat(amtool("alert", "query", "--silenced", "--inhibited", "-o", "json"))
                .contains("\"Quiet\"", "\"Slow\"", id);

        // State is on disk: a kill takes nothing of it away.
        narthex.kill();
        narthex.start();
        assertThat(amtool("silence", "query", "-q")).contains(id);
        assertThat(alerts()).hasSize(3);

        amtool("silence", "expire", id);
        await("Quiet arrived", 30, () -> webhook.received().stream()
                .anyMatch(body ->
                        body.getJsonObject("groupLabels").getString("alertname").equals("Quiet")));
        assertThat(webhook.received())
                .noneMatch(body ->
                        body.getJsonObject("groupLabels").getString("alertname").equals("Slow"));
        assertThat(amtool("silence", "query")).doesNotContain(id);
        assertThat(amtool("silence", "query", "--expired")).contains(id);
    }

    @Test
    public void losesNothingWhileTheChannelIsStopped() throws Exception {
        await("web console there", 30, () -> narthex.status("/system/console/bundles") == 401);
        String password = Files.readString(narthex.data().resolve("narthex/webconsole.password"))
                .strip();
        channel("stop", password);
        StringBuilder alerts = new StringBuilder("[{\"labels\": {\"alertname\": \"Last\"}}");
        for (int i = 0; i < STOPPED_ALERTS; i++) {
            alerts.append(",{\"labels\": {\"alertname\": \"Number").append(i).append("\"}}");
        }
        assertThat(narthex.postJson("/api/v2/alerts", alerts.append(']').toString())
                        .statusCode())
                .isEqualTo(200);
        await("all wait", 30, () -> narthex.get("/metrics")
                .body()
                .contains("narthex_alert_notifications_waiting " + (STOPPED_ALERTS + 1) + "\n"));
        assertThat(webhook.received()).isEmpty();

        channel("start", password);
        await("all arrived", 30, () -> webhook.received().size() > STOPPED_ALERTS);
        assertThat(webhook.received().stream()
                        .map(body -> body.getJsonObject("groupLabels").getString("alertname"))
                        .distinct())
                .as("each is told, and once")
                .hasSize(STOPPED_ALERTS + 1)
                .hasSameSizeAs(webhook.received());
    }

    private void channel(String action, String password) throws Exception {
        assertThat(narthex.postAs(
                        "admin", password, "/system/console/bundles/org.narthex.channel-webhook", "action=" + action))
                .isEqualTo(200);
    }

    @Test
    public void amtoolShowsAndTestsRoutes() throws Exception {
        assumeTrue("amtool is not installed", RunningNarthex.isInstalled("amtool"));

        assertThat(amtool("config", "routes", "show")).contains("default-route", "severity=\"page\"", "pager");
        assertThat(amtool("config", "routes", "test", "severity=page").strip()).isEqualTo("pager");
        assertThat(amtool("config", "routes", "test", "severity=none").strip()).isEqualTo("team");
        assertThat(amtool("config", "show")).contains("group_by");
        assertThat(amtool("cluster", "show")).contains("disabled");
    }

    @Test
    public void takesAlertsOfAnExternalPrometheus() throws Exception {
        assumeTrue("prometheus is not installed", RunningNarthex.isInstalled("prometheus"));

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
                """);
        Path config = folder.newFile("prometheus.yml").toPath();
        Files.writeString(config, """
                global: {evaluation_interval: 1s, external_labels: {region: eu}}
                rule_files: ['%s']
                alerting:
                  alertmanagers:
                  - static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(rules, narthex.port()));
        try (RunningPrometheus prometheus = new RunningPrometheus(
                config,
                folder.newFolder().toPath(),
                RunningNarthex.freePort(),
                folder.newFile().toPath(),
                // What it raised before it had found us it sends again only then.
                "--rules.alert.resend-delay=1s")) {
            await("the alert arrived", 30, () -> webhook.has("firing"));
            JsonObject alert = alerts().get(0);
            assertThat(alert.getJsonObject("labels").toString())
                    .isEqualTo("{\"alertname\":\"Always\",\"instance\":\"i\",\"region\":\"eu\"}");
            assertThat(alert.getJsonObject("annotations").getString("summary")).isEqualTo("is 1");
            assertThat(alert.getString("generatorURL")).contains("/graph?g0.expr=vector%281%29");
            assertThat(prometheus.readLog()).doesNotContain("Error sending alert");
        }
    }
}
