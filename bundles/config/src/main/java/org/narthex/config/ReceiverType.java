package org.narthex.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one of Alertmanager's own kinds of receiver sections.
 *
 * @param exclusive keys of which at most one may be given
 * @param requirements keys of which at least one must be given
 * @param defaults values of keys that are not given
 */
@SuppressWarnings("ArrayRecordComponent") // a table, compared by nobody
record ReceiverType(
        String[] keys,
        boolean hasHttpConfig,
        List<String[]> exclusive,
        List<Required> requirements,
        List<Inherited> inherited,
        Map<String, String> defaults) {
    /** Keys of which one must be given, and what is said if none is. */
    @SuppressWarnings("ArrayRecordComponent")
    record Required(String message, String... keys) {}

    /**
     * Keys that are taken from the global section unless one of them is given.
     *
     * @param otherwise value of the first one if the global section has none either; empty for none
     * @param missing what is said if there is no value at all; empty if that is fine
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Inherited(String[] keys, String[] globalKeys, String otherwise, String missing) {
        static Inherited of(String global, String otherwise, String missing, String... keys) {
            return new Inherited(
                    keys, Arrays.stream(keys).map(key -> global + key).toArray(String[]::new), otherwise, missing);
        }
    }

    static Optional<ReceiverType> of(String type) {
        return Optional.ofNullable(ALL.get(type));
    }

    List<String[]> required() {
        return requirements.stream().map(Required::keys).toList();
    }

    String missing(String[] group) {
        return requirements.stream()
                .filter(each -> Arrays.equals(each.keys(), group))
                .findFirst()
                .orElseThrow()
                .message();
    }

    private static final class Builder {
        private final List<String> keys = new ArrayList<>(List.of("send_resolved"));
        private final List<String[]> exclusive = new ArrayList<>();
        private final List<Required> required = new ArrayList<>();
        private final List<Inherited> inherited = new ArrayList<>();
        private final Map<String, String> defaults = new LinkedHashMap<>();
        private boolean http;

        Builder keys(String text) {
            keys.addAll(List.of(text.split(" ", -1)));
            return this;
        }

        Builder http() {
            http = true;
            keys.add("http_config");
            return this;
        }

        /** A secret that may be in a file instead. */
        Builder orFile(String key) {
            keys.add(key);
            keys.add(key + "_file");
            exclusive.add(new String[] {key, key + "_file"});
            return this;
        }

        Builder required(String message, String... oneOf) {
            required.add(new Required(message, oneOf));
            return this;
        }

        Builder inherits(String global, String otherwise, String missing, String... inheritedKeys) {
            inherited.add(Inherited.of(global, otherwise, missing, inheritedKeys));
            return this;
        }

        Builder otherwise(String key, String value) {
            defaults.put(key, value);
            return this;
        }

        /** Keys whose values are made by templates; each is the key, and the template's name after a colon where it differs. */
        Builder templates(String prefix, String... names) {
            for (String name : names) {
                int colon = name.indexOf(':');
                String key = colon < 0 ? name : name.substring(0, colon);
                String template = prefix + ".default." + name.substring(colon + 1);
                defaults.put(key, "{{ template \"" + template + "\" . }}");
            }
            return this;
        }

        ReceiverType build() {
            return new ReceiverType(
                    keys.toArray(String[]::new), http, exclusive, required, inherited, new LinkedHashMap<>(defaults));
        }
    }

    private static final Map<String, ReceiverType> ALL = Map.ofEntries(
            Map.entry(
                    "webhook",
                    new Builder()
                            .http()
                            .keys("max_alerts timeout payload")
                            .orFile("url")
                            .required("one of url or url_file must be configured", "url", "url_file")
                            .build()),
            Map.entry(
                    "email",
                    new Builder()
                            .keys("to from hello smarthost auth_username auth_identity headers html text require_tls"
                                    + " tls_config force_implicit_tls threading")
                            .orFile("auth_password")
                            .orFile("auth_secret")
                            .required("missing to address in email config", "to")
                            .inherits("smtp_", "", "no global SMTP smarthost set", "smarthost")
                            .inherits("smtp_", "", "no global SMTP from set", "from")
                            .inherits("smtp_", "localhost", "", "hello")
                            .inherits("smtp_", "", "", "auth_username")
                            .inherits("smtp_", "", "", "auth_password", "auth_password_file")
                            .inherits("smtp_", "", "", "auth_secret", "auth_secret_file")
                            .inherits("smtp_", "", "", "auth_identity")
                            .inherits("smtp_", "true", "", "require_tls")
                            .inherits("smtp_", "", "", "tls_config")
                            .inherits("smtp_", "", "", "force_implicit_tls")
                            .templates("email", "html")
                            .build()),
            Map.entry(
                    "slack",
                    new Builder()
                            .http()
                            .orFile("api_url")
                            .orFile("app_token")
                            .keys("app_url channel username color title title_link pretext text message_text fields"
                                    + " short_fields footer fallback callback_id icon_emoji icon_url image_url thumb_url"
                                    + " link_names mrkdwn_in actions update_message timeout")
                            .templates(
                                    "slack",
                                    "color",
                                    "username",
                                    "title",
                                    "title_link:titlelink",
                                    "pretext",
                                    "text",
                                    "fallback",
                                    "callback_id:callbackid",
                                    "icon_emoji:iconemoji",
                                    "icon_url:iconurl",
                                    "footer")
                            .build()),
            Map.entry(
                    "pagerduty",
                    new Builder()
                            .http()
                            .orFile("routing_key")
                            .orFile("service_key")
                            .keys(
                                    "url client client_url description severity details images links source class component"
                                            + " group timeout")
                            .required(
                                    "missing service or routing key in PagerDuty config",
                                    "routing_key",
                                    "routing_key_file",
                                    "service_key",
                                    "service_key_file")
                            .inherits("pagerduty_", "https://events.pagerduty.com/v2/enqueue", "", "url")
                            .templates("pagerduty", "description", "client", "client_url:clientURL")
                            .otherwise("severity", "error")
                            .build()),
            Map.entry(
                    "opsgenie",
                    new Builder()
                            .http()
                            .orFile("api_key")
                            .keys(
                                    "api_url message description source details entity responders actions tags note priority"
                                            + " update_alerts")
                            .inherits("opsgenie_", "https://api.opsgenie.com/", "", "api_url")
                            .inherits(
                                    "opsgenie_",
                                    "",
                                    "no global OpsGenie API Key set either inline or in a file",
                                    "api_key",
                                    "api_key_file")
                            .templates("opsgenie", "message", "description", "source")
                            .build()),
            Map.entry(
                    "victorops",
                    new Builder()
                            .http()
                            .orFile("api_key")
                            .keys("api_url routing_key message_type state_message entity_display_name monitoring_tool"
                                    + " custom_fields")
                            .required("missing Routing key in VictorOps config", "routing_key")
                            .inherits(
                                    "victorops_",
                                    "https://alert.victorops.com/integrations/generic/20131114/alert/",
                                    "",
                                    "api_url")
                            .inherits("victorops_", "", "no global VictorOps API Key set", "api_key", "api_key_file")
                            .otherwise("message_type", "CRITICAL")
                            .templates("victorops", "state_message", "entity_display_name", "monitoring_tool")
                            .build()),
            Map.entry(
                    "pushover",
                    new Builder()
                            .http()
                            .orFile("user_key")
                            .orFile("token")
                            .keys("title message url url_title device sound priority retry expire ttl html monospace")
                            .required(
                                    "one of user_key or user_key_file must be configured", "user_key", "user_key_file")
                            .required("one of token or token_file must be configured", "token", "token_file")
                            .templates("pushover", "title", "message", "url")
                            .otherwise("priority", "{{ if eq .Status \"firing\" }}2{{ else }}0{{ end }}")
                            .otherwise("retry", "1m")
                            .otherwise("expire", "1h")
                            .build()),
            Map.entry(
                    "wechat",
                    new Builder()
                            .http()
                            .orFile("api_secret")
                            .keys("corp_id message api_url to_user to_party to_tag agent_id message_type")
                            .inherits("wechat_", "https://qyapi.weixin.qq.com/cgi-bin/", "", "api_url")
                            .inherits(
                                    "wechat_",
                                    "",
                                    "no global Wechat Api Secret set either inline or in a file",
                                    "api_secret",
                                    "api_secret_file")
                            .inherits("wechat_api_", "", "no global Wechat CorpID set", "corp_id")
                            .templates("wechat", "message", "to_user", "to_party", "to_tag", "agent_id")
                            .build()),
            Map.entry(
                    "sns",
                    new Builder()
                            .http()
                            .keys("api_url sigv4 topic_arn phone_number target_arn subject message attributes"
                                    + " use_aws_http_client")
                            .templates("sns", "subject", "message")
                            .build()),
            Map.entry(
                    "telegram",
                    new Builder()
                            .http()
                            .orFile("bot_token")
                            .orFile("chat_id")
                            .keys("api_url message_thread_id message disable_notifications parse_mode")
                            .required("missing chat_id or chat_id_file on telegram_config", "chat_id", "chat_id_file")
                            .inherits("telegram_", "https://api.telegram.org", "", "api_url")
                            .inherits(
                                    "telegram_",
                                    "",
                                    "missing bot_token or bot_token_file on telegram_config",
                                    "bot_token",
                                    "bot_token_file")
                            .templates("telegram", "message")
                            .otherwise("parse_mode", "HTML")
                            .build()),
            Map.entry(
                    "discord",
                    new Builder()
                            .http()
                            .orFile("webhook_url")
                            .keys("content title message username avatar_url")
                            .required("no discord webhook URL or URLFile provided", "webhook_url", "webhook_url_file")
                            .templates("discord", "content", "title", "message")
                            .build()),
            Map.entry(
                    "webex",
                    new Builder()
                            .http()
                            .keys("api_url message room_id")
                            .required("missing room_id on webex_config", "room_id")
                            .inherits("webex_", "https://webexapis.com/v1/messages", "", "api_url")
                            .templates("webex", "message")
                            .build()),
            Map.entry(
                    "msteams",
                    new Builder()
                            .http()
                            .orFile("webhook_url")
                            .keys("title summary text")
                            .required("no msteams webhook URL or URLFile provided", "webhook_url", "webhook_url_file")
                            .templates("msteams", "title", "summary", "text")
                            .build()),
            Map.entry(
                    "msteamsv2",
                    new Builder()
                            .http()
                            .orFile("webhook_url")
                            .keys("title text")
                            .required("no msteamsv2 webhook URL or URLFile provided", "webhook_url", "webhook_url_file")
                            .templates("msteamsv2", "title", "text")
                            .build()),
            Map.entry(
                    "jira",
                    new Builder()
                            .http()
                            .keys(
                                    "api_url api_type project issue_type summary description labels priority"
                                            + " reopen_transition resolve_transition wont_fix_resolution reopen_duration fields")
                            .required("missing project in jira_config", "project")
                            .required("missing issue_type in jira_config", "issue_type")
                            .inherits("jira_", "", "no global Jira Cloud URL set", "api_url")
                            .otherwise("api_type", "auto")
                            .templates("jira", "summary", "description", "priority")
                            .build()),
            Map.entry(
                    "rocketchat",
                    new Builder()
                            .http()
                            .orFile("token")
                            .orFile("token_id")
                            .keys(
                                    "api_url channel color title title_link text fields short_fields emoji icon_url image_url"
                                            + " thumb_url link_names actions")
                            .inherits("rocketchat_", "https://open.rocket.chat/", "", "api_url")
                            .inherits(
                                    "rocketchat_",
                                    "",
                                    "no global Rocketchat Token set either inline or in a file",
                                    "token",
                                    "token_file")
                            .inherits(
                                    "rocketchat_",
                                    "",
                                    "no global Rocketchat TokenID set either inline or in a file",
                                    "token_id",
                                    "token_id_file")
                            .otherwise("color", "{{ if eq .Status \"firing\" }}red{{ else }}green{{ end }}")
                            .templates(
                                    "rocketchat", "title", "title_link:titlelink", "text", "emoji", "icon_url:iconurl")
                            .build()),
            Map.entry(
                    "mattermost",
                    new Builder()
                            .http()
                            .orFile("webhook_url")
                            .keys(
                                    "channel username text fallback color pretext author_name author_link author_icon title"
                                            + " title_link fields thumb_url image_url icon_url icon_emoji footer footer_icon"
                                            + " attachments type props priority")
                            .inherits(
                                    "mattermost_",
                                    "",
                                    "missing webhook_url or webhook_url_file on mattermost_config",
                                    "webhook_url",
                                    "webhook_url_file")
                            .templates(
                                    "mattermost",
                                    "username",
                                    "color",
                                    "title",
                                    "title_link:titlelink",
                                    "text",
                                    "fallback")
                            .build()),
            Map.entry(
                    "incidentio",
                    new Builder()
                            .http()
                            .orFile("url")
                            .orFile("alert_source_token")
                            .keys("max_alerts timeout")
                            .required("one of url or url_file must be configured", "url", "url_file")
                            .build()));
}
