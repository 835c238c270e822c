package org.narthex.http.client;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.narthex.api.http.EagerHandler;
import org.narthex.http.client.plain.Connections;
import org.narthex.http.client.plain.Endpoint;
import org.narthex.http.client.plain.Request;

/** Takes the short way where it is open: a request without a body over plain HTTP, straight to its host, for a taker that never waits. */
final class PlainClient extends DelegatingClient {
    private final ProxyRoute proxy;
    private final Connections connections;
    private final Optional<Path> unixSocket;

    /** @param unixSocket what every request goes over, if present */
    PlainClient(HttpClient transport, ProxyRoute proxy, Connections connections, Optional<Path> unixSocket) {
        super(transport);
        this.proxy = proxy;
        this.connections = connections;
        this.unixSocket = unixSocket;
    }

    /** A request that goes the short way, written for good; empty if it does not go that way. */
    Optional<Request> shortWay(HttpRequest request) {
        if (!isPlain(request)) {
            return Optional.empty();
        }
        if (unixSocket.isPresent()) {
            return Optional.of(new Request(request, Endpoint.of(unixSocket.get())));
        }
        return proxy.to(request.uri()).isEmpty()
                ? Optional.of(new Request(request, Endpoint.of(request.uri())))
                : Optional.empty();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        Optional<Request> plain = handler instanceof EagerHandler ? shortWay(request) : Optional.empty();
        if (plain.isPresent()) {
            return connections.send(plain.get(), (EagerHandler<T>) handler);
        }
        return unixSocket.isPresent()
                ? CompletableFuture.failedFuture(
                        new IOException("only plain HTTP goes over a Unix socket, not " + request.uri()))
                : transport.sendAsync(request, handler);
    }

    private static boolean isPlain(HttpRequest request) {
        return "http".equalsIgnoreCase(request.uri().getScheme())
                && request.bodyPublisher().isEmpty()
                && (request.method().equals("GET") || request.method().equals("HEAD"));
    }
}
