package org.narthex.http.client;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

/** Sends requests that need something first, such as credentials from elsewhere; nobody waits for that on the thread that sends. */
abstract class PreparingClient extends DelegatingClient {
    PreparingClient(HttpClient transport) {
        super(transport);
    }

    /** The request as it is to be sent. */
    abstract CompletableFuture<HttpRequest> prepared(HttpRequest request);

    /** Told of each answer. */
    void answered(HttpRequest prepared, int status) {}

    @Override
    public final <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        CompletableFuture<HttpResponse<T>> result = new CompletableFuture<>();
        AtomicReference<Future<?>> current = new AtomicReference<>();
        CompletableFuture<?> unusedCancel = result.whenComplete((response, error) -> {
            Future<?> exchange = current.get();
            if (result.isCancelled() && exchange != null) {
                exchange.cancel(true);
            }
        });
        CompletableFuture<?> unusedSend = prepared(request).whenComplete((prepared, error) -> {
            if (error != null) {
                result.completeExceptionally(error);
            } else if (!result.isDone()) {
                CompletableFuture<HttpResponse<T>> exchange = transport.sendAsync(prepared, handler);
                current.set(exchange);
                CompletableFuture<?> unusedAnswer = exchange.whenComplete((response, failure) -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                        return;
                    }
                    answered(prepared, response.statusCode());
                    result.complete(response);
                });
            }
        });
        return result;
    }

    /** A copy to add headers to. */
    static HttpRequest.Builder copy(HttpRequest request) {
        HttpRequest.Builder copy = HttpRequest.newBuilder(request.uri())
                .method(request.method(), request.bodyPublisher().orElseGet(HttpRequest.BodyPublishers::noBody));
        request.headers().map().forEach((name, values) -> values.forEach(value -> copy.header(name, value)));
        request.timeout().ifPresent(copy::timeout);
        request.version().ifPresent(copy::version);
        return copy;
    }
}
