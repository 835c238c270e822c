package org.narthex.channel.http;

import java.io.IOException;

import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.http.HttpClients;

/** A channel that need not know what became of the last notification about a group. */
abstract class ForgetfulChannel extends HttpChannel {
    ForgetfulChannel(HttpClients clients) {
        super(clients);
    }

    /** Tells the service. */
    abstract void deliver(Notification notification, Settings settings)
            throws IOException, RejectedException, ConfigException;

    @Override
    final String deliver(Notification notification, Settings settings, String memo)
            throws IOException, RejectedException, ConfigException {
        deliver(notification, settings);
        return "";
    }
}
