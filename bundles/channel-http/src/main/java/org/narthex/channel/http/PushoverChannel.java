package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Sends a message by Pushover. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=pushover")
public final class PushoverChannel extends ForgetfulChannel {
    private static final int MAX_TITLE = 250;
    private static final int MAX_MESSAGE = 1024;
    private static final int MAX_URL = 512;

    private final URI url;

    @Activate
    public PushoverChannel(@Reference(name = "clients") HttpClients clients) {
        this(clients, URI.create("https://api.pushover.net/1/messages.json"));
    }

    PushoverChannel(HttpClients clients, URI url) {
        super(clients);
        this.url = url;
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("token", settings.secret("token"));
        form.put("user", settings.secret("user_key"));
        form.put("title", Text.first(settings.text("title"), MAX_TITLE).strip());
        String message = Text.first(settings.text("message"), MAX_MESSAGE).strip();
        // An empty one is refused.
        form.put("message", message.isEmpty() ? "(no details)" : message);
        if (settings.node().bool("html", false)) {
            form.put("html", "1");
        }
        if (settings.node().bool("monospace", false)) {
            form.put("monospace", "1");
        }
        form.put("url", Text.first(settings.text("url"), MAX_URL).strip());
        form.put("url_title", settings.text("url_title"));
        form.put("priority", settings.text("priority"));
        form.put("retry", seconds(settings, "retry"));
        form.put("expire", seconds(settings, "expire"));
        form.put("ttl", seconds(settings, "ttl"));
        form.put("device", settings.text("device"));
        form.put("sound", settings.text("sound"));
        form.values().removeIf(String::isEmpty);
        call(settings, Call.form(url, form)).accepted();
    }

    private static String seconds(Settings settings, String key) throws ConfigException {
        long ms = settings.node().durationMs(key, 0);
        return ms == 0 ? "" : String.valueOf(ms / 1000);
    }
}
