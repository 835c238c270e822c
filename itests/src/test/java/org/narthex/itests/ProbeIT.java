package org.narthex.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.narthex.itests.RunningNarthex.await;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Probes by the running distribution: asked for directly, and by a job as it is written for blackbox_exporter. */
public class ProbeIT {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private static final String JOB = """
            global: { scrape_interval: 500ms }
            scrape_configs:
              - job_name: blackbox
                metrics_path: /probe
                params: { module: [page] }
                static_configs:
                  - targets: ["http://%s/metrics"]
                relabel_configs:
                  - source_labels: [__address__]
                    target_label: __param_target
                  - source_labels: [__param_target]
                    target_label: instance
                  - target_label: __address__
                    replacement: 127.0.0.1:%d
            """;

    private static final String MODULE =
            "modules: { page: { prober: http, http: { fail_if_body_not_matches_regexp: [%s] } } }\n";

    @Test
    public void aJobForBlackboxExporterWorks() throws Exception {
        Path modules = folder.getRoot().toPath().resolve("blackbox.yml");
        Files.writeString(modules, MODULE.formatted("welcome"));
        try (TextTarget target = new TextTarget().answer("welcome\n");
                RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath())) {
            narthex.configure(JOB.formatted(target.address(), narthex.port()))
                    .flag("--probe.config.file=" + modules)
                    .flag("--web.enable-lifecycle")
                    .start();
            String series = "{job=\"blackbox\",instance=\"http://" + target.address() + "/metrics\"}";
            await("probed", 30, () -> narthex.value("probe_success" + series) == 1);
            assertThat(narthex.value("probe_http_status_code" + series)).isEqualTo(200);
            assertThat(narthex.query("probe_http_duration_seconds" + series)).hasSize(5);

            Files.writeString(modules, MODULE.formatted("farewell"));
            assertThat(narthex.post("/-/reload").statusCode()).isEqualTo(200);
            await("probed by the new module", 30, () -> narthex.value("probe_success" + series) == 0);

            Files.writeString(modules, "modules: { page: { prober: http, htp: {} } }\n");
            assertThat(narthex.post("/-/reload").body())
                    .contains("blackbox.yml:1: unknown key htp", "did you mean http?");
            assertThat(narthex.get("/probe?target=" + target.address() + "/metrics&module=page&debug=true")
                            .body())
                    .contains("Body did not match regular expression regexp=farewell");
        }
    }

    @Test
    public void commonModulesAreThereWithoutAFile() throws Exception {
        try (TextTarget target = new TextTarget().answer("welcome\n");
                RunningNarthex narthex = new RunningNarthex(folder.getRoot().toPath()).start()) {
            assertThat(narthex.get("/probe?target=" + target.address() + "/metrics")
                            .body())
                    .contains("probe_success 1\n");
            assertThat(narthex.get("/probe?module=tcp_connect&target=" + target.address())
                            .body())
                    .contains("probe_success 1\n");
            assertThat(narthex.status("/probe?module=none&target=x")).isEqualTo(400);
        }
    }
}
