package org.narthex.http.client;

import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.narthex.api.http.EagerHandler;
import org.narthex.api.http.HttpClients;
import org.narthex.api.trace.Tracer;
import org.narthex.http.client.plain.Connections;
import org.narthex.http.client.plain.Request;

/** A call that goes the short way, unless it is to be traced. */
final class PlainCall implements HttpClients.Call {
    private final Request written;
    private final Connections connections;
    private final Optional<RedirectingClient> redirecting;
    private final HttpClients.Call traced;
    private final Supplier<Tracer> tracer;

    /**
     * @param written the request, ready to be sent
     * @param redirecting follows redirects, if they are to be followed
     * @param traced the way of calls that are traced
     * @param tracer gives null while no traces are wanted
     */
    PlainCall(
            Request written,
            Connections connections,
            Optional<RedirectingClient> redirecting,
            HttpClients.Call traced,
            Supplier<Tracer> tracer) {
        this.written = written;
        this.connections = connections;
        this.redirecting = redirecting;
        this.traced = traced;
        this.tracer = tracer;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> send(EagerHandler<T> handler) {
        if (tracer.get() != null) {
            return traced.send(handler);
        }
        return redirecting.isPresent()
                ? redirecting.get().send(written, handler, connections)
                : connections.send(written, handler);
    }
}
