package org.narthex.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.config.ScrapeConfig.Exposition;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;

/** Reads {@code scrape_configs} entries of the main file and of included ones. */
final class ScrapeReader {
    static final PluginTypes DISCOVERIES = new PluginTypes("_sd_configs", DiscoverySections.types());
    private static final String[] OWN_KEYS = {
        "job_name",
        "scrape_interval",
        "scrape_timeout",
        "scrape_protocols",
        "fallback_scrape_protocol",
        "scrape_native_histograms",
        "convert_classic_histograms_to_nhcb",
        "always_scrape_classic_histograms",
        "extra_scrape_metrics",
        "scrape_failure_log_file",
        "honor_labels",
        "honor_timestamps",
        "track_timestamps_staleness",
        "metrics_path",
        "scheme",
        "params",
        "enable_compression",
        "body_size_limit",
        "sample_limit",
        "target_limit",
        "label_limit",
        "label_name_length_limit",
        "label_value_length_limit",
        "keep_dropped_targets",
        "native_histogram_bucket_limit",
        "native_histogram_min_bucket_factor",
        "metric_name_validation_scheme",
        "metric_name_escaping_scheme",
        "relabel_configs",
        "metric_relabel_configs",
        "static_configs"
    };

    private final Defaults defaults;
    private final Diagnostics diagnostics;
    private final Map<String, ConfigNode> jobs = new HashMap<>();

    ScrapeReader(Defaults defaults, Diagnostics diagnostics) {
        this.defaults = defaults;
        this.diagnostics = diagnostics;
    }

    /** @param folder of the file the list stands in */
    List<ScrapeConfig> read(Section parent, Path folder) throws ConfigException {
        List<ScrapeConfig> configs = new ArrayList<>();
        for (ConfigNode item : parent.list("scrape_configs", "empty or null scrape config section")) {
            configs.add(job(Section.of(item), folder));
        }
        return configs;
    }

    private ScrapeConfig job(Section job, Path folder) throws ConfigException {
        checkKeys(job);
        // Before all else, as in Prometheus: a mistake in a section is told before that the job has no name.
        List<ScrapeConfig.Discovery> discoveries = discoveries(job, folder, diagnostics);
        String name = job.text("job_name", "");
        if (name.isEmpty()) {
            throw job.error("job_name is empty");
        }
        if (jobs.putIfAbsent(name, job.node()) != null) {
            throw job.error("job_name", "found multiple scrape configs with job name \"" + name + "\"");
        }
        String suffix = " for scrape config with job name \"" + name + "\"";
        Exposition exposition = exposition(job, suffix);
        long interval = interval(job);
        List<RelabelConfig> relabel = RelabelReader.read(
                job, "relabel_configs", "target relabeling rule in scrape config", exposition.legacyNames());
        return new ScrapeConfig(
                name,
                interval,
                timeout(job, interval, suffix),
                job.text("metrics_path", "/metrics"),
                job.text("scheme", "http"),
                params(job.section("params")),
                job.bool("honor_labels", false),
                job.bool("honor_timestamps", true),
                job.bool("track_timestamps_staleness", false),
                job.bool("enable_compression", true),
                job.bool("extra_scrape_metrics", defaults.extraScrapeMetrics()),
                exposition,
                Defaults.failureLogFile(job, folder, defaults.failureLogFile()),
                Defaults.limits(job, defaults.limits()),
                new HttpClientReader(folder, diagnostics).read(job),
                relabel,
                RelabelReader.read(
                        job,
                        "metric_relabel_configs",
                        "metric relabeling rule in scrape config",
                        exposition.legacyNames()),
                staticConfigs(job, relabel.isEmpty()),
                discoveries);
    }

    private static void checkKeys(Section job) throws ConfigException {
        List<String> known = new ArrayList<>(List.of(OWN_KEYS));
        known.addAll(List.of(HttpClientReader.KEYS));
        known.addAll(DISCOVERIES.keys());
        // Those of plug-ins yet unknown.
        job.node().entries().keySet().stream()
                .filter(key -> DISCOVERIES.of(key).isPresent())
                .forEach(known::add);
        job.only(known.toArray(String[]::new));
    }

    private Exposition exposition(Section job, String suffix) throws ConfigException {
        Exposition read = Defaults.exposition(job, defaults.exposition(), suffix);
        if (!read.escapingScheme().isEmpty()) {
            return read;
        }
        return new Exposition(
                read.scrapeProtocols(),
                read.fallbackScrapeProtocol(),
                read.legacyNames() ? "underscores" : "allow-utf-8",
                read.legacyNames(),
                read.nativeHistograms(),
                read.alwaysClassicHistograms(),
                read.convertClassicHistograms());
    }

    private long interval(Section job) throws ConfigException {
        long interval = job.duration("scrape_interval", 0);
        return interval == 0 ? defaults.global().scrapeIntervalMs() : interval;
    }

    private long timeout(Section job, long interval, String suffix) throws ConfigException {
        long timeout = job.duration("scrape_timeout", 0);
        if (timeout > interval) {
            throw job.error("scrape_timeout", "scrape timeout greater than scrape interval" + suffix);
        }
        return timeout == 0 ? Math.min(defaults.global().scrapeTimeoutMs(), interval) : timeout;
    }

    private static Map<String, List<String>> params(Section params) throws ConfigException {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String name : params.node().entries().keySet()) {
            all.put(name, params.texts(name));
        }
        return all;
    }

    static List<TargetGroup> staticConfigs(Section parent, boolean asHostNames) throws ConfigException {
        List<TargetGroup> groups = new ArrayList<>();
        for (ConfigNode item : parent.list("static_configs", "empty or null section in static_configs")) {
            Section group = Section.of(item);
            group.only("targets", "labels");
            List<Labels> targets = new ArrayList<>();
            for (String target : group.texts("targets")) {
                if (asHostNames && target.indexOf('/') >= 0) {
                    throw group.error("targets", "\"" + target + "\" is not a valid hostname");
                }
                targets.add(Labels.of("__address__", target));
            }
            groups.add(new TargetGroup(String.valueOf(groups.size()), targets, group.labels("labels")));
        }
        return groups;
    }

    static List<ScrapeConfig.Discovery> discoveries(Section parent, Path folder, Diagnostics diagnostics)
            throws ConfigException {
        List<ScrapeConfig.Discovery> discoveries = new ArrayList<>();
        for (String key : parent.node().entries().keySet()) {
            Optional<String> type = DISCOVERIES.of(key);
            if (type.isEmpty()) {
                continue;
            }
            if (!DISCOVERIES.isKnown(type.get())) {
                diagnostics.add(
                        parent.node().require(key),
                        key + " is not one of Prometheus' own; it works only with a plug-in for " + type.get());
            }
            for (ConfigNode item : parent.list(key, "empty or null section in " + key)) {
                Section section = Section.of(item);
                if (DISCOVERIES.isKnown(type.get())) {
                    DiscoverySections.check(type.get(), section, new HttpClientReader(folder, diagnostics));
                }
                discoveries.add(new ScrapeConfig.Discovery(type.get(), item));
            }
        }
        return discoveries;
    }
}
