package org.narthex.http.client;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Adds an access token to each request; nobody waits for one on the thread that sends. */
final class TokenClient extends DelegatingClient {
    private final AccessTokens tokens;

    TokenClient(HttpClient transport, AccessTokens tokens) {
        super(transport);
        this.tokens = tokens;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        CompletableFuture<HttpResponse<T>> result = new CompletableFuture<>();
        AtomicReference<Future<?>> current = new AtomicReference<>();
        CompletableFuture<?> unusedCancel = result.whenComplete((response, error) -> {
            Future<?> exchange = current.get();
            if (result.isCancelled() && exchange != null) {
                exchange.cancel(true);
            }
        });
        CompletableFuture<?> unusedSend = tokens.token().whenComplete((token, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
            } else if (!result.isDone()) {
                CompletableFuture<HttpResponse<T>> exchange = transport.sendAsync(with(request, token), handler);
                current.set(exchange);
                CompletableFuture<?> unusedAnswer = exchange.whenComplete((response, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                        return;
                    }
                    if (response.statusCode() == 401) {
                        // It was revoked: the next request asks for another one.
                        tokens.forget(token);
                    }
                    result.complete(response);
                });
            }
        });
        return result;
    }

    private static HttpRequest with(HttpRequest request, String token) {
        HttpRequest.Builder copy = HttpRequest.newBuilder(request.uri())
                .method(request.method(), request.bodyPublisher().orElseGet(HttpRequest.BodyPublishers::noBody));
        request.headers().map().forEach((name, values) -> values.forEach(value -> copy.header(name, value)));
        copy.setHeader("Authorization", token);
        request.timeout().ifPresent(copy::timeout);
        request.version().ifPresent(copy::version);
        return copy.build();
    }
}
