package org.narthex.http.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;

/** A transport with the headers, credentials and redirects of some settings. */
final class ConfiguredClient implements HttpClients.Client {
    private final HttpClientConfig config;
    private final HttpClient http;

    ConfiguredClient(HttpClientConfig config, HttpClient transport) {
        this.config = config;
        this.http = config.followRedirects() ? new RedirectingClient(transport, secretHeaders(config)) : transport;
    }

    /** Headers that must not go to another host, in lower case; the configured ones may hold secrets too. */
    private static Set<String> secretHeaders(HttpClientConfig config) {
        Set<String> names = new HashSet<>(Set.of("authorization", "cookie", "proxy-authorization"));
        config.headers().keySet().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }

    @Override
    public HttpClient http() {
        return http;
    }

    @Override
    public HttpRequest.Builder request(URI uri) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            // HTTP/2 is a matter of TLS; an upgrade request in plain text confuses many a simple server.
            request.version(HttpClient.Version.HTTP_1_1);
        }
        config.headers().forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        if (config.basicAuth().isPresent()) {
            HttpClientConfig.BasicAuth auth = config.basicAuth().get();
            byte[] pair = (read(auth.username()) + ":" + read(auth.password())).getBytes(StandardCharsets.UTF_8);
            request.setHeader("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        } else if (config.authorization().isPresent()) {
            HttpClientConfig.Authorization authorization =
                    config.authorization().get();
            request.setHeader("Authorization", authorization.type() + " " + read(authorization.credentials()));
        }
        return request;
    }

    private static String read(HttpClientConfig.Secret secret) throws IOException {
        if (secret.file().isEmpty()) {
            return secret.text();
        }
        try {
            return Files.readString(secret.file().get()).strip();
        } catch (IOException e) {
            throw new IOException("cannot read secret file " + secret.file().get() + ": " + e.getMessage(), e);
        }
    }
}
