package org.narthex.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.config.StorageConfig.Downsampling;
import org.narthex.api.config.StorageConfig.Retention;
import org.narthex.api.config.StorageConfig.RetentionPolicy;
import org.narthex.api.model.Matcher;

class StorageReaderTest {
    private static final long DAY = 86_400_000;

    @TempDir
    private Path folder;

    private StorageConfig read(String yaml) throws Exception {
        Configuration configuration = Texts.read(Texts.write(folder, "prometheus.yml", yaml));
        // The one key without effect so far is named; all others work.
        assertThat(configuration.diagnostics())
                .allMatch(line -> line.contains("stale_series_compaction_threshold"))
                .hasSize(yaml.contains("stale_series_compaction_threshold") ? 1 : 0);
        return configuration.storage();
    }

    private String error(String yaml) throws Exception {
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
        assertThat(read("")).isEqualTo(StorageConfig.DEFAULT);
        assertThat(read("storage:\n")).isEqualTo(StorageConfig.DEFAULT);
        assertThat(read("storage: {tsdb: {}, exemplars: {}}")).isEqualTo(StorageConfig.DEFAULT);
        assertThat(read("storage: {tsdb: {retention: , retention_policies: , chunk_encoding: {floats: ''}}}"))
                .isEqualTo(StorageConfig.DEFAULT);
    }

    @Test
    void readsEveryKey() throws Exception {
        assertThat(read("""
                        storage:
                          exemplars:
                            max_exemplars: 5000
                          tsdb:
                            out_of_order_time_window: 30m
                            stale_series_compaction_threshold: 0.25
                            chunk_encoding:
                              floats: xor2
                            retention:
                              time: 30d
                              size: 2GB
                              percentage: 80.5
                            retention_policies:
                              - match: '{job="dev"}'
                                keep: 7d
                              - match: 'http_requests_total{env=~"prod|test"}'
                                keep: 1y
                                downsample:
                                  - {after: 30d, resolution: 5m}
                                  - {after: 90d, resolution: 1h}
                              - match: "{__name__!=''}"
                                downsample: [{after: 1d, resolution: 1s}]
                        """))
                .isEqualTo(new StorageConfig(
                        1_800_000,
                        0.25,
                        Optional.of(true),
                        Optional.of(new Retention(30 * DAY, 2L << 30, 80.5)),
                        List.of(
                                new RetentionPolicy(
                                        List.of(Matcher.equal("job", "dev")), OptionalLong.of(7 * DAY), List.of()),
                                new RetentionPolicy(
                                        List.of(
                                                Matcher.equal("__name__", "http_requests_total"),
                                                Matcher.of(Matcher.Type.REGEX, "env", "prod|test")),
                                        OptionalLong.of(365 * DAY),
                                        List.of(
                                                new Downsampling(30 * DAY, 300_000),
                                                new Downsampling(90 * DAY, 3_600_000))),
                                new RetentionPolicy(
                                        List.of(Matcher.of(Matcher.Type.NOT_EQUAL, "__name__", "")),
                                        OptionalLong.empty(),
                                        List.of(new Downsampling(DAY, 1_000)))),
                        5_000));
    }

    @Test
    void tellsARetentionOfNothingFromNone() throws Exception {
        assertThat(read("storage: {tsdb: {retention: {time: 0s}}}").retention()).contains(new Retention(0, 0, 0));
        assertThat(read("storage: {tsdb: {retention: {size: 1MB}}}").retention())
                .contains(new Retention(0, 1 << 20, 0));
        assertThat(read("storage: {tsdb: {out_of_order_time_window: 1m}}").retention())
                .isEmpty();
    }

    @Test
    void keepsNoExemplarsForANumberBelowZero() throws Exception {
        assertThat(read("storage: {exemplars: {max_exemplars: -1}}").maxExemplars())
                .isZero();
        assertThat(read("storage: {exemplars: {max_exemplars: 0}}").maxExemplars())
                .isZero();
    }

    @Test
    void tellsXorFromNothingSaid() throws Exception {
        assertThat(read("storage: {tsdb: {chunk_encoding: {floats: xor}}}").xor2())
                .contains(false);
    }

    @Test
    void namesFileLineAndPathOfAMistake() throws Exception {
        String policies = "storage:\n  tsdb:\n    retention_policies:\n";
        assertThat(error(policies + "    - match: '{job=\"a\"}'\n      keep: 0s\n"))
                .isEqualTo("prometheus.yml:5: storage.tsdb.retention_policies[0].keep: must be greater than 0");
        assertThat(error(policies + "    - match: '{job=\"a\"}'\n      kep: 1d\n"))
                .isEqualTo(
                        "prometheus.yml:5: unknown key kep in storage.tsdb.retention_policies[0], did you mean keep?");
        assertThat(error(policies + "    - match: '{job=\"a\"'\n      keep: 1d\n"))
                .isEqualTo("prometheus.yml:4: storage.tsdb.retention_policies[0].match: bad selector \"{job=\"a\"\": "
                        + "expected a comma or a closing brace");
        assertThat(error("storage:\n  tsdb:\n    retention_policy: []\n"))
                .isEqualTo(
                        "prometheus.yml:3: unknown key retention_policy in storage.tsdb, did you mean retention_policies?");
        assertThat(error("storage:\n  exemplar: {}\n"))
                .isEqualTo("prometheus.yml:2: unknown key exemplar in storage, did you mean exemplars?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "tsdb: {out_of_order_time_window: soon} | not a valid duration string: \"soon\"",
                "tsdb: {stale_series_compaction_threshold: 1.5} | must be in the range [0, 1]",
                "tsdb: {stale_series_compaction_threshold: NaN} | must be in the range [0, 1]",
                "tsdb: {chunk_encoding: {floats: XOR}} | must be 'xor' or 'xor2'",
                "tsdb: {retention: {size: -1GB}} | must be greater than or equal to 0",
                "tsdb: {retention: {size: 5}} | units: unknown unit",
                "tsdb: {retention: {percentage: 101}} | must be in the range [0, 100]",
                "exemplars: {max_exemplars: many} | expected a whole number",
                "tsdb: {retention_policies: [null]} | empty or null retention policy",
                "tsdb: {retention_policies: [{keep: 1d}]} | needs match",
                "tsdb: {retention_policies: [{match: up}]} | needs keep or downsample",
                "tsdb: {retention_policies: [{match: '{}', keep: 1d}]} | does not match an empty label, found {}",
                "tsdb: {retention_policies: [{match: '{job=~\".*\",a!=\"b\"}', keep: 1d}]} | does not match an empty",
                "tsdb: {retention_policies: [{match: '{job=~\"(\"}', keep: 1d}]} | retention_policies[0].match",
                "tsdb: {retention_policies: [{match: '{job=dev}', keep: 1d}]} | expected a value in quotes",
                "tsdb: {retention_policies: [{match: up, keep: 1x}]} | not a valid duration string: \"1x\"",
                "tsdb: {retention_policies: [{match: up, downsample: [{after: 1d}]}]} | needs resolution, a duration",
                "tsdb: {retention_policies: [{match: up, downsample: [{resolution: 5m}]}]} | needs after, a duration",
                "tsdb: {retention_policies: [{match: up, downsample: [{after: 0s, resolution: 5m}]}]} | after: must be greater",
                "tsdb: {retention_policies: [{match: up, downsample: [{after: 1d, resolution: 999ms}]}]} | at least 1s, found 999ms",
                "tsdb: {retention_policies: [{match: up, downsample: [{after: 1d, resolution: 5m}, {after: 1d, resolution: 6m}]}]} | downsample[1].after: must be greater",
                "tsdb: {retention_policies: [{match: up, downsample: [{after: 1d, resolution: 5m}, {after: 2d, resolution: 5m}]}]} | downsample[1].resolution: must be greater",
                "tsdb: {retention_policies: [{match: up, keep: 1d, downsample: [{after: 1d, resolution: 5m}]}]} | must be less than keep",
                "tsdb: {retention_policies: [{match: up, downsample: [{after: 1d, resolution: 5m, keep: 1d}]}]} | unknown key keep in",
            })
    void refuses(String section, String reason) throws Exception {
        assertThat(error("storage: {" + section + "}"))
                .startsWith("prometheus.yml:1: ")
                .contains(reason);
    }
}
