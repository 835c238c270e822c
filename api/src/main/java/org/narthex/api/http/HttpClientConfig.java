package org.narthex.api.http;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How to call out by HTTP: Prometheus' HTTP client keys. At most one of {@code basicAuth} and {@code authorization} is present. Secrets are
 * never printed.
 *
 * @param proxyUrl empty for a direct connection
 * @param headers extra request headers, each with its values
 */
public record HttpClientConfig(
        Optional<BasicAuth> basicAuth,
        Optional<Authorization> authorization,
        Tls tls,
        boolean followRedirects,
        boolean enableHttp2,
        String proxyUrl,
        Map<String, List<String>> headers) {
    public static final HttpClientConfig DEFAULT =
            new HttpClientConfig(Optional.empty(), Optional.empty(), Tls.DEFAULT, true, true, "", Map.of());

    public HttpClientConfig {
        if (basicAuth.isPresent() && authorization.isPresent()) {
            throw new IllegalArgumentException("at most one of basic_auth & authorization must be configured");
        }
        headers = Map.copyOf(headers);
    }

    /** A secret given in place or by a file that is read again for each use. */
    public record Secret(String text, Optional<Path> file) {
        public static Secret of(String text) {
            return new Secret(text, Optional.empty());
        }

        public static Secret in(Path file) {
            return new Secret("", Optional.of(file));
        }

        @Override
        public String toString() {
            return "<secret>";
        }
    }

    /** User name and password. */
    public record BasicAuth(Secret username, Secret password) {}

    /** An {@code Authorization} header of the given type, usually {@code Bearer}. */
    public record Authorization(String type, Secret credentials) {}

    /**
     * Settings of TLS; PEM files are named, absent ones mean the JVM's own.
     *
     * @param serverName the name to expect in the certificate; empty for that of the URL
     */
    public record Tls(
            Optional<Path> caFile,
            Optional<Path> certFile,
            Optional<Path> keyFile,
            String serverName,
            boolean insecureSkipVerify) {
        public static final Tls DEFAULT = new Tls(Optional.empty(), Optional.empty(), Optional.empty(), "", false);
    }
}
