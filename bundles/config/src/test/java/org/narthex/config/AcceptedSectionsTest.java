package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.config.ConfigException;

/** Sections without effect are checked as strictly as the others. */
class AcceptedSectionsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            runtime: {gogc: abc}                                                          | runtime.gogc: expected a whole number, found "abc"
            remote_write: [{url: 'http://h/', send_exemplars: maybe}]                     | remote_write[0].send_exemplars: expected true or false
            remote_write: [{url: 'http://h/', send_native_histograms: 2}]                 | remote_write[0].send_native_histograms: expected true or false
            remote_write: [{url: 'http://h/', round_robin_dns: x}]                        | remote_write[0].round_robin_dns: expected true or false
            remote_write: [{url: 'http://h/', failed_request_logging: x}]                 | remote_write[0].failed_request_logging: expected true or false
            remote_write: [{url: 'http://h/', remote_timeout: 5x}]                        | remote_write[0].remote_timeout: not a valid duration
            remote_write: [{url: 'http://h:port/'}]                                       | remote_write[0].url: not a valid URL
            remote_write: [{name: a}]                                                     | remote_write[0]: url for remote_write is empty
            remote_write: [{url: 'http://h/', queue_config: {capacity: x}}]               | remote_write[0].queue_config.capacity: expected a whole number
            remote_write: [{url: 'http://h/', queue_config: {batch_send_deadline: x}}]    | remote_write[0].queue_config.batch_send_deadline: not a valid duration
            remote_write: [{url: 'http://h/', queue_config: {sample_age_limit: x}}]       | remote_write[0].queue_config.sample_age_limit: not a valid duration
            remote_write: [{url: 'http://h/', queue_config: {retry_on_http_429: x}}]      | remote_write[0].queue_config.retry_on_http_429: expected true or false
            remote_write: [{url: 'http://h/', queue_config: {max_shard: 1}}]              | in remote_write[0].queue_config, did you mean max_shards?
            remote_write: [{url: 'http://h/', metadata_config: {send: 7}}]                | remote_write[0].metadata_config.send: expected true or false
            remote_write: [{url: 'http://h/', metadata_config: {send_interval: q}}]       | remote_write[0].metadata_config.send_interval: not a valid duration
            remote_write: [{url: 'http://h/', sigv4: {regon: x}}]                         | in remote_write[0].sigv4, did you mean region?
            remote_write: [{url: 'http://h/', sigv4: {access_key: a}}]                    | must provide a AWS SigV4 Access key and Secret Key
            remote_write: [{url: 'http://h/', google_iam: {credentials: x}}]              | in remote_write[0].google_iam, did you mean credentials_file?
            remote_write: [{url: 'http://h/', proxy_url: ':::'}]                          | remote_write[0].proxy_url: not a valid URL
            remote_read: [{url: '://h/'}]                                                 | remote_read[0].url: not a valid URL
            remote_read: [{url: 'http://h/', read_recent: perhaps}]                       | remote_read[0].read_recent: expected true or false
            remote_read: [{url: 'http://h/', filter_external_labels: 3}]                  | remote_read[0].filter_external_labels: expected true or false
            remote_read: [{url: 'http://h/', required_matchers: [a]}]                     | remote_read[0].required_matchers: expected a map
            remote_read: [{url: 'http://h/', chunked_read_limit: 1MB}]                    | remote_read[0].chunked_read_limit: expected a whole number
            remote_read: [{url: 'http://h/', write_relabel_configs: []}]                  | unknown key write_relabel_configs in remote_read[0]
            otlp: {convert_histograms_to_nhcb: 2}                                         | otlp.convert_histograms_to_nhcb: expected true or false
            otlp: {promote_scope_metadata: x}                                             | otlp.promote_scope_metadata: expected true or false
            otlp: {label_name_underscore_sanitisation: true}                              | did you mean label_name_underscore_sanitization?
            scrape_configs: [{job_name: a, scrape_classic_histograms: true}]              | did you mean always_scrape_classic_histograms?
            scrape_configs: [{job_name: a, oauth2: {client_id: a, token_url: '::'}}]      | scrape_configs[0].oauth2.token_url: not a valid URL
            rule_files: ['a[.yml']                                                        | rule_files[0]: "a[.yml" is not a valid pattern
            """)
    void refusesWithThePlace(String yaml, String reason) throws Exception {
        Path file = Texts.write(folder, "prometheus.yml", "\n" + yaml + "\n");
        assertThatThrownBy(() -> Texts.read(file))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(file + ":2: ")
                .hasMessageContaining(reason)
                .hasMessageNotContaining("\n");
    }

    @Test
    void takesAllThereIs() throws Exception {
        Path file = Texts.write(folder, "prometheus.yml", """
                runtime: {gogc: 75}
                remote_write:
                - url: https://u:p@mimir.example.com/api/v1/push
                  name: mimir
                  remote_timeout: 30s
                  protobuf_message: io.prometheus.write.v2.Request
                  headers: {X-Scope-OrgID: team-a}
                  send_exemplars: true
                  send_native_histograms: true
                  round_robin_dns: true
                  failed_request_logging: true
                  write_relabel_configs: [{source_labels: [__name__], regex: 'go_.*', action: drop}]
                  queue_config: {capacity: 2500, max_shards: 200, min_shards: 1, max_samples_per_send: 500, batch_send_deadline: 5s,
                    min_backoff: 30ms, max_backoff: 100ms, retry_on_http_429: true, sample_age_limit: 1h}
                  metadata_config: {send: true, send_interval: 1m, max_samples_per_send: 500}
                - url: https://aps.example.com/remote_write
                  sigv4: {region: r, profile: p, role_arn: 'arn:x', external_id: y, use_fips_sts_endpoint: true, service_name: aps}
                - {url: 'https://gcp.example.com/', google_iam: {credentials_file: /etc/gcp.json}}
                - {url: 'https://az.example.com/', azuread: {sdk: {tenant_id: a-b}, scope: 'https://monitor.azure.com/.default'}}
                remote_read:
                - {url: 'http://thanos:10902/', name: r, remote_timeout: 1m, read_recent: true, chunked_read_limit: 10000000,
                   required_matchers: {cluster: a}, filter_external_labels: false, headers: {a: b}}
                otlp:
                  promote_resource_attributes: [service.instance.id]
                  translation_strategy: NoTranslation
                  keep_identifying_resource_attributes: true
                  convert_histograms_to_nhcb: true
                  promote_scope_metadata: true
                  label_name_underscore_sanitization: false
                  label_name_preserve_multiple_underscores: false
                """);
        assertThat(Texts.read(file).diagnostics())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("remote_write is accepted but not in force in this version"),
                        line -> assertThat(line).endsWith("remote_read is accepted but not in force in this version"),
                        line -> assertThat(line).endsWith("otlp is accepted but not in force in this version"),
                        line -> assertThat(line).contains(":1: runtime.gogc is for Go's garbage collector"));
    }
}
