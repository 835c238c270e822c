package org.narthex.http.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.util.concurrent.Executor;

import org.narthex.api.http.HttpClientConfig;

/** Makes the client that holds the connections. */
final class TransportBuilder {
    private TransportBuilder() {}

    static HttpClient build(HttpClientConfig.Tls tls, boolean http2, ProxyRoute proxy, Executor executor)
            throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .executor(executor)
                // Redirects are followed by RedirectingClient, since the JDK sends credentials along to other hosts.
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(proxy)
                .version(http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
        if (!tls.equals(HttpClientConfig.Tls.DEFAULT)) {
            builder.sslContext(TlsContext.of(tls)).sslParameters(TlsContext.parameters(tls));
        }
        return builder.build();
    }
}
