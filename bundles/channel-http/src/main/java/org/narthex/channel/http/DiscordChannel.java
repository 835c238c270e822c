package org.narthex.channel.http;

import java.io.IOException;
import java.util.List;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Posts an embed to a Discord webhook. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=discord")
public final class DiscordChannel extends ForgetfulChannel {
    private static final int MAX_TITLE = 256;
    private static final int MAX_DESCRIPTION = 4096;
    private static final int MAX_CONTENT = 2000;
    private static final int RED = 0x992d22;
    private static final int GREEN = 0x2ecc71;

    @Activate
    public DiscordChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        Fields embed = new Fields()
                .put("title", Text.first(settings.text("title"), MAX_TITLE))
                .put("description", Text.first(settings.text("message"), MAX_DESCRIPTION))
                .put("color", notification.isResolved() ? GREEN : RED);
        Fields body = new Fields()
                .put("content", Text.first(settings.text("content"), MAX_CONTENT))
                .put("embeds", Fields.list(List.of(embed.done())))
                .given(settings, "username", "avatar_url");
        call(settings, Call.post(settings.url("webhook_url"), body.done())).accepted();
    }
}
