package org.narthex.api.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.osgi.annotation.versioning.ProviderType;

/** Makes HTTP clients, the same way for all who call out. Thread-safe. */
@ProviderType
public interface HttpClients {
    /**
     * A client for the settings; equal settings share one client, so ask for it anew rather than keep it over a change of configuration.
     *
     * @throws IOException if a named file cannot be read or holds no valid certificate or key; the message names it
     */
    Client client(HttpClientConfig config) throws IOException;

    /** A configured client. Thread-safe. */
    @ProviderType
    interface Client {
        /** Connections, redirects, proxy and TLS as configured. */
        HttpClient http();

        /**
         * The same, but that every request goes over a Unix socket, whatever host its URL names. Only {@code GET} and {@code HEAD} over plain HTTP, and
         * only for an {@link EagerHandler}; other exchanges fail with an {@link IOException}.
         *
         * @param unixSocket the socket's file
         * @throws UnsupportedOperationException the client knows no Unix sockets
         */
        default HttpClient http(Path unixSocket) {
            throw new UnsupportedOperationException("no requests over Unix sockets: " + unixSocket);
        }

        /**
         * A request with the configured headers and credentials; secrets are read from their files now.
         *
         * @throws IOException if a secret's file cannot be read; the message names it
         */
        HttpRequest.Builder request(URI uri) throws IOException;

        /**
         * The value of a request's header {@code Authorization} by OAuth 2, for those who make their connections themselves; {@link #http()} sets it by
         * itself. Empty where the settings have no {@code oauth2}; completes with an {@link IOException} if no token was given.
         */
        default CompletableFuture<Optional<String>> accessToken() {
            return CompletableFuture.completedFuture(Optional.empty());
        }

        /**
         * A request that will be sent again and again: what can be found out about its way is found out once.
         *
         * @param unixSocket the file of the socket it goes over, if present: see {@link #http(Path)}
         */
        default Call call(HttpRequest request, Optional<Path> unixSocket) {
            HttpClient client = unixSocket.isPresent() ? http(unixSocket.get()) : http();
            return new Call() {
                @Override
                public <T> CompletableFuture<HttpResponse<T>> send(EagerHandler<T> handler) {
                    return client.sendAsync(request, handler);
                }
            };
        }
    }

    /** What {@link Client#call} made. Thread-safe. */
    @ProviderType
    interface Call {
        /** Sends the request; to cancel the future ends the exchange. */
        <T> CompletableFuture<HttpResponse<T>> send(EagerHandler<T> handler);
    }
}
