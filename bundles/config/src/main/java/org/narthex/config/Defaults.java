package org.narthex.config;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Configuration.Global;
import org.narthex.api.config.ScrapeConfig.Exposition;
import org.narthex.api.config.ScrapeConfig.Limits;
import org.narthex.api.model.Labels;

/**
 * The {@code global} section: what jobs and rule groups inherit. Durations in milliseconds.
 *
 * @param exposition its escaping scheme as given; empty for that which follows from the validation scheme
 * @param failureLogFile absolute; empty for none
 */
record Defaults(
        Global global,
        Limits limits,
        boolean extraScrapeMetrics,
        long ruleQueryOffsetMs,
        Exposition exposition,
        String failureLogFile) {
    private static final long MINUTE = 60_000;
    private static final Exposition NOTHING_SAID = new Exposition(List.of(), "", "", false, false, false, false);

    /**
     * @param folder what file names are relative to; null for the working directory
     * @param environment gives the value of an environment variable, or null
     */
    static Defaults read(Section section, Path folder, UnaryOperator<String> environment, Diagnostics diagnostics)
            throws ConfigException {
        section.only(
                "scrape_interval",
                "scrape_timeout",
                "scrape_protocols",
                "evaluation_interval",
                "rule_query_offset",
                "query_log_file",
                "scrape_failure_log_file",
                "external_labels",
                "body_size_limit",
                "sample_limit",
                "target_limit",
                "label_limit",
                "label_name_length_limit",
                "label_value_length_limit",
                "keep_dropped_targets",
                "metric_name_validation_scheme",
                "metric_name_escaping_scheme",
                "scrape_native_histograms",
                "convert_classic_histograms_to_nhcb",
                "always_scrape_classic_histograms",
                "extra_scrape_metrics");
        return new Defaults(
                intervals(section, environment, folder),
                limits(section, Limits.NONE),
                section.bool("extra_scrape_metrics", false),
                section.duration("rule_query_offset", 0),
                exposition(section, NOTHING_SAID, ""),
                failureLogFile(section, folder, ""));
    }

    boolean legacyNames() {
        return exposition.legacyNames();
    }

    /**
     * How targets are asked and read, where the section does not say it as inherited.
     *
     * @param suffix what the messages end with, to name the job
     */
    static Exposition exposition(Section section, Exposition inherited, String suffix) throws ConfigException {
        boolean legacyNames = legacyNames(section, inherited.legacyNames());
        String escapingScheme = escapingScheme(section, legacyNames, inherited.escapingScheme());
        List<String> protocols = ScrapeProtocols.read(section, suffix);
        return new Exposition(
                protocols.isEmpty() ? inherited.scrapeProtocols() : protocols,
                ScrapeProtocols.fallback(section, suffix),
                escapingScheme,
                legacyNames,
                section.bool("scrape_native_histograms", inherited.nativeHistograms()),
                section.bool("always_scrape_classic_histograms", inherited.alwaysClassicHistograms()),
                section.bool("convert_classic_histograms_to_nhcb", inherited.convertClassicHistograms()));
    }

    static String failureLogFile(Section section, Path folder, String inherited) throws ConfigException {
        String name = file(section.text("scrape_failure_log_file", ""), folder);
        return name.isEmpty() ? inherited : Path.of(name).toAbsolutePath().toString();
    }

    private static Global intervals(Section section, UnaryOperator<String> environment, Path folder)
            throws ConfigException {
        long interval = orElse(section.duration("scrape_interval", 0), MINUTE);
        long timeout = section.duration("scrape_timeout", 0);
        if (timeout > interval) {
            throw section.error("scrape_timeout", "global scrape timeout greater than scrape interval");
        }
        return new Global(
                interval,
                timeout == 0 ? Math.min(10_000, interval) : timeout,
                orElse(section.duration("evaluation_interval", 0), MINUTE),
                externalLabels(section, environment),
                file(section.text("query_log_file", ""), folder));
    }

    private static String file(String name, Path folder) {
        return name.isEmpty() || folder == null ? name : folder.resolve(name).toString();
    }

    private static long orElse(long value, long otherwise) {
        return value == 0 ? otherwise : value;
    }

    /** The limits of a section, where it has none those inherited; 0 inherits as well. */
    static Limits limits(Section section, Limits inherited) throws ConfigException {
        return new Limits(
                orElse(section.bytes("body_size_limit", 0), inherited.bodySize()),
                orElse(section.count("sample_limit", 0), inherited.samples()),
                orElse(section.count("target_limit", 0), inherited.targets()),
                orElse(section.count("label_limit", 0), inherited.labels()),
                orElse(section.count("label_name_length_limit", 0), inherited.labelNameLength()),
                orElse(section.count("label_value_length_limit", 0), inherited.labelValueLength()),
                orElse(section.count("keep_dropped_targets", 0), inherited.keepDroppedTargets()),
                section.count("native_histogram_bucket_limit", 0),
                section.number("native_histogram_min_bucket_factor", 0));
    }

    private static boolean legacyNames(Section section, boolean inherited) throws ConfigException {
        String scheme = section.text("metric_name_validation_scheme", "");
        return switch (scheme) {
            case "" -> inherited;
            case "utf8" -> false;
            case "legacy" -> true;
            default ->
                throw section.error(
                        "metric_name_validation_scheme", "unrecognized ValidationScheme: \"" + scheme + "\"");
        };
    }

    private static String escapingScheme(Section section, boolean legacyNames, String inherited)
            throws ConfigException {
        String scheme = section.text("metric_name_escaping_scheme", "");
        switch (scheme) {
            case "", "underscores", "dots", "values" -> {}
            case "allow-utf-8" -> {
                if (legacyNames) {
                    throw section.error(
                            "metric_name_escaping_scheme",
                            "utf8 metric names requested but validation scheme is not set to UTF8");
                }
            }
            default ->
                throw section.error(
                        "metric_name_escaping_scheme", "unknown metric name escaping scheme \"" + scheme + "\"");
        }
        return scheme.isEmpty() ? inherited : scheme;
    }

    private static Labels externalLabels(Section section, UnaryOperator<String> environment) throws ConfigException {
        Labels.Builder labels = Labels.builder();
        for (var entry : section.section("external_labels").node().entries().entrySet()) {
            ConfigNode value = entry.getValue();
            if (entry.getKey().isEmpty() || entry.getKey().equals(Labels.METRIC_NAME)) {
                throw value.error("\"" + entry.getKey() + "\" is not a valid label name");
            }
            labels.set(entry.getKey(), expand(value.text(), environment));
        }
        return labels.build();
    }

    /** Replaces {@code $NAME} and {@code ${NAME}} by environment variables, unset ones by nothing, and {@code $$} by a dollar. */
    static String expand(String text, UnaryOperator<String> environment) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '$' || i == text.length()) {
                out.append(c);
                continue;
            }
            char next = text.charAt(i);
            if (next == '{') {
                int close = text.indexOf('}', i);
                // A brace that is not closed vanishes with its dollar, as in a shell's expansion gone wrong.
                out.append(close < 0 ? "" : value(text.substring(i + 1, close), environment));
                i = close < 0 ? i + 1 : close + 1;
            } else if ("$*#@!?-0123456789".indexOf(next) >= 0) {
                out.append(value(String.valueOf(next), environment));
                i++;
            } else {
                int end = i;
                while (end < text.length() && isNameCharacter(text.charAt(end))) {
                    end++;
                }
                out.append(end == i ? "$" : value(text.substring(i, end), environment));
                i = end;
            }
        }
        return out.toString();
    }

    private static boolean isNameCharacter(char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static String value(String name, UnaryOperator<String> environment) {
        if (name.equals("$")) {
            return "$";
        }
        String value = name.isEmpty() ? null : environment.apply(name);
        return value == null ? "" : value;
    }
}
