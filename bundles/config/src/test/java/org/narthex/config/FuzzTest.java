package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Labels;
import org.narthex.testkit.DamagedInput;

/**
 * Damaged configurations: each is either taken, and then what it says of labels can be done, or refused with a reason that names the file. The seed is
 * in the message of a failure.
 */
class FuzzTest {
    private static final String PROMETHEUS = """
            global:
              scrape_interval: 1m30s
              external_labels: {region: "eu", "zone": '${ZONE}'}
            alerting:
              alert_relabel_configs: [{action: labeldrop, regex: tmp_.*}]
              alertmanagers: [{static_configs: [{targets: ['a:9093']}], api_version: v2}]
            remote_write:
            - url: http://u:p@host/write
              queue_config: {capacity: 10000, max_backoff: 5s}
            scrape_configs:
            - job_name: "node"
              scrape_timeout: 10s
              honor_labels: yes
              params: {module: [http_2xx, 'b']}
              body_size_limit: 15MB
              basic_auth: {username: me, password: hidden}
              tls_config: {insecure_skip_verify: true, min_version: TLS12}
              static_configs: &targets
              - targets: ['a:1', "b:2"]
                labels: {env: prod}
              relabel_configs: &steps
              - {source_labels: [__address__, env], separator: ';', regex: '(.+):(\\d+);(?P<e>p.*)', target_label: to, replacement: '${1}-$2-${e}$$'}
              - {action: labelmap, regex: '__meta_(.+)', replacement: 'm_$1'}
              - {action: hashmod, source_labels: [__address__], modulus: 8, target_label: shard}
              - {action: keep, source_labels: [env], regex: 'p[a-z]{1,5}|q*'}
              - {action: lowercase, source_labels: [env], target_label: low}
              - {action: dropequal, source_labels: [env], target_label: low}
              metric_relabel_configs: *steps
            - job_name: other
              <<: {scheme: https}
              file_sd_configs: [{files: ['x/*.yml'], refresh_interval: 1m}]
              dns_sd_configs: [{names: [a.b], type: A, port: 80}]
              static_configs: *targets
            """;

    private static final String ALERTMANAGER = """
            global: {resolve_timeout: 5m, slack_api_url: 'http://s/x'}
            route:
              receiver: team
              group_by: [alertname, cluster]
              group_wait: 30s
              routes:
              - matchers: ['severity="page"', "team=~'x|y'"]
                receiver: hook
                mute_time_intervals: [nights]
            inhibit_rules: [{source_matchers: [a=b], target_matchers: [c!=d], equal: [alertname]}]
            receivers:
            - {name: team, slack_configs: [{channel: '#c', send_resolved: true}]}
            - name: hook
              webhook_configs: [{url: 'http://h/', max_alerts: 3}]
            time_intervals:
            - name: nights
              time_intervals: [{times: [{start_time: '00:00', end_time: '06:00'}], weekdays: ['monday:friday'], location: Europe/Vienna}]
            """;

    private static final Labels FOUND = Labels.of(
            "__address__", "a:1", "__meta_x", "1", "__metrics_path__", "/m", "env", "prod", "job", "node", "tmp_a", "");

    @TempDir
    private Path folder;

    /** Reads bytes; does with the result what can be done. */
    private interface Reader {
        void read(Path file) throws ConfigException;
    }

    @Test
    void configurationIsTakenOrRefused() throws Exception {
        fuzz("prometheus.yml", PROMETHEUS, file -> {
            Configuration configuration = Texts.read(file, false, Map.of("ZONE", "z"));
            for (ScrapeConfig job : configuration.scrapeConfigs()) {
                assertThat(RelabelConfig.apply(FOUND, job.relabelConfigs())).isNotNull();
                assertThat(RelabelConfig.apply(FOUND, job.metricRelabelConfigs()))
                        .isNotNull();
            }
        });
    }

    @Test
    void alertmanagersConfigurationIsTakenOrRefused() throws Exception {
        fuzz("alertmanager.yml", ALERTMANAGER, file -> {
            Diagnostics diagnostics = new Diagnostics();
            assertThat(new AlertmanagerReader(file, diagnostics).read(new YamlFiles().read(file)))
                    .isNotNull();
        });
    }

    private void fuzz(String name, String sound, Reader reader) throws Exception {
        Path file = folder.resolve(name);
        DamagedInput.isTakenOrRefused(800, sound, ConfigException.class, bytes -> {
            Files.write(file, bytes);
            try {
                reader.read(file);
            } catch (ConfigException e) {
                assertThat(e.getMessage()).contains(name);
                throw e;
            }
        });
    }
}
