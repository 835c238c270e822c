package org.narthex.channel.webhook;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.UrlHost;

/**
 * One element of {@code webhook_configs}.
 *
 * @param url where to post to; empty as long as it stands in {@code urlFile}
 * @param urlFile a file that holds the URL, read for each notification
 * @param maxAlerts the most alerts in one notification, 0 for all
 * @param timeout for one attempt
 * @param payload what is sent instead of Alertmanager's message
 */
record WebhookSection(
        URI url,
        Optional<Path> urlFile,
        int maxAlerts,
        Duration timeout,
        HttpClientConfig http,
        Optional<ConfigNode> payload) {
    /** The most an attempt may take by the contract of channels; also what an absent {@code timeout} means. */
    private static final long MAX_TIMEOUT_MS = 60_000;

    static WebhookSection of(ConfigNode section) throws ConfigException {
        section.onlyKeys("send_resolved", "http_config", "url", "url_file", "max_alerts", "timeout", "payload");
        section.bool("send_resolved", true);
        Optional<ConfigNode> url = section.get("url");
        Optional<ConfigNode> file = section.get("url_file");
        if (url.isPresent() == file.isPresent()) {
            throw section.error("exactly one of url and url_file must be given");
        }
        long maxAlerts = section.integer("max_alerts", 0);
        if (maxAlerts < 0 || maxAlerts > Integer.MAX_VALUE) {
            throw section.require("max_alerts").error("must be 0 or more, found " + maxAlerts);
        }
        long timeoutMs = section.durationMs("timeout", 0);
        Optional<ConfigNode> http = section.get("http_config");
        return new WebhookSection(
                url.isPresent() ? url(url.get()) : URI.create(""),
                file.isPresent() ? Optional.of(HttpConfig.path(file.get())) : Optional.empty(),
                (int) maxAlerts,
                Duration.ofMillis(timeoutMs == 0 ? MAX_TIMEOUT_MS : Math.min(timeoutMs, MAX_TIMEOUT_MS)),
                http.isPresent() ? HttpConfig.of(http.get()) : HttpClientConfig.DEFAULT,
                section.get("payload"));
    }

    private static URI url(ConfigNode node) throws ConfigException {
        if (node.text().contains("{{")) {
            // Only when something is sent it is known what it comes to.
            return URI.create("");
        }
        Optional<URI> url = parse(node.text());
        // The text is not repeated in the message: it may carry a token.
        return url.orElseThrow(() -> node.error("not a URL that begins with http:// or https:// and names a host"));
    }

    private static Optional<URI> parse(String text) {
        try {
            URI url = UrlHost.parse(text);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            return http && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** This section with the URL from its file, if it names one. */
    WebhookSection withUrlFromFile() throws IOException {
        if (urlFile.isEmpty()) {
            return this;
        }
        Path file = urlFile.get();
        URI read = parse(Files.readString(file).strip()).orElseThrow(() -> new IOException(file + " holds no URL"));
        return new WebhookSection(read, urlFile, maxAlerts, timeout, http, payload);
    }
}
