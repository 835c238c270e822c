package org.narthex.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Configuration.Global;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.PromDuration;

/**
 * The file as it is in force: with the settings that matter most where it leaves them to their defaults, and with environment variables expanded.
 * Programs that ask for the configuration (a Thanos sidecar wants the external labels) get what Prometheus would tell them.
 */
final class EffectiveConfig {
    private static final String SCRAPE_CONFIGS = "scrape_configs";
    private static final String EXTERNAL_LABELS = "external_labels";

    private EffectiveConfig() {}

    /** @param jobs those of the file itself, in its order, and then any others */
    static ConfigNode of(ConfigNode root, Global global, List<ScrapeConfig> jobs) throws ConfigException {
        Section top = Section.of(root);
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        ConfigNode inForce = global(top.section("global").node(), global);
        // The first time for its place, the second for its value.
        entries.put("global", inForce);
        entries.putAll(top.node().entries());
        entries.put("global", inForce);
        if (top.has(SCRAPE_CONFIGS)) {
            List<ConfigNode> items = new ArrayList<>();
            for (ConfigNode item : top.node().require(SCRAPE_CONFIGS).items()) {
                items.add(job(item, jobs.get(items.size())));
            }
            ConfigNode list = top.node().require(SCRAPE_CONFIGS);
            entries.put(SCRAPE_CONFIGS, ConfigNode.sequence(list.file(), list.line(), list.path(), items));
        }
        return ConfigNode.mapping(root.file(), root.line(), root.path(), entries);
    }

    private static ConfigNode global(ConfigNode given, Global global) throws ConfigException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("scrape_interval", PromDuration.format(global.scrapeIntervalMs()));
        settings.put("scrape_timeout", PromDuration.format(global.scrapeTimeoutMs()));
        settings.put("evaluation_interval", PromDuration.format(global.evaluationIntervalMs()));
        Map<String, ConfigNode> entries = with(settings, given);
        if (given.given(EXTERNAL_LABELS).isPresent()) {
            Map<String, ConfigNode> labels = new LinkedHashMap<>();
            ConfigNode written = given.require(EXTERNAL_LABELS);
            written.entries()
                    .forEach((name, value) ->
                            labels.put(name, text(value, global.externalLabels().get(name))));
            entries.put(EXTERNAL_LABELS, ConfigNode.mapping(written.file(), written.line(), written.path(), labels));
        }
        return ConfigNode.mapping(given.file(), given.line(), given.path(), entries);
    }

    private static ConfigNode job(ConfigNode given, ScrapeConfig job) throws ConfigException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("job_name", job.jobName());
        settings.put("honor_timestamps", String.valueOf(job.honorTimestamps()));
        settings.put("track_timestamps_staleness", String.valueOf(job.trackTimestampsStaleness()));
        settings.put("scrape_interval", PromDuration.format(job.scrapeIntervalMs()));
        settings.put("scrape_timeout", PromDuration.format(job.scrapeTimeoutMs()));
        settings.put("metrics_path", job.metricsPath());
        settings.put("scheme", job.scheme());
        settings.put("enable_compression", String.valueOf(job.enableCompression()));
        settings.put("follow_redirects", String.valueOf(job.httpClient().followRedirects()));
        settings.put("enable_http2", String.valueOf(job.httpClient().enableHttp2()));
        return ConfigNode.mapping(given.file(), given.line(), given.path(), with(settings, given));
    }

    /** The settings, and then what else is given. */
    private static Map<String, ConfigNode> with(Map<String, String> settings, ConfigNode given) throws ConfigException {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        settings.forEach((key, value) -> entries.put(key, text(given, value)));
        for (Map.Entry<String, ConfigNode> entry : given.entries().entrySet()) {
            entries.putIfAbsent(entry.getKey(), entry.getValue());
        }
        return entries;
    }

    private static ConfigNode text(ConfigNode where, String value) {
        return ConfigNode.scalar(where.file(), where.line(), where.path(), value == null ? "" : value);
    }
}
