package org.narthex.api.config;

import java.util.List;
import java.util.Optional;

import org.narthex.api.model.Labels;

/**
 * A whole configuration, valid and immutable.
 *
 * @param version counts the loads of this process, from 1
 * @param loadedAtMs when it was loaded, in milliseconds since the epoch
 * @param yaml the file's text with secrets masked, as {@code /api/v1/status/config} shows it
 * @param alerting the Alertmanager configuration, if one is given
 * @param alertSending which other Alertmanagers are told of alerts
 * @param tracing where traces go, if they are wanted
 * @param diagnostics what the user should know although it is no error, e.g. a known key without effect
 */
public record Configuration(
        long version,
        long loadedAtMs,
        String yaml,
        Global global,
        List<ScrapeConfig> scrapeConfigs,
        List<RuleGroup> ruleGroups,
        Optional<AlertingConfig> alerting,
        AlertSendingConfig alertSending,
        Optional<TracingConfig> tracing,
        StorageConfig storage,
        List<String> diagnostics) {
    /** One that sends alerts to no Alertmanager but that in the box, and no traces. */
    public Configuration(
            long version,
            long loadedAtMs,
            String yaml,
            Global global,
            List<ScrapeConfig> scrapeConfigs,
            List<RuleGroup> ruleGroups,
            Optional<AlertingConfig> alerting,
            StorageConfig storage,
            List<String> diagnostics) {
        this(
                version,
                loadedAtMs,
                yaml,
                global,
                scrapeConfigs,
                ruleGroups,
                alerting,
                AlertSendingConfig.NONE,
                Optional.empty(),
                storage,
                diagnostics);
    }

    public Configuration {
        scrapeConfigs = List.copyOf(scrapeConfigs);
        ruleGroups = List.copyOf(ruleGroups);
        diagnostics = List.copyOf(diagnostics);
    }

    /**
     * Settings for all jobs; durations in milliseconds.
     *
     * @param queryLogFile where queries are logged, or the empty string for nowhere
     */
    public record Global(
            long scrapeIntervalMs,
            long scrapeTimeoutMs,
            long evaluationIntervalMs,
            Labels externalLabels,
            String queryLogFile) {
        /** Settings that log no queries. */
        public Global(long scrapeIntervalMs, long scrapeTimeoutMs, long evaluationIntervalMs, Labels externalLabels) {
            this(scrapeIntervalMs, scrapeTimeoutMs, evaluationIntervalMs, externalLabels, "");
        }
    }
}
