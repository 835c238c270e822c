package org.narthex.api.discovery;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.api.http.NoAnswer;

/** Asks an API by HTTP, the same way each time. */
public final class HttpQuestion {
    /** An answer that says no. */
    public static final class StatusException extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;

        StatusException(String message, int status) {
            super(message);
            this.status = status;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }
    }

    private static final long LEAST_TIMEOUT_MS = 1000;

    private final HttpClients clients;
    private final HttpClientConfig config;
    private final Duration timeout;
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** @param refreshMs how often it is asked: an answer is waited for as long, but for a second at least */
    public HttpQuestion(HttpClients clients, HttpClientConfig config, long refreshMs) {
        this.clients = clients;
        this.config = config;
        this.timeout = Duration.ofMillis(Math.max(refreshMs, LEAST_TIMEOUT_MS));
        headers.put("User-Agent", "Narthex");
    }

    /** With a header on each request. */
    public HttpQuestion header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /**
     * Gets a page.
     *
     * @throws StatusException if the status of the answer is not 2xx
     * @throws IOException if there is no answer
     */
    public HttpResponse<byte[]> get(URI uri) throws IOException, InterruptedException {
        return send("GET", uri, new byte[0], Map.of());
    }

    /** Gets a page of JSON. */
    public Json json(URI uri) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = get(uri);
        try {
            return Json.parse(response.body());
        } catch (IOException e) {
            throw new IOException(shown(uri) + ": " + e.getMessage(), e);
        }
    }

    /**
     * Sends a request.
     *
     * @param body of no length for none
     * @throws StatusException if the status of the answer is not 2xx
     * @throws IOException if there is no answer
     */
    public HttpResponse<byte[]> send(String method, URI uri, byte[] body, Map<String, String> moreHeaders)
            throws IOException, InterruptedException {
        HttpClients.Client client = clients.client(config);
        HttpResponse<byte[]> response;
        try {
            HttpRequest.Builder request = client.request(uri)
                    .timeout(timeout)
                    .method(
                            method,
                            body.length == 0
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofByteArray(body));
            headers.forEach(request::setHeader);
            moreHeaders.forEach(request::setHeader);
            response = client.http().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new IOException(shown(uri) + ": " + NoAnswer.why(e), e);
        } catch (IllegalArgumentException e) {
            // An answer may name any address as the next one.
            throw new IOException(shown(uri) + " cannot be asked: " + e.getMessage(), e);
        }
        if (response.statusCode() / 100 != 2) {
            throw new StatusException(
                    shown(uri) + ": server returned HTTP status " + response.statusCode(), response.statusCode());
        }
        return response;
    }

    /** Without user, password and query, which may hold secrets. */
    private static String shown(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getPath();
    }
}
