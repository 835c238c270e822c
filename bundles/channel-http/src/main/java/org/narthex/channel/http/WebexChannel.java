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

/** Posts a message to a room of Webex; the token is the authorization of {@code http_config}. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=webex")
public final class WebexChannel extends ForgetfulChannel {
    private static final int MAX_BYTES = 7439;

    @Activate
    public WebexChannel(@Reference(name = "clients") HttpClients clients) {
        super(clients);
    }

    @Override
    void deliver(Notification notification, Settings settings) throws IOException, RejectedException, ConfigException {
        Fields body = new Fields()
                .put("markdown", Text.firstBytes(settings.text("message"), MAX_BYTES))
                .put("roomId", settings.text("room_id"));
        call(settings, Call.post(settings.url("api_url"), body.done())).accepted();
    }
}
