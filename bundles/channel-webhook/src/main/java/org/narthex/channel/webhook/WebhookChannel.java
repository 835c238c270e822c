package org.narthex.channel.webhook;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Serves {@code webhook_configs}. Has no state of its own: what it needs to know is in the section it is given with each notification. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=webhook")
public final class WebhookChannel implements AlertChannel {
    private final HttpClients clients;

    @Activate
    public WebhookChannel(@Reference(name = "clients") HttpClients clients) {
        this.clients = clients;
    }

    @Override
    public void check(ConfigNode section) throws ConfigException {
        WebhookSection.of(section);
    }

    @Override
    public void send(Notification notification, ConfigNode section) throws IOException, RejectedException {
        WebhookSection webhook = read(section);
        // The URL may carry a token: messages name the host alone.
        String host = webhook.url().getHost();
        HttpClients.Client client = clients.client(webhook.http());
        HttpRequest request = client.request(webhook.url())
                .timeout(webhook.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "Narthex")
                .POST(BodyPublishers.ofString(body(notification, webhook)))
                .build();
        int status;
        try {
            HttpResponse<Void> response = client.http().send(request, BodyHandlers.discarding());
            status = response.statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + host, e);
        } catch (IOException e) {
            throw new IOException(host + " was not reached: " + e, e);
        }
        if (status == 429 || status >= 500) {
            // Both pass with time; any other refusal would only be repeated.
            throw new IOException(host + " answered " + status);
        }
        if (status < 200 || status >= 300) {
            throw new RejectedException(host + " answered " + status);
        }
    }

    private static String body(Notification notification, WebhookSection webhook) throws RejectedException {
        try {
            return webhook.payload().isPresent()
                    ? Payload.of(webhook.payload().get()).toString()
                    : WebhookBody.of(notification, webhook.maxAlerts());
        } catch (ConfigException e) {
            throw new RejectedException(e.getMessage(), e);
        }
    }

    private static WebhookSection read(ConfigNode section) throws IOException, RejectedException {
        try {
            return WebhookSection.of(section).withUrlFromFile();
        } catch (ConfigException e) {
            throw new RejectedException(e.getMessage(), e);
        }
    }
}
