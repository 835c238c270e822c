package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.json.JsonObject;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Posts a message to Slack: by an incoming webhook, or by its API with the token of an app, where it may change its earlier one. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=slack")
public final class SlackChannel extends HttpChannel {
    /** A message that may be changed. */
    private record Posted(String channel, String timestamp) {}

    /** By receiver, channel and group. Lost with the process: then a new message is posted. */
    private final Map<String, Posted> posted = new ConcurrentHashMap<>();

    @Activate
    public SlackChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        URI url = settings.url("api_url");
        String channel = settings.text("channel");
        String thread = notification.receiver() + '\n' + channel + '\n' + notification.groupKey();
        boolean updates = settings.node().bool("update_message", false);
        Posted earlier = updates ? posted.get(thread) : null;
        Fields body = new Fields()
                .given("channel", earlier == null ? channel : earlier.channel)
                .given("ts", earlier == null ? "" : earlier.timestamp)
                .given(settings, "username", "icon_emoji", "icon_url")
                .given("link_names", settings.node().bool("link_names", false))
                .given("text", settings.text("message_text"))
                .put("attachments", Fields.list(List.of(Attachments.slack(settings))));
        Call call = Call.post(
                earlier == null ? url : URI.create(url.toString().replace("chat.postMessage", "chat.update")),
                body.done());
        if (settings.isGiven("app_token")) {
            call = call.with("Authorization", "Bearer " + settings.secret("app_token"));
        }
        Answer answer = call(settings, call).accepted();
        if (!answer.contentType().startsWith("application/json")) {
            if (!answer.body().equals("ok")) {
                throw answer.rejected(answer.body());
            }
            return;
        }
        JsonObject said = answer.json();
        if (!said.getBoolean("ok", false)) {
            throw answer.rejected(said.getString("error", "no reason given"));
        }
        if (updates) {
            remember(thread, new Posted(said.getString("channel", ""), said.getString("ts", "")), notification);
        }
    }

    private void remember(String thread, Posted message, Notification notification) {
        if (notification.isResolved() || message.channel.isEmpty() || message.timestamp.isEmpty()) {
            // What comes next is another incident, with a message of its own.
            posted.remove(thread);
        } else {
            posted.put(thread, message);
        }
    }
}
