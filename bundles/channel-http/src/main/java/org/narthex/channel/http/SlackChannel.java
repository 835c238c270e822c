package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

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
    /**
     * A message that may be changed.
     *
     * @param configured the channel as the section names it
     * @param channel as Slack names it
     */
    private record Posted(String configured, String channel, String timestamp) {
        static Optional<Posted> of(String memo) {
            String[] parts = memo.split("\n", -1);
            return parts.length == 3 ? Optional.of(new Posted(parts[0], parts[1], parts[2])) : Optional.empty();
        }

        String memo() {
            return configured + '\n' + channel + '\n' + timestamp;
        }
    }

    @Activate
    public SlackChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    String deliver(Notification notification, Settings settings, String memo)
            throws IOException, RejectedException, ConfigException {
        URI url = settings.url("api_url");
        String channel = settings.text("channel");
        boolean updates = settings.node().bool("update_message", false);
        Optional<Posted> earlier =
                updates ? Posted.of(memo).filter(posted -> posted.configured().equals(channel)) : Optional.empty();
        Fields body = new Fields()
                .given("channel", earlier.map(Posted::channel).orElse(channel))
                .given("ts", earlier.map(Posted::timestamp).orElse(""))
                .given(settings, "username", "icon_emoji", "icon_url")
                .given("link_names", settings.node().bool("link_names", false))
                .given("text", settings.text("message_text"))
                .put("attachments", Fields.list(List.of(Attachments.slack(settings))));
        Call call = Call.post(
                earlier.isEmpty() ? url : URI.create(url.toString().replace("chat.postMessage", "chat.update")),
                body.done());
        if (settings.isGiven("app_token")) {
            call = call.with("Authorization", "Bearer " + settings.secret("app_token"));
        }
        Answer answer = call(settings, call).accepted();
        if (!answer.contentType().startsWith("application/json")) {
            if (!answer.body().equals("ok")) {
                throw answer.rejected(answer.body());
            }
            return "";
        }
        JsonObject said = answer.json();
        if (!said.getBoolean("ok", false)) {
            throw answer.rejected(said.getString("error", "no reason given"));
        }
        Posted now = new Posted(channel, said.getString("channel", ""), said.getString("ts", ""));
        // Once all is over what comes next is another incident, with a message of its own.
        boolean goesOn = updates
                && !notification.isResolved()
                && !now.channel().isEmpty()
                && !now.timestamp().isEmpty();
        return goesOn ? now.memo() : "";
    }
}
