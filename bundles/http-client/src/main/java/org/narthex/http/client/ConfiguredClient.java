package org.narthex.http.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClients;
import org.narthex.api.http.UrlHost;
import org.narthex.api.trace.Tracer;
import org.narthex.http.client.aws.AwsAccess;
import org.narthex.http.client.plain.Connections;

/** A transport with the headers, credentials and redirects of some settings. */
final class ConfiguredClient implements HttpClients.Client {
    private final HttpClientConfig config;
    private final HttpClient transport;
    private final ProxyRoute proxy;
    private final Optional<AccessTokens> tokens;
    private final Optional<AwsAccess> aws;
    private final Connections plain;
    private final Supplier<Tracer> tracer;
    private final HttpClient http;

    /**
     * @param tokens where access tokens come from, if they are needed
     * @param aws who requests are signed by, if they are
     * @param plain the connections without TLS and proxy
     * @param tracer gives null while no traces are wanted
     */
    ConfiguredClient(
            HttpClientConfig config,
            HttpClient transport,
            ProxyRoute proxy,
            Optional<AccessTokens> tokens,
            Optional<AwsAccess> aws,
            Connections plain,
            Supplier<Tracer> tracer) {
        this.config = config;
        this.transport = transport;
        this.proxy = proxy;
        this.tokens = tokens;
        this.aws = aws;
        this.plain = plain;
        this.tracer = tracer;
        this.http = over(Optional.empty());
    }

    private HttpClient over(Optional<Path> unixSocket) {
        HttpClient unsigned = new PlainClient(transport, proxy, plain, unixSocket);
        // Below redirects: each host wants a signature of its own.
        HttpClient direct = aws.isPresent() ? new SigningClient(unsigned, aws.get()) : unsigned;
        HttpClient client = config.followRedirects() ? redirecting(direct) : direct;
        return new TracingClient(tokens.isPresent() ? new TokenClient(client, tokens.get()) : client, tracer);
    }

    private RedirectingClient redirecting(HttpClient direct) {
        return new RedirectingClient(direct, secretHeaders(config));
    }

    @Override
    public HttpClients.Call call(HttpRequest request, Optional<Path> unixSocket) {
        HttpClients.Call call = HttpClients.Client.super.call(request, unixSocket);
        if (aws.isPresent() || tokens.isPresent()) {
            return call;
        }
        PlainClient direct = new PlainClient(transport, proxy, plain, unixSocket);
        Optional<RedirectingClient> redirecting =
                config.followRedirects() ? Optional.of(redirecting(direct)) : Optional.empty();
        return direct.shortWay(request)
                .<HttpClients.Call>map(written -> new PlainCall(written, plain, redirecting, call, tracer))
                .orElse(call);
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
    public HttpClient http(Path unixSocket) {
        return over(Optional.of(unixSocket));
    }

    @Override
    public CompletableFuture<Optional<String>> accessToken() {
        return tokens.map(all -> all.token().thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    @Override
    public HttpRequest.Builder request(URI uri) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(UrlHost.seen(uri));
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            // HTTP/2 is a matter of TLS; an upgrade request in plain text confuses many a simple server.
            request.version(HttpClient.Version.HTTP_1_1);
        }
        add(request, config.headers());
        if (config.basicAuth().isPresent()) {
            HttpClientConfig.BasicAuth auth = config.basicAuth().get();
            byte[] pair = (Secrets.read(auth.username()) + ":" + Secrets.read(auth.password()))
                    .getBytes(StandardCharsets.UTF_8);
            request.setHeader("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
        } else if (config.authorization().isPresent()) {
            HttpClientConfig.Authorization authorization =
                    config.authorization().get();
            request.setHeader("Authorization", authorization.type() + " " + Secrets.read(authorization.credentials()));
        }
        if (proxy.to(uri).isPresent()) {
            proxy.authorization(uri).ifPresent(value -> request.setHeader("Proxy-Authorization", value));
            if ("https".equalsIgnoreCase(uri.getScheme())) {
                add(request, config.proxy().connectHeaders());
            }
        }
        return request;
    }

    private static void add(HttpRequest.Builder request, Map<String, List<Secret>> headers) throws IOException {
        for (Map.Entry<String, List<Secret>> header : headers.entrySet()) {
            for (Secret value : header.getValue()) {
                request.header(header.getKey(), Secrets.read(value));
            }
        }
    }
}
