package org.narthex.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.PatternSyntaxException;

import org.narthex.api.config.AlertSendingConfig;
import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.RuleGroup;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.config.StorageConfig;

/** Reads prometheus.yml and all files it names, and alertmanager.yml if there is one. */
final class PrometheusReader {
    private final UnaryOperator<String> environment;
    private final boolean agent;

    /**
     * @param environment gives the value of an environment variable, or null
     * @param agent whether to refuse what agent mode does not have
     */
    PrometheusReader(UnaryOperator<String> environment, boolean agent) {
        this.environment = environment;
        this.agent = agent;
    }

    /**
     * @param file as the user named it
     * @param alertmanagerFile empty for none
     */
    Configuration read(String file, String alertmanagerFile, long version, long nowMs) throws ConfigException {
        Diagnostics diagnostics = new Diagnostics();
        Path path = Path.of(file);
        ConfigNode root = document(path, diagnostics);
        Section top = Section.of(root);
        top.only(
                "global",
                "runtime",
                "alerting",
                "rule_files",
                "scrape_config_files",
                "scrape_configs",
                "storage",
                "tracing",
                "remote_write",
                "remote_read",
                "otlp");
        if (agent) {
            refuseInAgentMode(top);
        }
        Defaults defaults = Defaults.read(top.section("global"), folder(path), environment, diagnostics);
        List<ScrapeConfig> scrapeConfigs = scrapeConfigs(top, path, defaults, diagnostics);
        new AcceptedSections(folder(path), defaults.legacyNames(), diagnostics).check(top);
        AlertSendingConfig alertSending =
                new AlertSendingReader(folder(path), defaults.legacyNames(), diagnostics).read(top.section("alerting"));
        StorageConfig storage = StorageReader.read(top.section("storage"));
        diagnostics.notInForceWhenOn(top.section("storage").section("tsdb"), "stale_series_compaction_threshold");
        List<RuleGroup> ruleGroups = ruleGroups(top, path, defaults, diagnostics);
        return new Configuration(
                version,
                nowMs,
                SecretMask.yaml(EffectiveConfig.of(root, defaults.global(), scrapeConfigs)),
                defaults.global(),
                scrapeConfigs,
                ruleGroups,
                alerting(alertmanagerFile, diagnostics),
                alertSending,
                TracingReader.read(top),
                storage,
                diagnostics.lines());
    }

    private static void refuseInAgentMode(Section top) throws ConfigException {
        for (String key : new String[] {"alerting", "rule_files", "remote_read"}) {
            if (top.has(key)) {
                throw top.error(key, "field " + key + " is not allowed in agent mode");
            }
        }
    }

    private static List<ScrapeConfig> scrapeConfigs(Section top, Path file, Defaults defaults, Diagnostics diagnostics)
            throws ConfigException {
        ScrapeReader reader = new ScrapeReader(defaults, diagnostics);
        List<ScrapeConfig> configs = new ArrayList<>(reader.read(top, folder(file)));
        for (Path included : matching(top, "scrape_config_files", "scrape config", file)) {
            Section section = Section.of(document(included, diagnostics));
            section.only("scrape_configs");
            configs.addAll(reader.read(section, folder(included)));
        }
        return configs;
    }

    private static List<RuleGroup> ruleGroups(Section top, Path file, Defaults defaults, Diagnostics diagnostics)
            throws ConfigException {
        RuleReader reader = new RuleReader(defaults);
        List<RuleGroup> groups = new ArrayList<>();
        Set<Path> seen = new HashSet<>();
        for (Path ruleFile : matching(top, "rule_files", "rule", file)) {
            // Two patterns may well match the same file; its rules run once.
            if (seen.add(ruleFile)) {
                groups.addAll(reader.read(document(ruleFile, diagnostics)));
            }
        }
        return groups;
    }

    /** The files that the patterns under the key match, in order. */
    private static List<Path> matching(Section top, String key, String what, Path file) throws ConfigException {
        List<Path> files = new ArrayList<>();
        if (!top.has(key)) {
            return files;
        }
        for (ConfigNode item : top.node().require(key).items()) {
            String pattern = item.text();
            if (!Glob.isValid(pattern)) {
                throw item.error("invalid " + what + " file path \"" + pattern + "\"");
            }
            try {
                files.addAll(Glob.expand(file.getParent(), pattern));
            } catch (PatternSyntaxException e) {
                throw item.error("\"" + pattern + "\" is not a valid pattern: " + e.getDescription());
            } catch (IOException | IllegalArgumentException e) {
                throw item.error("cannot list the files of \"" + pattern + "\": " + e.getMessage());
            }
        }
        return files;
    }

    private static Optional<AlertingConfig> alerting(String file, Diagnostics diagnostics) throws ConfigException {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        ConfigNode root = document(Path.of(file), diagnostics);
        return Optional.of(new AlertmanagerReader(Path.of(file), diagnostics).read(root));
    }

    private static ConfigNode document(Path file, Diagnostics diagnostics) throws ConfigException {
        YamlReader.Document document = YamlReader.read(file.toString(), bytes(file));
        if (document.more()) {
            diagnostics.add(document.root(), "only the first of several YAML documents is used");
        }
        return document.root();
    }

    private static byte[] bytes(Path file) throws ConfigException {
        try {
            if (Files.isDirectory(file)) {
                throw new ConfigException(file.toString(), 0, "is a folder, not a file");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(file.toString(), 0, "no such file");
        } catch (AccessDeniedException e) {
            throw new ConfigException(file.toString(), 0, "permission denied");
        } catch (IOException e) {
            throw new ConfigException(file.toString(), 0, "cannot be read: " + e.getMessage());
        }
    }

    /** What relative names inside the file are relative to. */
    private static Path folder(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("") : parent;
    }
}
