package org.narthex.channel.http;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;

/** What channels over HTTP have in common; each says what its service is told. */
abstract class HttpChannel implements AlertChannel {
    private final HttpClients clients;

    HttpChannel(HttpClients clients) {
        this.clients = clients;
    }

    @Override
    public void check(ConfigNode section) throws ConfigException {
        Settings.of(section);
    }

    @Override
    public final void send(Notification notification, ConfigNode section) throws IOException, RejectedException {
        send(notification, section, "");
    }

    @Override
    public final String send(Notification notification, ConfigNode section, String memo)
            throws IOException, RejectedException {
        try {
            return deliver(notification, Settings.of(section), memo);
        } catch (ConfigException | IllegalArgumentException e) {
            // What templates made of it is no use, and will not be next time.
            throw new RejectedException(e.getMessage(), e);
        }
    }

    /** Tells the service, knowing what it wanted to know of the last time; returns what it wants to know next time. */
    abstract String deliver(Notification notification, Settings settings, String memo)
            throws IOException, RejectedException, ConfigException;

    /** Calls the service and returns what it answers, whatever that is. URLs may hold tokens: messages name the host alone. */
    final Answer call(Settings settings, Call call) throws IOException {
        String host = call.url().getHost();
        HttpClients.Client client = clients.client(settings.http());
        HttpRequest.Builder request = client.request(call.url()).timeout(settings.timeout());
        request.setHeader("User-Agent", "Narthex");
        call.headers().forEach(request::setHeader);
        request.method(
                call.method(),
                call.method().equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(call.body()));
        try {
            HttpResponse<String> response =
                    client.http().send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
            String type = response.headers().firstValue("Content-Type").orElse("");
            return new Answer(host, response.statusCode(), type, response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + host, e);
        } catch (IOException e) {
            throw new IOException(host + " was not reached: " + e.getClass().getSimpleName(), e);
        }
    }
}
