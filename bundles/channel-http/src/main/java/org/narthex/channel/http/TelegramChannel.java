package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Sends a message by a bot of Telegram. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=telegram")
public final class TelegramChannel extends ForgetfulChannel {
    private static final int MAX_MESSAGE = 4096;

    @Activate
    public TelegramChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        Fields body = new Fields()
                .put("chat_id", settings.secret("chat_id"))
                .put("text", Text.first(settings.text("message"), MAX_MESSAGE))
                .put("disable_web_page_preview", true)
                .given("disable_notification", settings.node().bool("disable_notifications", false))
                .given(settings, "parse_mode", "message_thread_id");
        URI url = settings.url("api_url", "bot" + settings.secret("bot_token") + "/sendMessage");
        call(settings, Call.post(url, body.done())).accepted();
    }
}
