package org.narthex.probe;

import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientKeys;

/** Parts that sections of several probers have. */
final class Sections {
    private Sections() {}

    /** What stands under {@code tls_config}. */
    static HttpClientConfig.Tls tls(ConfigNode section) throws ConfigException {
        Optional<ConfigNode> tls = section.given("tls_config");
        return tls.isPresent() ? HttpClientKeys.tls(tls.get()) : HttpClientConfig.Tls.DEFAULT;
    }
}
