package org.narthex.channel.webhook;

import java.nio.file.Path;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientKeys;

/** Reads {@code http_config}. */
final class HttpConfig {
    private HttpConfig() {}

    static HttpClientConfig of(ConfigNode node) throws ConfigException {
        return HttpClientKeys.readOnly(node);
    }

    /** A file named in a configuration file stands relative to that. */
    static Path path(ConfigNode node) throws ConfigException {
        return HttpClientKeys.path(node).toAbsolutePath().normalize();
    }
}
