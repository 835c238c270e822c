package org.narthex.api.config;

import java.util.List;
import java.util.Map;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.scrape.TargetGroup;

/**
 * One {@code scrape_configs} entry with all defaults filled in. Durations in milliseconds, sizes in bytes; limits are 0 for none. Two equal ones
 * scrape the same way, so that a reload leaves their targets alone.
 *
 * @param fallbackScrapeProtocol used when a target does not say what it sends; empty for none
 * @param staticConfigs targets named in place
 * @param discoveries the {@code *_sd_configs} sections
 */
public record ScrapeConfig(
        String jobName,
        long scrapeIntervalMs,
        long scrapeTimeoutMs,
        String metricsPath,
        String scheme,
        Map<String, List<String>> params,
        boolean honorLabels,
        boolean honorTimestamps,
        boolean trackTimestampsStaleness,
        boolean enableCompression,
        boolean extraScrapeMetrics,
        String fallbackScrapeProtocol,
        Limits limits,
        HttpClientConfig httpClient,
        List<RelabelConfig> relabelConfigs,
        List<RelabelConfig> metricRelabelConfigs,
        List<TargetGroup> staticConfigs,
        List<Discovery> discoveries) {
    /** What a target may not exceed. */
    public record Limits(
            long bodySize,
            long samples,
            long targets,
            long labels,
            long labelNameLength,
            long labelValueLength,
            long keepDroppedTargets) {
        public static final Limits NONE = new Limits(0, 0, 0, 0, 0, 0, 0);
    }

    /** One section for a discovery plug-in; its type is what stands before {@code _sd_configs}. */
    public record Discovery(String type, ConfigNode section) {}

    public ScrapeConfig {
        relabelConfigs = List.copyOf(relabelConfigs);
        metricRelabelConfigs = List.copyOf(metricRelabelConfigs);
        staticConfigs = List.copyOf(staticConfigs);
        discoveries = List.copyOf(discoveries);
        params = Map.copyOf(params);
    }
}
