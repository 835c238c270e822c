package org.narthex.http.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.Executor;

import org.narthex.api.http.HttpClientConfig;

/** Makes the client that holds the connections. */
final class TransportBuilder {
    private TransportBuilder() {}

    static HttpClient build(HttpClientConfig config, Executor executor) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(executor)
                // Redirects are followed by ConfiguredClient, since the JDK sends credentials along to other hosts.
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(config.enableHttp2() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
        if (!config.tls().equals(HttpClientConfig.Tls.DEFAULT)) {
            builder.sslContext(TlsContext.of(config.tls()));
        }
        if (config.proxyUrl().isEmpty()) {
            builder.proxy(HttpClient.Builder.NO_PROXY);
        } else {
            builder.proxy(ProxySelector.of(address(config.proxyUrl())));
        }
        return builder.build();
    }

    private static InetSocketAddress address(String proxyUrl) throws IOException {
        try {
            URI uri = URI.create(proxyUrl);
            if (uri.getHost() == null || !"http".equalsIgnoreCase(uri.getScheme())) {
                throw new IOException("proxy_url " + shown(uri) + " is not of the form http://host:port");
            }
            return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
        } catch (IllegalArgumentException e) {
            throw new IOException("proxy_url is no valid URL", e);
        }
    }

    /** Without user and password. */
    private static String shown(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
