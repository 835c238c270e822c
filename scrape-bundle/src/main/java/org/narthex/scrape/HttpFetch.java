package org.narthex.scrape;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.http.HttpClients;

/** Scrapes targets over HTTP without blocking a thread meanwhile. */
final class HttpFetch implements Fetch {
    private final Supplier<HttpClients> clients;
    private final Clockwork clockwork;
    private final String userAgent;
    private final Features features;
    private final PageBuffers buffers;
    private final ConcurrentLinkedQueue<Unpacker> unpackers = new ConcurrentLinkedQueue<>();

    /** @param clients gives null while there is no HTTP client */
    HttpFetch(
            Supplier<HttpClients> clients,
            Clockwork clockwork,
            String userAgent,
            Features features,
            PageBuffers buffers) {
        this.buffers = buffers;
        this.features = features;
        this.clients = clients;
        this.clockwork = clockwork;
        this.userAgent = userAgent;
    }

    @Override
    public void start(Target target, ScrapeConfig config, Attempt attempt) {
        HttpClients available = clients.get();
        if (available == null) {
            attempt.failed(new ScrapeException("there is no HTTP client: is the bundle http-client installed?"));
            return;
        }
        CompletableFuture<HttpResponse<BodyReader>> exchange;
        AtomicReference<BodyReader> body = new AtomicReference<>();
        try {
            HttpClients.Client client = available.client(config.httpClient());
            exchange = client.http().sendAsync(request(client, target, config), info -> {
                body.set(new BodyReader(
                        config.limits().bodySize(),
                        info.headers().firstValueAsLong("Content-Length").orElse(0),
                        buffers));
                return body.get();
            });
        } catch (IOException | IllegalArgumentException e) {
            attempt.failed(failure(target, e));
            return;
        }
        Clockwork.Task timeout = clockwork.after(target.timeoutMs(), () -> {
            // First the attempt, so that this is the reason given and not the cancellation.
            attempt.failed(failure(target, new HttpTimeoutException("context deadline exceeded")));
            exchange.cancel(true);
            abandon(body.get());
        });
        CompletableFuture<?> unused = exchange.whenComplete((response, error) -> {
            timeout.cancel();
            if (attempt.isOver()) {
                abandon(body.get());
            } else {
                clockwork.work(() -> finish(target, config, attempt, response, error));
            }
        });
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

    /** Only protobuf has native histograms, and since when all kinds of series count. */
    private boolean prefersProtobuf(Target target) {
        return target.histograms().nativeOnes() || features.startTimestamps();
    }

    private static String seconds(long ms) {
        return ms % 1000 == 0 ? Long.toString(ms / 1000) : Double.toString(ms / 1000.0);
    }

    private static void abandon(BodyReader body) {
        if (body != null) {
            body.abandon();
        }
    }

    private void finish(
            Target target, ScrapeConfig config, Attempt attempt, HttpResponse<BodyReader> response, Throwable error) {
        if (error != null) {
            attempt.failed(failure(target, error));
            return;
        }
        try {
            attempt.page(page(config, response));
        } catch (ScrapeException e) {
            abandon(response.body());
            attempt.failed(e);
        }
    }

    private Page page(ScrapeConfig config, HttpResponse<BodyReader> response) throws ScrapeException {
        if (response.statusCode() != 200) {
            throw new ScrapeException("server returned HTTP status " + HttpStatus.text(response.statusCode()));
        }
        Unpacker unpacker = unpackers.poll();
        if (unpacker == null) {
            unpacker = new Unpacker(buffers);
        }
        try {
            String encoding = header(response, "Content-Encoding").toLowerCase(Locale.ROOT);
            ContentType.Format format = ContentType.of(
                    header(response, "Content-Type"), config.exposition().fallbackScrapeProtocol());
            return response.body().take(encoding, format, unpacker);
        } finally {
            unpackers.offer(unpacker);
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("").trim();
    }

    private static ScrapeException failure(Target target, Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new ScrapeException("Get \"" + target.url() + "\": " + reason(cause));
    }

    private static String reason(Throwable cause) {
        if (cause instanceof HttpTimeoutException) {
            return "context deadline exceeded";
        }
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof UnresolvedAddressException) {
                return "no such host";
            }
        }
        if (cause instanceof ConnectException && cause.getMessage() == null) {
            return "connection refused";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
