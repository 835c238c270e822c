package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;

import jakarta.json.JsonObject;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The main job, from the packed distribution: scrape, store, query, alert, show. */
public class MainJobIT {
    /** The job of the framework comes once a minute only. */
    private static final String SCRAPED_AT_ONCE = "up{job=~\"narthex|node\"} == 1";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void theDefaultConfigurationMonitorsNarthexItsJvmAndThisHost() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath()).start()) {
            await("jobs up", 30, () -> narthex.query(SCRAPED_AT_ONCE).size() == 2);
            assertThat(narthex.query("node_load1{job=\"node\"}")).hasSize(1);
            assertThat(narthex.query("jvm_threads_current{job=\"narthex\"}")).hasSize(1);
            assertThat(narthex.query("process_resident_memory_bytes{job=\"narthex\"}"))
                    .hasSize(1);

            assertThat(narthex.get("/metrics").body()).contains("\nprometheus_tsdb_head_series ");
            assertThat(narthex.get("/-/healthy").statusCode()).isEqualTo(200);
            assertThat(narthex.get("/").body()).contains("<title>Narthex");
            for (String path : new String[] {
                "targets",
                "rules",
                "alerts",
                "status/buildinfo",
                "status/config",
                "status/flags",
                "status/runtimeinfo",
                "status/tsdb"
            }) {
                assertThat(narthex.data(path)).as(path).isNotEmpty();
            }
        }
    }

    @Test
    public void theWebConsoleAsksForTheGeneratedPassword() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath()).start()) {
            await("web console there", 30, () -> narthex.status("/system/console/bundles") == 401);
            String password = Files.readString(narthex.data().resolve("narthex/webconsole.password"))
                    .strip();
            assertThat(password).hasSizeGreaterThan(15);
            // The console comes in pieces, and may be away once more before it is whole.
            await("wrong password", 30, () -> narthex.statusAs("admin", "admin", "/system/console/bundles") == 401);
            await("page of bundles", 30, () -> narthex.statusAs("admin", password, "/system/console/bundles") == 200);
            assertThat(narthex.statusAs("admin", "admin", "/system/console/bundles"))
                    .isEqualTo(401);
        }
    }

    @Test
    public void aRuleFiresAndItsAlertReachesTheWebhookAndResolves() throws Exception {
        try (TextTarget target = new TextTarget().answer("queue_length 50\n");
                WebhookReceiver webhook = new WebhookReceiver();
                RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            Files.writeString(narthex.home().resolve("conf/queue.rules.yml"), """
                    groups:
                      - name: queue
                        rules:
                          - record: job:queue_length:sum
                            expr: sum by (job) (queue_length)
                          - alert: QueueLong
                            expr: job:queue_length:sum > 10
                            labels: { severity: page }
                            annotations: { summary: "{{ $labels.job }} has {{ $value }} waiting" }
                    """);
            Files.writeString(narthex.home().resolve("conf/am.yml"), """
                    route: { receiver: team, group_by: [alertname], group_wait: 0s, group_interval: 1s }
                    receivers:
                      - name: team
                        webhook_configs: [ { url: "%s" } ]
                    """.formatted(webhook.url()));
            narthex.configure("""
                            global: { scrape_interval: 1s, evaluation_interval: 1s }
                            rule_files: [ queue.rules.yml ]
                            scrape_configs:
                              - job_name: queue
                                static_configs: [ { targets: ["%s"] } ]
                            """.formatted(target.address()))
                    .flag("--alertmanager.config.file=" + narthex.home().resolve("conf/am.yml"))
                    .start();

            await("firing webhook", 30, () -> webhook.has("firing"));
            JsonObject alert = webhook.received().get(0).getJsonArray("alerts").getJsonObject(0);
            assertThat(alert.getJsonObject("labels").getString("severity")).isEqualTo("page");
            assertThat(alert.getJsonObject("annotations").getString("summary")).isEqualTo("queue has 50 waiting");
            assertThat(webhook.received().get(0).getString("version")).isEqualTo("4");
            await(
                    "ALERTS series",
                    30,
                    () -> narthex.query("ALERTS{alertstate=\"firing\"}").size() == 1);
            assertThat(narthex.data("alerts").getJsonArray("alerts")).hasSize(1);

            target.answer("queue_length 1\n");
            await("resolved webhook", 30, () -> webhook.has("resolved"));
        }
    }

    @Test
    public void fileDiscoveryFindsTargetsAndLosesThem() throws Exception {
        try (TextTarget target = new TextTarget().answer("seen 1\n");
                RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            java.nio.file.Path targets = narthex.home().resolve("conf/targets.json");
            Files.writeString(
                    targets, "[{\"targets\": [\"" + target.address() + "\"], \"labels\": {\"zone\": \"a\"}}]");
            narthex.configure("""
                            global: { scrape_interval: 1s }
                            scrape_configs:
                              - job_name: found
                                file_sd_configs: [ { files: [ "targets*.json" ] } ]
                            """).start();
            await(
                    "discovered target scraped",
                    30,
                    () -> narthex.query("seen{zone=\"a\"}").size() == 1);
            Files.writeString(targets, "[]");
            await("its series stale", 30, () -> narthex.query("seen").isEmpty());
        }
    }

    @Test
    public void sigtermEndsItInOrderWithAllDataKept() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath()).start()) {
            await("samples", 30, () -> narthex.query(SCRAPED_AT_ONCE).size() == 2);
            double samples = narthex.value("count_over_time(up{job=\"node\"}[1h])");
            assertThat(narthex.terminate()).isZero();
            narthex.start();
            assertThat(narthex.value("count_over_time(up{job=\"node\"}[1h])")).isGreaterThanOrEqualTo(samples);
        }
    }

    @Test
    public void errorsHavePrometheusShapes() throws Exception {
        try (RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath()).start()) {
            HttpResponse<String> bad = narthex.get("/api/v1/query?query=" + RunningNarthex.encode("sum("));
            assertThat(bad.statusCode()).isEqualTo(400);
            assertThat(RunningNarthex.json(bad.body()).getString("errorType")).isEqualTo("bad_data");
            assertThat(RunningNarthex.json(bad.body()).getString("error")).contains("1:5: parse error");
            assertThat(narthex.get("/api/v1/nothing").statusCode()).isEqualTo(404);
            assertThat(narthex.post("/-/reload").statusCode()).isEqualTo(403);
        }
    }
}
