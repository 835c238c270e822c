package org.narthex.api.config;

import java.util.List;
import java.util.Map;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.scrape.TargetGroup;

/**
 * One {@code scrape_configs} entry with all defaults filled in. Durations in milliseconds, sizes in bytes; limits are 0 for none. Two equal ones
 * scrape the same way, so that a reload leaves their targets alone.
 *
 * @param failureLogFile absolute path of the file that gets a line for each failed scrape; empty for none
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
        Exposition exposition,
        String failureLogFile,
        Limits limits,
        HttpClientConfig httpClient,
        List<RelabelConfig> relabelConfigs,
        List<RelabelConfig> metricRelabelConfigs,
        List<TargetGroup> staticConfigs,
        List<Discovery> discoveries) {
    /**
     * Which formats a target is asked for, and what is made of what it sends.
     *
     * @param scrapeProtocols in the order of preference; empty if the configuration leaves the choice to Narthex
     * @param fallbackScrapeProtocol used when a target does not say what it sends; empty for none
     * @param escapingScheme how a target is to write names beyond the classic rules, e.g. {@code allow-utf-8}
     * @param legacyNames whether names beyond the classic rules make a scrape fail
     * @param nativeHistograms whether native histograms are taken
     * @param alwaysClassicHistograms whether classic buckets are taken beside a native histogram
     * @param convertClassicHistograms whether classic histograms become native ones with custom buckets
     */
    public record Exposition(
            List<String> scrapeProtocols,
            String fallbackScrapeProtocol,
            String escapingScheme,
            boolean legacyNames,
            boolean nativeHistograms,
            boolean alwaysClassicHistograms,
            boolean convertClassicHistograms) {
        public static final Exposition DEFAULT =
                new Exposition(List.of(), "", "allow-utf-8", false, false, false, false);

        public Exposition {
            scrapeProtocols = List.copyOf(scrapeProtocols);
        }
    }

    /**
     * What a target may not exceed.
     *
     * @param nativeHistogramBuckets the most buckets of a native histogram, which is made coarser until it fits
     * @param nativeHistogramMinBucketFactor native histograms whose buckets grow by less are made coarser; 0 for any
     */
    public record Limits(
            long bodySize,
            long samples,
            long targets,
            long labels,
            long labelNameLength,
            long labelValueLength,
            long keepDroppedTargets,
            long nativeHistogramBuckets,
            double nativeHistogramMinBucketFactor) {
        public static final Limits NONE = new Limits(0, 0, 0, 0, 0, 0, 0, 0, 0);
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
