package org.narthex.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/**
 * Checks sections of receivers and fills in what they take from the {@code global} section, so that a channel sees all it needs in its own section.
 * Sections of types that are not Alertmanager's own are left alone, but for the HTTP client settings.
 */
final class ReceiverSections {
    static final String SLACK_APP_URL = "https://slack.com/api/chat.postMessage";

    /** What PagerDuty is always told, unless a section has its own. */
    private static final Map<String, String> PAGERDUTY_DETAILS = Map.of(
            "firing", "{{ .Alerts.Firing | toJson }}",
            "resolved", "{{ .Alerts.Resolved | toJson }}",
            "num_firing", "{{ .Alerts.Firing | len }}",
            "num_resolved", "{{ .Alerts.Resolved | len }}");

    private final HttpClientReader httpClients;

    ReceiverSections(Path folder, Diagnostics diagnostics) {
        this.httpClients = new HttpClientReader(folder, diagnostics);
    }

    /** Checks what a section says by itself. */
    void check(String type, Section section) throws ConfigException {
        Optional<ReceiverType> known = ReceiverType.of(type);
        if (known.isPresent()) {
            section.only(known.get().keys());
            exclusive(section, known.get().exclusive());
            for (String[] group : known.get().required()) {
                if (section.count(group) == 0) {
                    throw section.error(known.get().missing(group));
                }
            }
        }
        if (section.has("http_config")) {
            Section http = section.section("http_config");
            http.only(HttpClientReader.KEYS);
            httpClients.read(http);
        }
        templates(section.node());
        switch (type) {
            case "slack" -> slack(section);
            case "email" -> email(section);
            case "webhook" -> url(section, "url");
            case "opsgenie" -> responders(section);
            case "victorops" -> customFields(section);
            case "sns" -> sns(section);
            case "pushover" -> {
                if (section.bool("html", false) && section.bool("monospace", false)) {
                    throw section.error("at most one of monospace & html must be configured");
                }
            }
            case "telegram" -> {
                if (!Set.of("", "Markdown", "MarkdownV2", "HTML").contains(section.text("parse_mode", ""))) {
                    throw section.error(
                            "parse_mode",
                            "unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty string");
                }
            }
            case "jira" -> jira(section);
            case "mattermost" -> fields(section, "Mattermost");
            case "rocketchat" -> fields(section, "Rocketchat");
            default -> {
                // Nothing that the table does not say.
            }
        }
    }

    static void exclusive(Section section, List<String[]> pairs) throws ConfigException {
        for (String[] pair : pairs) {
            if (section.count(pair) > 1) {
                throw section.error("at most one of " + String.join(" & ", pair) + " must be configured");
            }
        }
    }

    /** A template that ends before its time is a slip worth telling at once; what it calls is known only where it is executed. */
    private static void templates(ConfigNode node) throws ConfigException {
        if (node.isMapping()) {
            for (ConfigNode value : node.entries().values()) {
                templates(value);
            }
        } else if (node.isSequence()) {
            for (ConfigNode value : node.items()) {
                templates(value);
            }
        } else if (!isComplete(node.text())) {
            throw node.error("invalid template syntax: an action or a comment is not closed");
        }
    }

    private static boolean isComplete(String text) {
        int at = text.indexOf("{{");
        while (at >= 0) {
            boolean comment = text.startsWith("/*", at + 2) || text.startsWith("- /*", at + 2);
            int end = comment ? text.indexOf("*/", at) : at;
            end = end < 0 ? -1 : text.indexOf("}}", end);
            if (end < 0) {
                return false;
            }
            at = text.indexOf("{{", end);
        }
        return true;
    }

    private static void url(Section section, String key) throws ConfigException {
        String url = section.text(key, "");
        if (!url.isEmpty() && !url.contains("{{") && !url.equals("<secret>")) {
            try {
                String scheme = new URI(url.strip()).getScheme();
                if (!"http".equals(scheme) && !"https".equals(scheme)) {
                    throw section.error(key, "unsupported scheme \"" + (scheme == null ? "" : scheme) + "\" for URL");
                }
            } catch (URISyntaxException e) {
                throw section.error(key, "not a valid URL");
            }
        }
    }

    private static void slack(Section section) throws ConfigException {
        if (section.count("api_url", "api_url_file") > 0 && section.count("app_token", "app_token_file") > 0) {
            // The two together are only right where the URL is that of the app's API.
            boolean app = section.text("api_url", "").equals(SLACK_APP_URL);
            if (!app) {
                throw section.error(
                        "at most one of api_url/api_url_file & app_token/app_token_file must be configured");
            }
        }
        fields(section, "Slack");
        for (ConfigNode item : section.list("actions", "empty or null Slack action")) {
            Section action = Section.of(item);
            if (!action.has("type")) {
                throw action.error("missing type in Slack action configuration");
            }
            if (!action.has("text")) {
                throw action.error("missing text in Slack action configuration");
            }
            if (action.count("url", "name") == 0) {
                throw action.error("missing name or url in Slack action configuration");
            }
            if (action.has("confirm") && !action.section("confirm").has("text")) {
                throw action.error("missing text in Slack confirmation configuration");
            }
        }
    }

    private static void fields(Section section, String what) throws ConfigException {
        for (ConfigNode item : section.list("fields", "empty or null field")) {
            field(Section.of(item), what);
        }
    }

    static void field(Section field, String what) throws ConfigException {
        if (!field.has("title")) {
            throw field.error("missing title in " + what + " field configuration");
        }
        if (!field.has("value")) {
            throw field.error("missing value in " + what + " field configuration");
        }
    }

    private static void email(Section section) throws ConfigException {
        Set<String> seen = new HashSet<>();
        for (Map.Entry<String, ConfigNode> header :
                section.section("headers").node().entries().entrySet()) {
            if (!seen.add(header.getKey().toLowerCase(Locale.ROOT))) {
                throw header.getValue()
                        .error("duplicate header \"" + canonical(header.getKey()) + "\" in email config");
            }
        }
        if (section.has("smarthost")) {
            hostPort(section, "smarthost");
        }
        if (section.has("threading")) {
            Section threading = section.section("threading");
            threading.only("enabled", "thread_by_date");
            if (!Set.of("", "none", "daily").contains(threading.text("thread_by_date", ""))) {
                throw threading.error("thread_by_date", "threading.thread_by_date must be either 'none' or 'daily'");
            }
        }
    }

    /** As mail and HTTP headers are written: {@code X-Custom-Header}. */
    private static String canonical(String header) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < header.length(); i++) {
            boolean first = i == 0 || header.charAt(i - 1) == '-';
            out.append(first ? Character.toUpperCase(header.charAt(i)) : Character.toLowerCase(header.charAt(i)));
        }
        return out.toString();
    }

    static void hostPort(Section section, String key) throws ConfigException {
        String text = section.text(key, "");
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw section.error(key, "address " + text + ": missing port in address");
        }
        if (colon == text.length() - 1) {
            throw section.error(key, "address \"" + text + "\": port cannot be empty");
        }
    }

    private static void responders(Section section) throws ConfigException {
        for (ConfigNode item : section.list("responders", "empty or null responder")) {
            Section responder = Section.of(item);
            responder.only("id", "name", "username", "type");
            if (responder.count("id", "name", "username") == 0) {
                throw responder.error(
                        "opsGenieConfig responder must have at least one of id, username or name specified");
            }
            String type = responder.text("type", "");
            if (!type.contains("{{")
                    && !Set.of("team", "teams", "user", "escalation", "schedule")
                            .contains(type.toLowerCase(Locale.ROOT))) {
                throw responder.error(
                        "opsGenieConfig responder type does not match valid options: team, teams, user, escalation, schedule");
            }
        }
    }

    private static void jira(Section section) throws ConfigException {
        if (!Set.of("", "auto", "cloud", "datacenter").contains(section.text("api_type", ""))) {
            throw section.error("api_type", "unknown api_type on jira_config, must be auto, cloud or datacenter");
        }
        for (String key : new String[] {"summary", "description"}) {
            if (section.has(key) && section.node().require(key).isMapping()) {
                section.section(key).only("template", "enable_update");
            }
        }
        if (section.has("labels") && section.node().require("labels").isMapping()) {
            section.section("labels").only("values", "enable_update");
        }
        section.duration("reopen_duration", 0);
    }

    private static void customFields(Section section) throws ConfigException {
        for (String field : section.section("custom_fields").node().entries().keySet()) {
            if (Set.of(
                            "routing_key",
                            "message_type",
                            "state_message",
                            "entity_display_name",
                            "monitoring_tool",
                            "entity_id",
                            "entity_state")
                    .contains(field)) {
                throw section.error(
                        "custom_fields",
                        "victorOps config contains custom field " + field
                                + " which cannot be used as it conflicts with the fixed/static fields");
            }
        }
    }

    private static void sns(Section section) throws ConfigException {
        int targets = section.count("topic_arn", "phone_number", "target_arn");
        if (targets != 1) {
            throw section.error("must provide either a Target ARN, Topic ARN, or Phone Number for SNS config");
        }
        Section signature = section.section("sigv4");
        signature.only(
                "region", "access_key", "secret_key", "profile", "role_arn", "external_id", "use_fips_sts_endpoint");
        if (signature.has("access_key") != signature.has("secret_key")) {
            throw signature.error(
                    "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SNS config");
        }
    }

    /** The section with what it takes from the global one, which is checked already. */
    ConfigNode complete(String type, Section section, Section global) throws ConfigException {
        Map<String, ConfigNode> entries = new LinkedHashMap<>(section.node().entries());
        Optional<ReceiverType> known = ReceiverType.of(type);
        if (known.isEmpty()) {
            return section.node();
        }
        if (known.get().hasHttpConfig() && global.has("http_config")) {
            entries.putIfAbsent("http_config", global.node().require("http_config"));
        }
        if (type.equals("slack")) {
            slack(section, global, entries);
        }
        for (ReceiverType.Inherited inherited : known.get().inherited()) {
            inherit(section, global, inherited, entries);
        }
        known.get().defaults().forEach((key, value) -> entries.putIfAbsent(key, scalar(section, key, value)));
        if (type.equals("pagerduty")) {
            pagerDuty(section, entries);
        } else if (type.equals("email")) {
            subject(section, entries);
        }
        return ConfigNode.mapping(
                section.node().file(), section.node().line(), section.node().path(), entries);
    }

    private static ConfigNode scalar(Section section, String key, String text) {
        ConfigNode at = section.node();
        return ConfigNode.scalar(at.file(), at.line(), at.path() + "." + key, text);
    }

    private static void subject(Section section, Map<String, ConfigNode> entries) throws ConfigException {
        Map<String, ConfigNode> headers =
                new LinkedHashMap<>(section.section("headers").node().entries());
        if (headers.keySet().stream().noneMatch(name -> name.equalsIgnoreCase("subject"))) {
            headers.put("Subject", scalar(section, "headers.Subject", "{{ template \"email.default.subject\" . }}"));
        }
        entries.put("headers", mapping(section, "headers", headers));
    }

    private static ConfigNode mapping(Section section, String key, Map<String, ConfigNode> entries) {
        ConfigNode at = section.node();
        return ConfigNode.mapping(at.file(), at.line(), at.path() + "." + key, entries);
    }

    private static void pagerDuty(Section section, Map<String, ConfigNode> entries) throws ConfigException {
        if (!section.has("source")) {
            entries.put("source", entries.get("client"));
        }
        Map<String, ConfigNode> details =
                new LinkedHashMap<>(section.section("details").node().entries());
        PAGERDUTY_DETAILS.forEach((key, value) -> details.putIfAbsent(key, scalar(section, "details." + key, value)));
        entries.put("details", mapping(section, "details", details));
    }

    /** Any key of the group in the section stands for all of them. */
    private static void inherit(
            Section section, Section global, ReceiverType.Inherited inherited, Map<String, ConfigNode> entries)
            throws ConfigException {
        if (section.count(inherited.keys()) > 0) {
            return;
        }
        boolean found = false;
        for (int i = 0; i < inherited.keys().length; i++) {
            String from = inherited.globalKeys()[i];
            if (global.has(from)) {
                entries.put(inherited.keys()[i], global.node().require(from));
                found = true;
            }
        }
        if (!found && !inherited.otherwise().isEmpty()) {
            String key = inherited.keys()[0];
            entries.put(key, scalar(section, key, inherited.otherwise()));
        } else if (!found && !inherited.missing().isEmpty()) {
            throw section.error(inherited.missing());
        }
    }

    private static void slack(Section section, Section global, Map<String, ConfigNode> entries) throws ConfigException {
        boolean ownToken = section.count("app_token", "app_token_file") > 0;
        boolean ownUrl = section.count("api_url", "api_url_file") > 0;
        List<String> taken = new ArrayList<>();
        if (!ownToken && !ownUrl) {
            boolean token = global.count("slack_app_token", "slack_app_token_file") > 0;
            boolean url = global.count("slack_api_url", "slack_api_url_file") > 0;
            if (!token && !url) {
                throw section.error("no Slack API URL nor App token set either inline or in a file");
            }
            taken.addAll(token ? List.of("app_token", "app_token_file") : List.of("api_url", "api_url_file"));
            ownToken = token;
        }
        for (String key : taken) {
            if (global.has("slack_" + key)) {
                entries.put(key, global.node().require("slack_" + key));
            }
        }
        if (ownToken && !ownUrl) {
            String url = section.text("app_url", global.text("slack_app_url", SLACK_APP_URL));
            entries.put("api_url", scalar(section, "api_url", url));
        }
        ConfigNode url = entries.get("api_url");
        if (section.bool("update_message", false) && (url == null || !url.text().equals(SLACK_APP_URL))) {
            throw section.error(
                    "update_message can only be used with bot tokens. api_url must be set to " + SLACK_APP_URL);
        }
    }
}
