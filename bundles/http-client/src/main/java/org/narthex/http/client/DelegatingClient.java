package org.narthex.http.client;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A client that does more around the exchanges of another one; only {@code sendAsync} is left to say how. */
abstract class DelegatingClient extends HttpClient {
    final HttpClient transport;

    DelegatingClient(HttpClient transport) {
        this.transport = transport;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> exchange = sendAsync(request, handler);
        try {
            // The transport ends a request in time by itself, but the time is for each step anew.
            return request.timeout().isPresent()
                    ? exchange.get(request.timeout().get().toMillis() * 2, TimeUnit.MILLISECONDS)
                    : exchange.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new java.net.http.HttpTimeoutException("request timed out");
        } catch (InterruptedException e) {
            exchange.cancel(true);
            throw e;
        }
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
        // Nobody here takes pushes, and a redirect would lose them.
        return sendAsync(request, handler);
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return transport.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return transport.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return transport.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return transport.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return transport.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return transport.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return transport.authenticator();
    }

    @Override
    public Version version() {
        return transport.version();
    }

    @Override
    public Optional<Executor> executor() {
        return transport.executor();
    }
}
