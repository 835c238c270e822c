package org.narthex.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.InhibitRule;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.AlertingConfig.TemplateFile;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.config.TimeInterval;
import org.narthex.api.model.Labels;

/** Reads alertmanager.yml. */
final class AlertmanagerReader {
    private static final long RESOLVE_TIMEOUT_MS = 300_000;
    private static final String[] GLOBAL_KEYS = {
        "resolve_timeout",
        "http_config",
        "smtp_from",
        "smtp_hello",
        "smtp_smarthost",
        "smtp_auth_username",
        "smtp_auth_password",
        "smtp_auth_password_file",
        "smtp_auth_secret",
        "smtp_auth_secret_file",
        "smtp_auth_identity",
        "smtp_require_tls",
        "smtp_tls_config",
        "smtp_force_implicit_tls",
        "slack_api_url",
        "slack_api_url_file",
        "slack_app_token",
        "slack_app_token_file",
        "slack_app_url",
        "pagerduty_url",
        "opsgenie_api_url",
        "opsgenie_api_key",
        "opsgenie_api_key_file",
        "wechat_api_url",
        "wechat_api_secret",
        "wechat_api_secret_file",
        "wechat_api_corp_id",
        "victorops_api_url",
        "victorops_api_key",
        "victorops_api_key_file",
        "telegram_api_url",
        "telegram_bot_token",
        "telegram_bot_token_file",
        "webex_api_url",
        "rocketchat_api_url",
        "rocketchat_token",
        "rocketchat_token_file",
        "rocketchat_token_id",
        "rocketchat_token_id_file",
        "jira_api_url",
        "mattermost_webhook_url",
        "mattermost_webhook_url_file"
    };
    private static final PluginTypes CHANNELS = new PluginTypes(
            "_configs",
            List.of(
                    "discord",
                    "email",
                    "incidentio",
                    "jira",
                    "mattermost",
                    "msteams",
                    "msteamsv2",
                    "opsgenie",
                    "pagerduty",
                    "pushover",
                    "rocketchat",
                    "slack",
                    "sns",
                    "telegram",
                    "victorops",
                    "webex",
                    "webhook",
                    "wechat"));
    /** Channels that stay silent about resolved alerts unless told otherwise. */
    private static final Set<String> SILENT_WHEN_RESOLVED = Set.of("email", "slack", "wechat", "rocketchat");

    private final Diagnostics diagnostics;
    private final Path file;
    private final boolean classicNames;
    private final ReceiverSections receiverSections;

    /** @param file what relative file names are relative to the folder of */
    AlertmanagerReader(Path file, Diagnostics diagnostics) {
        this(file, diagnostics, false);
    }

    /** @param classicNames whether label names in routes must be classic ones */
    AlertmanagerReader(Path file, Diagnostics diagnostics, boolean classicNames) {
        this.file = file;
        this.diagnostics = diagnostics;
        this.classicNames = classicNames;
        this.receiverSections = new ReceiverSections(file.toAbsolutePath().getParent(), diagnostics);
    }

    AlertingConfig read(ConfigNode root) throws ConfigException {
        Section top = Section.of(root);
        top.only(
                "global",
                "route",
                "inhibit_rules",
                "receivers",
                "templates",
                "time_intervals",
                "mute_time_intervals",
                "tracing",
                "event_recorder");
        diagnostics.notInForce(top, "tracing", "event_recorder");
        Section global = top.section("global");
        global(global);
        Map<String, Receiver> receivers = receivers(top, global);
        if (!top.node().get("route").isPresent()) {
            throw top.error("no route provided in config");
        }
        Map<String, List<TimeInterval>> timeIntervals = TimeIntervalReader.named(top);
        return new AlertingConfig(
                global.duration("resolve_timeout", RESOLVE_TIMEOUT_MS),
                new RouteReader(receivers.keySet(), timeIntervals.keySet(), classicNames).root(top.section("route")),
                receivers,
                inhibitRules(top),
                timeIntervals,
                templates(top),
                SecretMask.yaml(root));
    }

    private void global(Section global) throws ConfigException {
        global.only(GLOBAL_KEYS);
        for (String key : GLOBAL_KEYS) {
            if (key.endsWith("_file")) {
                String inPlace = key.substring(0, key.length() - "_file".length());
                ReceiverSections.exclusive(global, List.<String[]>of(new String[] {inPlace, key}));
            }
        }
        if (global.count("slack_app_token", "slack_app_token_file") > 0
                && global.count("slack_api_url", "slack_api_url_file") > 0
                // What was written before there was a key of its own for it.
                && !global.text("slack_api_url", "").equals(ReceiverSections.SLACK_APP_URL)) {
            throw global.error(
                    "at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file must be configured");
        }
        if (global.has("smtp_smarthost")) {
            ReceiverSections.hostPort(global, "smtp_smarthost");
        }
        if (global.has("http_config")) {
            Section http = global.section("http_config");
            http.only(HttpClientReader.KEYS);
            new HttpClientReader(file.toAbsolutePath().getParent(), diagnostics).read(http);
        }
    }

    private static List<InhibitRule> inhibitRules(Section top) throws ConfigException {
        List<InhibitRule> rules = new ArrayList<>();
        for (ConfigNode item : top.list("inhibit_rules", "empty or null inhibition rule")) {
            Section rule = Section.of(item);
            rule.only(
                    "name",
                    "source_match",
                    "source_match_re",
                    "source_matchers",
                    "target_match",
                    "target_match_re",
                    "target_matchers",
                    "equal");
            rules.add(new InhibitRule(
                    rule.text("name", ""),
                    AlertMatcherReader.read(rule, "source_"),
                    AlertMatcherReader.read(rule, "target_"),
                    rule.texts("equal")));
        }
        return rules;
    }

    /** All files that the patterns match now, in the order of the patterns. */
    private List<TemplateFile> templates(Section top) throws ConfigException {
        List<TemplateFile> files = new ArrayList<>();
        if (!top.has("templates")) {
            return files;
        }
        for (ConfigNode item : top.node().require("templates").items()) {
            try {
                for (Path found : Glob.expand(file.toAbsolutePath().getParent(), item.text())) {
                    files.add(new TemplateFile(found.toString(), Files.readString(found)));
                }
            } catch (IOException | IllegalArgumentException e) {
                throw item.error("cannot read the templates of \"" + item.text() + "\": " + e.getMessage());
            }
        }
        return files;
    }

    private Map<String, Receiver> receivers(Section top, Section global) throws ConfigException {
        Map<String, Receiver> receivers = new LinkedHashMap<>();
        for (ConfigNode item : top.list("receivers", "empty or null receiver")) {
            Section section = Section.of(item);
            String name = section.text("name", "");
            if (name.isEmpty()) {
                throw section.error("missing name in receiver");
            }
            Receiver receiver = new Receiver(name, labels(section, name), sections(section, global));
            if (receivers.put(name, receiver) != null) {
                throw section.error("name", "notification config name \"" + name + "\" is not unique");
            }
        }
        return receivers;
    }

    private static Labels labels(Section receiver, String name) throws ConfigException {
        Labels labels = receiver.labels("labels");
        String given = labels.has("name") ? labels.get("name") : name;
        if (!given.equals(name)) {
            throw receiver.error(
                    "labels",
                    "receiver label \"name\" must match receiver name \"" + name + "\", got \"" + given + "\"");
        }
        return labels.toBuilder().set("name", name).build();
    }

    private List<AlertingConfig.Section> sections(Section receiver, Section global) throws ConfigException {
        List<String> known = new ArrayList<>(List.of("name", "labels"));
        known.addAll(CHANNELS.keys());
        List<AlertingConfig.Section> sections = new ArrayList<>();
        for (Map.Entry<String, ConfigNode> entry : receiver.node().entries().entrySet()) {
            String key = entry.getKey();
            Optional<String> type = CHANNELS.of(key);
            if (type.isEmpty()) {
                continue;
            }
            known.add(key);
            if (!CHANNELS.isKnown(type.get())) {
                diagnostics.add(
                        entry.getValue(),
                        key + " is not one of Alertmanager's own; it works only with a plug-in for " + type.get());
            }
            for (ConfigNode item : receiver.list(key, "empty or null section in " + key)) {
                boolean sendResolved =
                        Section.of(item).bool("send_resolved", !SILENT_WHEN_RESOLVED.contains(type.get()));
                receiverSections.check(type.get(), Section.of(item));
                ConfigNode complete = receiverSections.complete(type.get(), Section.of(item), global);
                sections.add(new AlertingConfig.Section(type.get(), sendResolved, complete));
            }
        }
        receiver.only(known.toArray(String[]::new));
        return sections;
    }
}
