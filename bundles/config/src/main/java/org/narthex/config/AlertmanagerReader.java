package org.narthex.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.narthex.api.config.AlertingConfig;
import org.narthex.api.config.AlertingConfig.Receiver;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

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

    AlertmanagerReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
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
        diagnostics.notInForce(
                top,
                "inhibit_rules",
                "templates",
                "time_intervals",
                "mute_time_intervals",
                "tracing",
                "event_recorder");
        long resolveTimeout = global(top.section("global"));
        Map<String, Receiver> receivers = receivers(top);
        if (!top.node().get("route").isPresent()) {
            throw top.error("no route provided in config");
        }
        return new AlertingConfig(
                resolveTimeout,
                new RouteReader(receivers.keySet(), timeIntervals(top), diagnostics).root(top.section("route")),
                receivers);
    }

    private long global(Section global) throws ConfigException {
        global.only(GLOBAL_KEYS);
        for (String key : GLOBAL_KEYS) {
            if (key.endsWith("_file")) {
                String inPlace = key.substring(0, key.length() - "_file".length());
                if (global.has(key) && global.has(inPlace)) {
                    throw global.error("at most one of " + inPlace + " & " + key + " must be configured");
                }
            }
        }
        // What channels would take from here reaches them only in their own sections as yet.
        for (String key : GLOBAL_KEYS) {
            if (!key.equals("resolve_timeout")) {
                diagnostics.notInForce(global, key);
            }
        }
        return global.duration("resolve_timeout", RESOLVE_TIMEOUT_MS);
    }

    private Map<String, Receiver> receivers(Section top) throws ConfigException {
        Map<String, Receiver> receivers = new LinkedHashMap<>();
        for (ConfigNode item : top.list("receivers", "empty or null receiver")) {
            Section section = Section.of(item);
            String name = section.text("name", "");
            if (name.isEmpty()) {
                throw section.error("missing name in receiver");
            }
            if (receivers.put(name, new Receiver(name, sections(section))) != null) {
                throw section.error("name", "notification config name \"" + name + "\" is not unique");
            }
            String label = section.textMap("labels").getOrDefault("name", name);
            if (!label.equals(name)) {
                throw section.error(
                        "labels",
                        "receiver label \"name\" must match receiver name \"" + name + "\", got \"" + label + "\"");
            }
        }
        return receivers;
    }

    private List<AlertingConfig.Section> sections(Section receiver) throws ConfigException {
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
                sections.add(new AlertingConfig.Section(type.get(), sendResolved, item));
            }
        }
        receiver.only(known.toArray(String[]::new));
        return sections;
    }

    private static Set<String> timeIntervals(Section top) throws ConfigException {
        Set<String> names = new HashSet<>();
        for (String key : new String[] {"mute_time_intervals", "time_intervals"}) {
            for (ConfigNode item : top.list(key, "empty or null time interval")) {
                Section interval = Section.of(item);
                interval.only("name", "time_intervals");
                String name = interval.text("name", "");
                if (name.isEmpty()) {
                    throw interval.error("missing name in time interval");
                }
                if (!names.add(name)) {
                    throw interval.error("name", "mute time interval \"" + name + "\" is not unique");
                }
            }
        }
        return names;
    }
}
