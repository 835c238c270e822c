package org.narthex.channel.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import jakarta.json.JsonObject;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Posts a message to a webhook of Mattermost. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=mattermost")
public final class MattermostChannel extends ForgetfulChannel {
    private static final int MAX_TEXT = 16_383;
    private static final List<String> ATTACHMENT = List.of(
            "fallback",
            "color",
            "pretext",
            "author_name",
            "author_link",
            "author_icon",
            "title",
            "title_link",
            "thumb_url",
            "image_url",
            "footer",
            "footer_icon");

    @Activate
    public MattermostChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        List<JsonObject> attachments = new ArrayList<>();
        attachments.add(attachment(settings.node(), ""));
        for (ConfigNode each : settings.node().list("attachments")) {
            attachments.add(attachment(each, each.string("text", "")));
        }
        Fields body = new Fields()
                .put("text", Text.first(settings.text("text"), MAX_TEXT))
                .given(settings, "channel", "username", "icon_url", "icon_emoji", "type")
                .put("attachments", Fields.list(attachments));
        String card = settings.node().given("props").isPresent()
                ? settings.node().require("props").string("card", "")
                : "";
        if (!card.isEmpty()) {
            body.put("props", new Fields().put("card", card).done());
        }
        if (settings.node().given("priority").isPresent()) {
            priority(body, settings.node().require("priority"));
        }
        call(settings, Call.post(settings.url("webhook_url"), body.done())).accepted();
    }

    private static JsonObject attachment(ConfigNode node, String text) throws ConfigException {
        Fields attachment = new Fields();
        for (String key : ATTACHMENT) {
            attachment.given(key, node.string(key, ""));
        }
        attachment.given("text", text);
        List<JsonObject> fields = Attachments.fields(node, false);
        if (!fields.isEmpty()) {
            attachment.put("fields", Fields.list(fields));
        }
        return attachment.done();
    }

    /** Acknowledgement and repetition are for those priorities alone that may have them. */
    private static void priority(Fields body, ConfigNode node) throws ConfigException {
        String given = node.string("priority", "").toLowerCase(Locale.ROOT);
        if (!given.isEmpty()) {
            String priority = given.equals("urgent") || given.equals("important") ? given : "standard";
            body.put(
                    "priority",
                    new Fields()
                            .put("priority", priority)
                            .given("requested_ack", node.bool("requested_ack", false) && !priority.equals("standard"))
                            .given(
                                    "persistent_notifications",
                                    node.bool("persistent_notifications", false) && priority.equals("urgent"))
                            .done());
        }
    }
}
