package org.narthex.scrape;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.Configuration;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.config.StorageConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;

/** Builds a job with the defaults of Prometheus but an interval of 10 s. */
final class TestConfig {
    private final String job;
    long intervalMs = 10_000;
    long timeoutMs = 5_000;
    String scheme = "http";
    String fallback = "";
    List<String> protocols = List.of();
    String escaping = "allow-utf-8";
    boolean legacyNames;
    HistogramModes histograms = HistogramModes.CLASSIC;
    String failureLog = "";
    boolean honorLabels;
    boolean honorTimestamps = true;
    boolean trackTimestamps;
    boolean extra;
    Map<String, List<String>> params = Map.of();
    ScrapeConfig.Limits limits = ScrapeConfig.Limits.NONE;
    List<RelabelConfig> relabel = List.of();
    List<RelabelConfig> metricRelabel = List.of();
    final List<TargetGroup> groups = new ArrayList<>();
    final List<ScrapeConfig.Discovery> discoveries = new ArrayList<>();

    TestConfig(String job) {
        this.job = job;
    }

    TestConfig target(String address, String... labels) {
        groups.add(new TargetGroup(
                "static/" + groups.size(), List.of(Labels.of("__address__", address)), Labels.of(labels)));
        return this;
    }

    ScrapeConfig build() {
        return new ScrapeConfig(
                job,
                intervalMs,
                timeoutMs,
                "/metrics",
                scheme,
                params,
                honorLabels,
                honorTimestamps,
                trackTimestamps,
                true,
                extra,
                new ScrapeConfig.Exposition(
                        protocols,
                        fallback,
                        escaping,
                        legacyNames,
                        histograms.nativeOnes(),
                        histograms.alwaysClassic(),
                        histograms.convertClassic()),
                failureLog,
                limits,
                HttpClientConfig.DEFAULT,
                relabel,
                metricRelabel,
                groups,
                discoveries);
    }

    static Configuration configuration(TestConfig... jobs) {
        List<ScrapeConfig> configs = new ArrayList<>();
        for (TestConfig job : jobs) {
            configs.add(job.build());
        }
        return new Configuration(
                1,
                0,
                "",
                new Configuration.Global(15_000, 10_000, 15_000, Labels.EMPTY),
                configs,
                List.of(),
                Optional.empty(),
                StorageConfig.DEFAULT,
                List.of());
    }
}
