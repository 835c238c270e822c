package org.narthex.http.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.narthex.api.trace.Span;
import org.narthex.api.trace.Tracer;

/** Makes each request a span and tells the server of the trace, while traces are wanted. Paths are not taken down: those of webhooks are secrets. */
final class TracingClient extends DelegatingClient {
    private static final String TRACEPARENT = "traceparent";

    private final Supplier<Tracer> tracer;

    /** @param tracer gives null while no traces are wanted */
    TracingClient(HttpClient transport, Supplier<Tracer> tracer) {
        super(transport);
        this.tracer = tracer;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        Tracer current = tracer.get();
        if (current == null) {
            return transport.sendAsync(request, handler);
        }
        URI uri = request.uri();
        Span span = current.begin("HTTP " + request.method(), Span.Kind.CLIENT)
                .set("http.request.method", request.method())
                .set("url.scheme", uri.getScheme())
                .set("server.address", String.valueOf(uri.getHost()))
                .set(
                        "server.port",
                        uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().endsWith("s") ? 443 : 80);
        CompletableFuture<HttpResponse<T>> exchange = transport.sendAsync(told(request, span.traceparent()), handler);
        CompletableFuture<?> unused = exchange.whenComplete((response, failure) -> {
            if (failure != null) {
                span.fail(failure.toString());
            } else {
                span.set("http.response.status_code", response.statusCode());
                if (response.statusCode() >= 400) {
                    span.fail("");
                }
            }
            span.close();
        });
        // Not what whenComplete gives: canceling that would not end the exchange.
        return exchange;
    }

    private static HttpRequest told(HttpRequest request, String traceparent) {
        return traceparent.isEmpty()
                ? request
                : HttpRequest.newBuilder(request, (name, value) -> !name.equalsIgnoreCase(TRACEPARENT))
                        .setHeader(TRACEPARENT, traceparent)
                        .build();
    }
}
