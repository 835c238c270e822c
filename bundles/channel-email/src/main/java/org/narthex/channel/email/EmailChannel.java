package org.narthex.channel.email;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Serves {@code email_configs}: one conversation with the mail server for each notification. */
@Component(service = AlertChannel.class, property = AlertChannel.TYPE + "=email")
public final class EmailChannel implements AlertChannel {
    /** Within what channels may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private final HttpClients clients;

    /** @param clients knows how settings of TLS become trust */
    @Activate
    public EmailChannel(@Reference(name = "clients") HttpClients clients) {
        this.clients = clients;
    }

    @Override
    public void check(ConfigNode section) throws ConfigException {
        EmailSection.of(section);
    }

    @Override
    public void send(Notification notification, ConfigNode section) throws IOException, RejectedException {
        try {
            send(notification, EmailSection.of(section));
        } catch (ConfigException | IllegalArgumentException e) {
            throw new RejectedException(e.getMessage(), e);
        }
    }

    private void send(Notification notification, EmailSection section)
            throws IOException, RejectedException, ConfigException {
        Address from = section.sender();
        List<Address> to = section.receivers();
        try (SmtpConnection connection = new SmtpConnection(section.host(), section.port(), PATIENCE)) {
            if (section.implicitTls()) {
                connection.encrypt(trust(section), section.tls().serverName());
            }
            connection.greeting();
            connection.hello(section.hello());
            if (section.requireTls() && !section.implicitTls()) {
                startTls(connection, section);
            }
            SmtpLogin.login(connection, section);
            connection.command("MAIL", "MAIL FROM:<" + from.text() + ">");
            for (Address each : to) {
                connection.command("RCPT", "RCPT TO:<" + each.text() + ">");
            }
            connection.data(MailMessage.of(section, notification.groupKey(), hostName(), Instant.now()));
            connection.quit();
        }
    }

    private void startTls(SmtpConnection connection, EmailSection section) throws IOException, RejectedException {
        if (connection.extension("STARTTLS").isEmpty()) {
            throw new IOException("'require_tls' is true (default) but \"" + section.host() + ":" + section.port()
                    + "\" does not advertise the STARTTLS extension");
        }
        connection.command("STARTTLS", "STARTTLS");
        connection.encrypt(trust(section), section.tls().serverName());
        connection.hello(section.hello());
    }

    /** A client that is made for the same settings knows whom to trust. */
    private HttpClient trust(EmailSection section) throws IOException {
        return clients.client(HttpClientConfig.DEFAULT.withTls(section.tls())).http();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost.localdomain";
        }
    }
}
