package org.narthex.tracing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

import org.narthex.api.config.TracingConfig;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;

/** OTLP over HTTP. */
final class HttpCollector implements Collector {
    private final TracingConfig config;
    private final Supplier<HttpClients> clients;
    private final URI uri;

    /** @param clients gives null while there is no HTTP client */
    HttpCollector(TracingConfig config, Supplier<HttpClients> clients) {
        this.config = config;
        this.clients = clients;
        this.uri = URI.create((config.insecure() ? "http://" : "https://") + config.endpoint() + "/v1/traces");
    }

    @Override
    public void send(byte[] request) throws IOException, InterruptedException {
        HttpClients available = clients.get();
        if (available == null) {
            throw new IOException("there is no HTTP client: is the bundle http-client installed?");
        }
        HttpClients.Client client = available.client(HttpClientConfig.DEFAULT.withTls(config.tls()));
        HttpRequest.Builder builder = client.request(uri)
                .timeout(Duration.ofMillis(config.timeoutMs()))
                .setHeader("Content-Type", "application/x-protobuf");
        config.headers().forEach(builder::setHeader);
        if (config.gzip()) {
            builder.setHeader("Content-Encoding", "gzip");
        }
        builder.POST(HttpRequest.BodyPublishers.ofByteArray(config.gzip() ? compressed(request) : request));
        int status = client.http()
                .send(builder.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
        switch (status / 100) {
            case 2 -> {}
            case 4 -> {
                if (status != 429) {
                    throw new RefusedException(uri + " answered " + status);
                }
                throw new IOException(uri + " answered " + status);
            }
            default -> throw new IOException(uri + " answered " + status);
        }
    }

    static byte[] compressed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
