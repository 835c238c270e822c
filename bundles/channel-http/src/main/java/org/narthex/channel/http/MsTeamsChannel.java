package org.narthex.channel.http;

import java.io.IOException;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Posts a message card to an Office 365 connector of Microsoft Teams. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=msteams")
public final class MsTeamsChannel extends ForgetfulChannel {
    private static final String RED = "8C1A1A";
    private static final String GREEN = "2DC72D";

    @Activate
    public MsTeamsChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        Fields body = new Fields()
                .put("@context", "http://schema.org/extensions")
                .put("type", "MessageCard")
                .put("title", settings.text("title"))
                .put("summary", settings.text("summary"))
                .put("text", settings.text("text"))
                .put("themeColor", notification.isResolved() ? GREEN : RED);
        call(settings, Call.post(settings.url("webhook_url"), body.done())).accepted();
    }
}
