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
import java.util.concurrent.atomic.AtomicReference;

import org.narthex.api.http.EagerHandler;
import org.narthex.api.http.UrlHost;

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
        CompletableFuture<HttpResponse<T>> result = new CompletableFuture<>();
        AtomicReference<Future<?>> current = new AtomicReference<>();
        CompletableFuture<?> unused = result.whenComplete((response, error) -> {
            if (result.isCancelled()) {
                current.get().cancel(true);
            }
        });
        step(request, handler, 0, result, current);
        return result;
    }

    private <T> void step(
            HttpRequest request,
            BodyHandler<T> handler,
            int redirects,
            CompletableFuture<HttpResponse<T>> result,
            AtomicReference<Future<?>> current) {
        BodyHandler<T> unlessRedirected = info -> isRedirect(info.statusCode())
                        && info.headers().firstValue("Location").isPresent()
                ? BodySubscribers.replacing(null)
                : handler.apply(info);
        EagerHandler<T> eager = unlessRedirected::apply;
        CompletableFuture<HttpResponse<T>> exchange =
                transport.sendAsync(request, handler instanceof EagerHandler ? eager : unlessRedirected);
        current.set(exchange);
        CompletableFuture<?> unused = exchange.whenComplete((response, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
                return;
            }
            Optional<String> location =
                    isRedirect(response.statusCode()) ? response.headers().firstValue("Location") : Optional.empty();
            if (location.isEmpty()) {
                result.complete(response);
                return;
            }
            try {
                if (redirects == MAX_REDIRECTS) {
                    throw new IOException("stopped after " + MAX_REDIRECTS + " redirects");
                }
                HttpRequest next = redirected(request, response.statusCode(), target(request.uri(), location.get()));
                if (!result.isDone()) {
                    step(next, handler, redirects + 1, result, current);
                }
            } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
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
