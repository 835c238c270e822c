package org.narthex.channel.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

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

/** Posts a message to Rocket.Chat. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=rocketchat")
public final class RocketChatChannel extends ForgetfulChannel {
    private static final int MAX_TITLE = 1024;

    @Activate
    public RocketChatChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        Fields attachment = new Fields()
                .given("title", Text.first(settings.text("title"), MAX_TITLE))
                .given(settings, "title_link", "text", "image_url", "thumb_url", "color");
        List<JsonObject> fields =
                Attachments.fields(settings.node(), settings.node().bool("short_fields", false));
        if (!fields.isEmpty()) {
            attachment.put("fields", Fields.list(fields));
        }
        List<JsonObject> actions = new ArrayList<>();
        for (ConfigNode action : settings.node().list("actions")) {
            actions.add(new Fields()
                    .put("type", "button")
                    .given("text", action.string("text", ""))
                    .given("url", action.string("url", ""))
                    .given("msg", action.string("msg", ""))
                    .put("is_webview", false)
                    .put("msg_in_chat_window", false)
                    .done());
        }
        if (!actions.isEmpty()) {
            attachment.put("actions", Fields.list(actions));
        }
        Fields body = new Fields()
                .given(settings, "channel", "emoji")
                .given("avatar", settings.text("icon_url"))
                .put("attachments", Fields.list(List.of(attachment.done())));
        Answer answer = call(
                        settings,
                        Call.post(settings.url("api_url", "api/v1/chat.postMessage"), body.done())
                                .with("X-Auth-Token", settings.secret("token"))
                                .with("X-User-Id", settings.secret("token_id")))
                .accepted();
        JsonObject said = answer.json();
        if (!said.getBoolean("success", false)) {
            throw answer.rejected(said.getString("error", "no reason given"));
        }
    }
}
