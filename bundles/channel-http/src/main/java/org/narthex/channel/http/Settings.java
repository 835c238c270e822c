package org.narthex.channel.http;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.AwsSigning;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.UrlHost;

/**
 * A section of a receiver, its templates executed. Its keys were checked by the reader of the file.
 *
 * @param timeout for one request
 */
record Settings(ConfigNode node, HttpClientConfig http, Duration timeout) {
    /** The most an attempt may take by the contract of channels; also what an absent {@code timeout} means. */
    private static final long MAX_TIMEOUT_MS = 60_000;

    static Settings of(ConfigNode section) throws ConfigException {
        Optional<ConfigNode> http = section.given("http_config");
        long timeoutMs = section.durationMs("timeout", 0);
        return new Settings(
                section,
                http.isPresent() ? HttpClientKeys.readOnly(http.get()) : HttpClientConfig.DEFAULT,
                Duration.ofMillis(timeoutMs == 0 ? MAX_TIMEOUT_MS : Math.min(timeoutMs, MAX_TIMEOUT_MS)));
    }

    /** The same with requests signed. */
    Settings signed(AwsSigning signing) {
        return new Settings(node, http.withAws(signing), timeout);
    }

    /** Empty if absent. */
    String text(String key) throws ConfigException {
        return node.string(key, "");
    }

    /** The text of the key, or the content of the file that the key with {@code _file} names, read now; empty if neither is given. */
    String secret(String key) throws ConfigException, IOException {
        Optional<ConfigNode> file = node.given(key + "_file");
        return file.isPresent()
                ? Files.readString(HttpClientKeys.path(file.get())).strip()
                : text(key).strip();
    }

    boolean isGiven(String key) throws ConfigException {
        return node.given(key).isPresent() || node.given(key + "_file").isPresent();
    }

    /** The URL of the key or in its file. What is wrong is told without the URL, which may hold a token. */
    URI url(String key) throws ConfigException, IOException {
        try {
            URI url = UrlHost.parse(secret(key));
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // Told below.
        }
        throw node.get(key).orElse(node).error(key + " is not a URL that begins with http:// or https://");
    }

    /** The URL with a path below it. */
    URI url(String key, String path) throws ConfigException, IOException {
        String base = url(key).toString();
        return URI.create(base.endsWith("/") ? base + path : base + "/" + path);
    }
}
