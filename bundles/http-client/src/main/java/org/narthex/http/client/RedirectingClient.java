package org.narthex.http.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;

import org.narthex.api.http.EagerHandler;
import org.narthex.api.http.UrlHost;
import org.narthex.http.client.plain.Connections;
import org.narthex.http.client.plain.Request;

/**
 * Follows redirects, at most ten, to HTTP and HTTPS only. Secret headers do not go to another host, nor from HTTPS to HTTP, and never come back once
 * a redirect left the first host.
 */
final class RedirectingClient extends DelegatingClient {
    private static final int MAX_REDIRECTS = 10;

    private final Set<String> secretHeaders;

    RedirectingClient(HttpClient transport, Set<String> secretHeaders) {
        super(transport);
        this.secretHeaders = secretHeaders;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        Following<T> following = new Following<>(request, handler);
        following.step(next(request, following));
        return following;
    }

    /** As {@link #sendAsync} with a request that is written already and goes over these connections. */
    <T> CompletableFuture<HttpResponse<T>> send(Request written, EagerHandler<T> handler, Connections connections) {
        Following<T> following = new Following<>(written.source(), handler);
        following.step(connections.send(written, following));
        return following;
    }

    /** An exchange with its redirects: the future of the last answer, and what takes each one. */
    private final class Following<T> extends CompletableFuture<HttpResponse<T>>
            implements EagerHandler<T>, BiConsumer<HttpResponse<T>, Throwable> {
        private final BodyHandler<T> handler;
        /** What was asked last. */
        private HttpRequest request;

        private int redirects;
        private volatile Future<?> current;

        Following(HttpRequest request, BodyHandler<T> handler) {
            this.request = request;
            this.handler = handler;
        }

        void step(CompletableFuture<HttpResponse<T>> exchange) {
            current = exchange;
            CompletableFuture<?> unused = exchange.whenComplete(this);
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            boolean canceled = super.cancel(mayInterrupt);
            if (canceled) {
                current.cancel(true);
            }
            return canceled;
        }

        @Override
        public HttpResponse.BodySubscriber<T> apply(HttpResponse.ResponseInfo info) {
            return isRedirect(info.statusCode())
                            && EagerHandler.header(info, "Location").isPresent()
                    ? BodySubscribers.replacing(null)
                    : handler.apply(info);
        }

        @Override
        public void accept(HttpResponse<T> response, Throwable error) {
            if (error != null) {
                completeExceptionally(error);
                return;
            }
            try {
                Optional<String> location = isRedirect(response.statusCode())
                        ? response.headers().firstValue("Location")
                        : Optional.empty();
                if (location.isEmpty()) {
                    complete(response);
                    return;
                }
                if (redirects == MAX_REDIRECTS) {
                    throw new IOException("stopped after " + MAX_REDIRECTS + " redirects");
                }
                redirects++;
                request = redirected(request, response.statusCode(), target(request.uri(), location.get()));
                if (!isDone()) {
                    step(next(request, this));
                }
            } catch (IOException | RuntimeException e) {
                completeExceptionally(e);
            }
        }
    }

    private <T> CompletableFuture<HttpResponse<T>> next(HttpRequest request, Following<T> following) {
        // Whether it is eager is up to the one that takes the last answer.
        BodyHandler<T> patient = info -> following.apply(info);
        return transport.sendAsync(request, following.handler instanceof EagerHandler ? following : patient);
    }

    private static boolean isRedirect(int status) {
        return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    private static URI target(URI from, String location) throws IOException {
        URI to;
        try {
            to = UrlHost.seen(from.resolve(location));
        } catch (IllegalArgumentException e) {
            throw new IOException("redirect to an invalid URL: " + location, e);
        }
        String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        if ((!scheme.equals("http") && !scheme.equals("https")) || to.getHost() == null) {
            throw new IOException("redirect to " + location + " is refused: not HTTP");
        }
        return to;
    }

    private HttpRequest redirected(HttpRequest request, int status, URI to) {
        boolean sameHost = to.getHost().equalsIgnoreCase(request.uri().getHost())
                && ("https".equalsIgnoreCase(to.getScheme())
                        || !"https".equalsIgnoreCase(request.uri().getScheme()));
        HttpRequest.Builder next = HttpRequest.newBuilder(to);
        request.headers().map().forEach((name, values) -> {
            if (sameHost || !secretHeaders.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> next.header(name, value));
            }
        });
        request.timeout().ifPresent(next::timeout);
        if ("https".equalsIgnoreCase(to.getScheme())) {
            next.version(transport.version());
        } else {
            next.version(Version.HTTP_1_1);
        }
        boolean keepsMethod = status == 307
                || status == 308
                || request.method().equals("GET")
                || request.method().equals("HEAD");
        if (keepsMethod && request.bodyPublisher().isPresent()) {
            next.method(request.method(), request.bodyPublisher().get());
        } else if (keepsMethod && !request.method().equals("GET")) {
            next.method(request.method(), HttpRequest.BodyPublishers.noBody());
        } else {
            next.GET();
        }
        return next.build();
    }

    @Override
    public Redirect followRedirects() {
        return Redirect.ALWAYS;
    }
}
