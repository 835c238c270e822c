package org.narthex.api.config;

import java.util.List;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.scrape.TargetGroup;

/**
 * The {@code alerting} section of prometheus.yml: which Alertmanagers besides the one in the box are told of alerts.
 *
 * @param alertRelabelConfigs done to each alert first; one that is dropped is told to nobody
 */
public record AlertSendingConfig(List<RelabelConfig> alertRelabelConfigs, List<Alertmanagers> alertmanagers) {
    /** Telling nobody. */
    public static final AlertSendingConfig NONE = new AlertSendingConfig(List.of(), List.of());

    public AlertSendingConfig {
        alertRelabelConfigs = List.copyOf(alertRelabelConfigs);
        alertmanagers = List.copyOf(alertmanagers);
    }

    /**
     * One element of {@code alertmanagers}.
     *
     * @param pathPrefix before {@code /api/v2/alerts}
     * @param timeoutMs for one request
     * @param relabelConfigs done to the labels of each Alertmanager that was discovered
     * @param alertRelabelConfigs done to each alert that goes to these
     * @param staticConfigs Alertmanagers named in place
     * @param discoveries the {@code *_sd_configs} sections
     */
    public record Alertmanagers(
            String scheme,
            String pathPrefix,
            long timeoutMs,
            HttpClientConfig httpClient,
            List<RelabelConfig> relabelConfigs,
            List<RelabelConfig> alertRelabelConfigs,
            List<TargetGroup> staticConfigs,
            List<ScrapeConfig.Discovery> discoveries) {
        public Alertmanagers {
            relabelConfigs = List.copyOf(relabelConfigs);
            alertRelabelConfigs = List.copyOf(alertRelabelConfigs);
            staticConfigs = List.copyOf(staticConfigs);
            discoveries = List.copyOf(discoveries);
        }
    }
}
