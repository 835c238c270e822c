package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.config.TracingConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.model.Labels;

class PrometheusReaderTest {
    @TempDir
    private Path folder;

    private Configuration read(String yaml) throws IOException, ConfigException {
        return Texts.read(Texts.write(folder, "prometheus.yml", yaml));
    }

    private String error(String yaml) throws IOException {
        Path file = Texts.write(folder, "prometheus.yml", yaml);
        try {
            Texts.read(file);
            return "accepted";
        } catch (ConfigException e) {
            return e.getMessage().replace(file.toString(), "prometheus.yml");
        }
    }

    @Test
    void fillsInDefaults() throws Exception {
        Configuration configuration = read("scrape_configs: [{job_name: a}]");
        assertThat(configuration.global()).isEqualTo(new Configuration.Global(60_000, 10_000, 60_000, Labels.EMPTY));
        ScrapeConfig job = configuration.scrapeConfigs().get(0);
        assertThat(job.scrapeIntervalMs()).isEqualTo(60_000);
        assertThat(job.scrapeTimeoutMs()).isEqualTo(10_000);
        assertThat(job.metricsPath()).isEqualTo("/metrics");
        assertThat(job.scheme()).isEqualTo("http");
        assertThat(job.honorTimestamps()).isTrue();
        assertThat(job.honorLabels()).isFalse();
        assertThat(job.enableCompression()).isTrue();
        assertThat(job.httpClient().followRedirects()).isTrue();
    }

    @Test
    void readsWhereTracesGo() throws Exception {
        assertThat(read("").tracing()).isEmpty();
        Configuration configuration = read("""
                        tracing:
                          client_type: http
                          endpoint: collector:4318
                          sampling_fraction: 0.5
                          insecure: true
                          tls_config: {server_name: c}
                          headers: {X-Scope: me}
                          compression: gzip
                          timeout: 3s
                        """);
        assertThat(configuration.tracing().orElseThrow())
                .isEqualTo(new TracingConfig(
                        TracingConfig.Protocol.HTTP,
                        "collector:4318",
                        0.5,
                        true,
                        new HttpClientConfig.Tls(
                                Optional.empty(), Optional.empty(), Optional.empty(), "c", false, "", ""),
                        Map.of("X-Scope", "me"),
                        true,
                        3_000));
        assertThat(configuration.diagnostics()).isEmpty();
        for (String timeout : List.of("", ", timeout: 0s")) {
            TracingConfig usual =
                    read("tracing: {endpoint: 'h:1'" + timeout + "}").tracing().orElseThrow();
            assertThat(usual.protocol()).isEqualTo(TracingConfig.Protocol.GRPC);
            assertThat(usual.timeoutMs()).isEqualTo(10_000);
        }
    }

    @Test
    void readsAnEmptyFileAsAllDefaults() throws Exception {
        assertThat(read("").scrapeConfigs()).isEmpty();
        assertThat(read("global:\n").global().scrapeIntervalMs()).isEqualTo(60_000);
    }

    @Test
    void neverLetsADefaultTimeoutExceedTheInterval() throws Exception {
        Configuration configuration = read("""
                        global: {scrape_interval: 5s}
                        scrape_configs:
                          - job_name: a
                          - {job_name: b, scrape_interval: 2s}
                        """);
        assertThat(configuration.global().scrapeTimeoutMs()).isEqualTo(5_000);
        assertThat(configuration.scrapeConfigs().get(1).scrapeTimeoutMs()).isEqualTo(2_000);
    }

    @Test
    void inheritsGlobalLimitsWhereTheJobHasNone() throws Exception {
        Configuration configuration = read("""
                        global: {sample_limit: 10, body_size_limit: 1KB}
                        scrape_configs:
                          - {job_name: a, sample_limit: 20}
                          - {job_name: b, body_size_limit: 2MB}
                        """);
        assertThat(configuration.scrapeConfigs().get(0).limits().samples()).isEqualTo(20);
        assertThat(configuration.scrapeConfigs().get(0).limits().bodySize()).isEqualTo(1024);
        assertThat(configuration.scrapeConfigs().get(1).limits().samples()).isEqualTo(10);
        assertThat(configuration.scrapeConfigs().get(1).limits().bodySize()).isEqualTo(2 << 20);
    }

    @Test
    void namesFileLineAndPathOfAMistake() throws Exception {
        assertThat(error("global:\n  scrape_intervall: 5s\n"))
                .isEqualTo("prometheus.yml:2: unknown key scrape_intervall in global, did you mean scrape_interval?");
        assertThat(error("scrape_configs:\n  - job_name: a\n    scrape_interval: 5x\n"))
                .isEqualTo("prometheus.yml:3: scrape_configs[0].scrape_interval: not a valid duration string: \"5x\"");
        assertThat(error("scrape_configs:\n  - job_name: a\n    scrape_interval: 5s\n    scrape_timeout: 6s\n"))
                .isEqualTo("prometheus.yml:4: scrape_configs[0].scrape_timeout: scrape timeout greater than scrape "
                        + "interval for scrape config with job name \"a\"");
    }

    @Test
    void namesTheMissingFile() {
        assertThatThrownBy(() -> Texts.read(folder.resolve("none.yml")))
                .hasMessage(folder.resolve("none.yml") + ": no such file");
    }

    @Test
    void keepsEveryDiscoverySectionForItsPlugIn() throws Exception {
        Configuration configuration = read("""
                        scrape_configs:
                          - job_name: a
                            file_sd_configs: [{files: [a.json]}, {files: [b.json]}]
                            zebra_sd_configs: [{stripes: 3}]
                        """);
        assertThat(configuration.scrapeConfigs().get(0).discoveries())
                .extracting(ScrapeConfig.Discovery::type)
                .containsExactly("file", "file", "zebra");
        assertThat(configuration.diagnostics()).singleElement().asString().contains("only with a plug-in for zebra");
    }

    @Test
    void suggestsTheDiscoveryMeant() throws Exception {
        assertThat(error("scrape_configs:\n  - job_name: a\n    consult_sd_configs: []\n"))
                .contains("unknown key consult_sd_configs in scrape_configs[0], did you mean consul_sd_configs?");
    }

    @Test
    void saysWhichKeysAreNotInForce() throws Exception {
        Configuration configuration = read("scrape_configs: []\nremote_write:\n  - url: http://localhost/\n");
        assertThat(configuration.diagnostics())
                .containsExactly(folder.resolve("prometheus.yml")
                        + ":3: remote_write is accepted but not in force in this version");
        assertThat(read("scrape_configs: [{job_name: a, scrape_native_histograms: false}]")
                        .diagnostics())
                .isEmpty();
    }

    @Test
    void resolvesSecretFilesAgainstTheFolderOfTheFile() throws Exception {
        Configuration configuration =
                read("scrape_configs: [{job_name: a, basic_auth: {username: u, password_file: secrets/p}}]");
        assertThat(configuration
                        .scrapeConfigs()
                        .get(0)
                        .httpClient()
                        .basicAuth()
                        .orElseThrow()
                        .password())
                .isEqualTo(Secret.in(folder.resolve("secrets/p")));
    }

    @Test
    void readsRuleFilesByPatternInOrder() throws Exception {
        Texts.write(folder, "rules/b.yml", "groups: [{name: b, rules: [{record: 'b:x', expr: up}]}]");
        Texts.write(folder, "rules/a.yml", """
                        groups:
                        - name: a
                          interval: 10s
                          labels: {team: core, level: low}
                          rules:
                          - alert: Down
                            expr: up == 0
                            for: 1m
                            labels: {level: high}
                            annotations: {text: 'is {{ $value }}'}
                        """);
        Configuration configuration = read("rule_files: ['rules/*.yml', none.yml]\nglobal: {evaluation_interval: 7s}");
        assertThat(configuration.ruleGroups()).extracting(RuleGroup::name).containsExactly("a", "b");
        RuleGroup a = configuration.ruleGroups().get(0);
        assertThat(a.file()).isEqualTo(folder.resolve("rules/a.yml").toString());
        assertThat(a.intervalMs()).isEqualTo(10_000);
        assertThat(a.rules().get(0))
                .isEqualTo(new RuleGroup.Rule(
                        RuleGroup.Kind.ALERTING,
                        "Down",
                        "up == 0",
                        7,
                        60_000,
                        0,
                        Map.of("team", "core", "level", "high"),
                        Map.of("text", "is {{ $value }}")));
        assertThat(configuration.ruleGroups().get(1).intervalMs()).isEqualTo(7_000);
    }

    @Test
    void namesTheRuleFileOfAMistake() throws Exception {
        Texts.write(folder, "r.yml", "groups:\n- name: a\n  rules:\n  - alert: A\n    expr: up\n    fro: 1m\n");
        assertThat(error("rule_files: [r.yml]"))
                .isEqualTo(folder.resolve("r.yml") + ":6: unknown key fro in groups[0].rules[0], did you mean for?");
    }

    @Test
    void readsTheExporterLabelLikeAnyOther() throws Exception {
        Configuration configuration = read("""
                        scrape_configs:
                        - job_name: narthex
                          static_configs:
                          - targets: [localhost]
                            labels: {__exporter__: narthex}
                        """);
        assertThat(configuration.scrapeConfigs().get(0).staticConfigs().get(0).labels())
                .isEqualTo(Labels.of("__exporter__", "narthex"));
    }

    @Test
    void expandsVariablesAsAShellDoes() {
        Map<String, String> environment = Map.of("A", "1", "A_B", "2");
        assertThat(Defaults.expand("$A-${A_B}-$$-$A_B.-$NONE-$-x${", environment::get))
                .isEqualTo("1-2-$-2.--x");
    }

    @Test
    void showsTheFileWithoutSecretsAndComments() throws Exception {
        String yaml = read("""
                        # password: old
                        scrape_configs:
                        - job_name: 'a: b'
                          basic_auth:
                            username: me
                            password: s3cret
                          proxy_url: http://u:pw@proxy:80/
                          static_configs:
                          - targets: ['x:1', "y:2"]
                        """).yaml();
        assertThat(yaml).isEqualTo("""
                        global:
                          scrape_interval: 1m
                          scrape_timeout: 10s
                          evaluation_interval: 1m
                        scrape_configs:
                        - job_name: "a: b"
                          honor_timestamps: true
                          track_timestamps_staleness: false
                          scrape_interval: 1m
                          scrape_timeout: 10s
                          metrics_path: /metrics
                          scheme: http
                          enable_compression: true
                          follow_redirects: true
                          enable_http2: true
                          basic_auth:
                            username: me
                            password: <secret>
                          proxy_url: http://u:<secret>@proxy:80/
                          static_configs:
                          - targets:
                            - x:1
                            - y:2
                        """);
    }

    @Test
    void showsWhatIsInForce() throws Exception {
        Path file = Texts.write(folder, "prometheus.yml", """
                        scrape_configs:
                        - {job_name: a, scrape_interval: 5s, scheme: https, follow_redirects: no}
                        scrape_config_files: [more.yml]
                        global:
                          evaluation_interval: 90s
                          external_labels: {zone: '${ZONE}-$$'}
                        """);
        Texts.write(folder, "more.yml", "scrape_configs: [{job_name: b}]");
        assertThat(Texts.read(file, false, Map.of("ZONE", "eu")).yaml()).isEqualTo("""
                        global:
                          scrape_interval: 1m
                          scrape_timeout: 10s
                          evaluation_interval: 1m30s
                          external_labels:
                            zone: eu-$
                        scrape_configs:
                        - job_name: a
                          honor_timestamps: true
                          track_timestamps_staleness: false
                          scrape_interval: 5s
                          scrape_timeout: 5s
                          metrics_path: /metrics
                          scheme: https
                          enable_compression: true
                          follow_redirects: false
                          enable_http2: true
                        scrape_config_files:
                        - more.yml
                        """);
    }

    @Test
    void showsRulesAndAlertmanagersWithTheirDefaults() throws Exception {
        String yaml = read("""
                        alerting:
                          alertmanagers:
                          - static_configs: [{targets: [a:1]}]
                            api_version:
                            scheme: https
                        remote_read:
                        scrape_configs:
                        - job_name: a
                          basic_auth:
                          relabel_configs:
                          - {action: Keep, source_labels: [x], regex: y}
                          - {target_label: z, replacement: ""}
                        """).yaml();
        assertThat(yaml).contains("""
                        alerting:
                          alertmanagers:
                          - follow_redirects: true
                            enable_http2: true
                            scheme: https
                            timeout: 10s
                            static_configs:
                        """).contains("""
                          relabel_configs:
                          - source_labels:
                            - x
                            separator: ;
                            regex: y
                            replacement: $1
                            action: keep
                          - separator: ;
                            regex: (.*)
                            target_label: z
                            replacement: ""
                            action: replace
                        """).doesNotContain("remote_read", "basic_auth");
    }

    @Test
    void readsWholeNumbersInTheBasesOfYaml() throws Exception {
        for (String ten : List.of("10", "0x0A", "0b1010", "012", "0o12", "1_0", "1e1", "+10")) {
            assertThat(read("scrape_configs: [{job_name: a, sample_limit: " + ten + "}]")
                            .scrapeConfigs()
                            .get(0)
                            .limits()
                            .samples())
                    .as(ten)
                    .isEqualTo(10);
        }
        for (String bad : List.of("0x", "0b2", "1.5", "ten", "0xFFFFFFFFFFFFFFFFF")) {
            assertThat(error("scrape_configs: [{job_name: a, sample_limit: " + bad + "}]"))
                    .contains("expected a whole number, found \"" + bad + "\"");
        }
    }
}
