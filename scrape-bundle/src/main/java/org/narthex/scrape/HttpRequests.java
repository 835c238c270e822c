package org.narthex.scrape;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClients;

/** Makes the requests of scrapes; one that would be the same again is not made again. Thread-safe. */
final class HttpRequests {
    private final Supplier<HttpClients> clients;
    private final String userAgent;
    private final Features features;

    /**
     * A request, and what it was made from.
     *
     * @param maker null if it must be made anew each time
     */
    record Prepared(HttpClients maker, Target target, ScrapeConfig config, HttpClients.Call call) {
        static final Prepared NONE = new Prepared(null, null, null, null);

        private boolean isFor(HttpClients current, Target wanted, ScrapeConfig settings) {
            // Usually the very same objects, which this sees at once.
            return maker == current && Objects.equals(wanted, target) && Objects.equals(settings, config);
        }
    }

    /** @param clients gives null while there is no HTTP client */
    HttpRequests(Supplier<HttpClients> clients, String userAgent, Features features) {
        this.clients = clients;
        this.userAgent = userAgent;
        this.features = features;
    }

    /** @param last what was prepared for the target before */
    Prepared prepare(Target target, ScrapeConfig config, Prepared last) throws ScrapeException, IOException {
        HttpClients available = clients.get();
        if (available == null) {
            throw new ScrapeException("there is no HTTP client: is the bundle http-client installed?");
        }
        if (last.isFor(available, target, config)) {
            return last;
        }
        HttpClients.Client client = available.client(config.httpClient());
        HttpRequest request = request(client, target, config);
        Optional<Path> unixSocket =
                target.unixSocket().isEmpty() ? Optional.empty() : Optional.of(Path.of(target.unixSocket()));
        HttpClients maker = isConstant(config.httpClient()) ? available : null;
        return new Prepared(maker, target, config, client.call(request, unixSocket));
    }

    /** Whether what was prepared before can be sent again. */
    boolean isPrepared(Target target, ScrapeConfig config, Prepared last) {
        HttpClients available = clients.get();
        return available != null && last.isFor(available, target, config);
    }

    private HttpRequest request(HttpClients.Client client, Target target, ScrapeConfig config) throws IOException {
        HttpRequest.Builder request = client.request(URI.create(target.url()))
                .timeout(Duration.ofMillis(target.timeoutMs()))
                .setHeader("Accept", AcceptHeader.of(config.exposition(), prefersProtobuf(target)))
                .setHeader("Accept-Encoding", config.enableCompression() ? "gzip, zstd;q=0.9" : "identity")
                .setHeader("X-Prometheus-Scrape-Timeout-Seconds", seconds(target.timeoutMs()))
                .GET();
        if (!config.httpClient().headers().containsKey("User-Agent")) {
            request.setHeader("User-Agent", userAgent);
        }
        return request.build();
    }

    /** Whether nothing is read from files, which may change from one scrape to the next. */
    private static boolean isConstant(HttpClientConfig config) {
        return config.tls().equals(HttpClientConfig.Tls.DEFAULT)
                && config.oauth2().isEmpty()
                && config.basicAuth()
                        .map(auth -> isInPlace(auth.username()) && isInPlace(auth.password()))
                        .orElse(true)
                && config.authorization()
                        .map(authorization -> isInPlace(authorization.credentials()))
                        .orElse(true)
                && config.headers().values().stream().allMatch(HttpRequests::areInPlace)
                && config.proxy().connectHeaders().values().stream().allMatch(HttpRequests::areInPlace);
    }

    private static boolean areInPlace(List<Secret> secrets) {
        return secrets.stream().allMatch(HttpRequests::isInPlace);
    }

    private static boolean isInPlace(Secret secret) {
        return secret.file().isEmpty();
    }

    /** Only protobuf has native histograms, and since when all kinds of series count. */
    private boolean prefersProtobuf(Target target) {
        return target.histograms().nativeOnes() || features.startTimestamps();
    }

    private static String seconds(long ms) {
        return ms % 1000 == 0 ? Long.toString(ms / 1000) : Double.toString(ms / 1000.0);
    }
}
