package org.narthex.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
    private static final String ALERTING = "alerting";
    private static final String ALERTMANAGERS = "alertmanagers";

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
            entries.put(SCRAPE_CONFIGS, sequence(list, items));
        }
        if (top.has(ALERTING)) {
            entries.put(ALERTING, alerting(top.node().require(ALERTING)));
        }
        entries.values().removeIf(EffectiveConfig::isEmpty);
        return mapping(root, entries);
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
            entries.put(EXTERNAL_LABELS, mapping(written, labels));
        }
        return mapping(given, entries);
    }

    private static ConfigNode alerting(ConfigNode given) throws ConfigException {
        Map<String, ConfigNode> entries = with(Map.of(), given);
        Optional<ConfigNode> list = given.given(ALERTMANAGERS);
        if (list.isPresent()) {
            List<ConfigNode> items = new ArrayList<>();
            for (ConfigNode item : list.get().items()) {
                Map<String, String> settings = new LinkedHashMap<>();
                settings.put("follow_redirects", "true");
                settings.put("enable_http2", "true");
                settings.put("scheme", "http");
                settings.put("timeout", PromDuration.format(AlertSendingReader.TIMEOUT_MS));
                settings.put("api_version", AlertSendingReader.API_VERSION);
                for (Map.Entry<String, String> setting : settings.entrySet()) {
                    setting.setValue(item.string(setting.getKey(), setting.getValue()));
                }
                items.add(mapping(item, with(settings, item)));
            }
            entries.put(ALERTMANAGERS, sequence(list.get(), items));
        }
        return mapping(given, entries);
    }

    /** A relabelling rule with all that makes it work. */
    private static ConfigNode rule(ConfigNode given) throws ConfigException {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        given.get("source_labels").ifPresent(labels -> entries.put("source_labels", labels));
        entries.put("separator", given.get("separator").orElse(text(given, ";")));
        entries.put("regex", given.get("regex").orElse(text(given, "(.*)")));
        given.get("modulus").ifPresent(modulus -> entries.put("modulus", modulus));
        given.get("target_label").ifPresent(label -> entries.put("target_label", label));
        entries.put("replacement", given.get("replacement").orElse(text(given, "$1")));
        entries.put("action", text(given, given.string("action", "replace").toLowerCase(Locale.ROOT)));
        return mapping(given, entries);
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
        return mapping(given, with(settings, given));
    }

    /** The settings, and then what else is given. */
    private static Map<String, ConfigNode> with(Map<String, String> settings, ConfigNode given) throws ConfigException {
        Map<String, ConfigNode> entries = new LinkedHashMap<>();
        settings.forEach((key, value) -> entries.put(key, text(given, value)));
        for (Map.Entry<String, ConfigNode> entry : given.entries().entrySet()) {
            boolean rules = entry.getKey().endsWith("relabel_configs")
                    && entry.getValue().isSequence();
            entries.putIfAbsent(entry.getKey(), rules ? rules(entry.getValue()) : entry.getValue());
        }
        entries.values().removeIf(EffectiveConfig::isEmpty);
        return entries;
    }

    private static ConfigNode rules(ConfigNode list) throws ConfigException {
        List<ConfigNode> items = new ArrayList<>();
        for (ConfigNode item : list.items()) {
            items.add(rule(item));
        }
        return sequence(list, items);
    }

    /** Whether nothing is given, or null. */
    private static boolean isEmpty(ConfigNode node) {
        return node.isScalar() && node.content().equals("\"\"");
    }

    private static ConfigNode mapping(ConfigNode where, Map<String, ConfigNode> entries) {
        return ConfigNode.mapping(where.file(), where.line(), where.path(), entries);
    }

    private static ConfigNode sequence(ConfigNode where, List<ConfigNode> items) {
        return ConfigNode.sequence(where.file(), where.line(), where.path(), items);
    }

    private static ConfigNode text(ConfigNode where, String value) {
        return ConfigNode.scalar(where.file(), where.line(), where.path(), value == null ? "" : value);
    }
}
