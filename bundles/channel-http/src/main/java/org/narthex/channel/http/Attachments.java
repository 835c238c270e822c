package org.narthex.channel.http;

import java.util.ArrayList;
import java.util.List;

import jakarta.json.JsonObject;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/** Attachments as Slack invented them and others took over. */
final class Attachments {
    private static final int MAX_TITLE = 1024;
    private static final List<String> MARKDOWN = List.of("fallback", "pretext", "text");

    private Attachments() {}

    /** @param otherwise whether fields that do not say so are short */
    static List<JsonObject> fields(ConfigNode node, boolean otherwise) throws ConfigException {
        List<JsonObject> fields = new ArrayList<>();
        for (ConfigNode field : node.list("fields")) {
            fields.add(new Fields()
                    .given("title", field.string("title", ""))
                    .given("value", field.string("value", ""))
                    .put("short", field.bool("short", otherwise))
                    .done());
        }
        return fields;
    }

    static JsonObject slack(Settings settings) throws ConfigException {
        ConfigNode node = settings.node();
        List<String> markdown = node.strings("mrkdwn_in");
        Fields attachment = new Fields()
                .given("title", Text.first(settings.text("title"), MAX_TITLE))
                .given(settings, "title_link", "pretext")
                .put("text", settings.text("text"))
                .put("fallback", settings.text("fallback"))
                .put("callback_id", settings.text("callback_id"))
                .given(settings, "image_url", "thumb_url")
                .put("footer", settings.text("footer"))
                .given(settings, "color")
                .put("mrkdwn_in", Fields.texts(markdown.isEmpty() ? MARKDOWN : markdown));
        List<JsonObject> fields = fields(node, node.bool("short_fields", false));
        if (!fields.isEmpty()) {
            attachment.put("fields", Fields.list(fields));
        }
        List<JsonObject> actions = new ArrayList<>();
        for (ConfigNode action : node.list("actions")) {
            actions.add(action(action));
        }
        if (!actions.isEmpty()) {
            attachment.put("actions", Fields.list(actions));
        }
        return attachment.done();
    }

    /** One with a URL leads there; any other asks back. */
    private static JsonObject action(ConfigNode node) throws ConfigException {
        Fields action = new Fields();
        String url = node.string("url", "");
        List<String> keys = url.isEmpty()
                ? List.of("type", "text", "style", "name", "value")
                : List.of("type", "text", "url", "style");
        for (String key : keys) {
            action.given(key, node.string(key, ""));
        }
        if (url.isEmpty() && node.given("confirm").isPresent()) {
            ConfigNode confirm = node.require("confirm");
            Fields question = new Fields();
            for (String key : new String[] {"text", "title", "ok_text", "dismiss_text"}) {
                question.given(key, confirm.string(key, ""));
            }
            action.put("confirm", question.done());
        }
        return action.done();
    }
}
