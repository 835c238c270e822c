package org.narthex.http.client.plain;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A request without a body, written once to be sent as often as wanted. Thread-safe. */
public final class Request {
    private final HttpRequest source;
    private final Endpoint endpoint;
    private final byte[] bytes;

    /** @param endpoint where it is sent, whatever its URL says */
    public Request(HttpRequest source, Endpoint endpoint) {
        this.source = source;
        this.endpoint = endpoint;
        this.bytes = bytes(source);
    }

    public HttpRequest source() {
        return source;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    ByteBuffer toSend() {
        return ByteBuffer.wrap(bytes);
    }

    private static byte[] bytes(HttpRequest request) {
        URI uri = request.uri();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        StringBuilder head =
                new StringBuilder(512).append(request.method()).append(' ').append(path);
        if (uri.getRawQuery() != null) {
            head.append('?').append(uri.getRawQuery());
        }
        head.append(" HTTP/1.1\r\n");
        Map<String, List<String>> headers = request.headers().map();
        // The map knows no letter case; a request that names a host means another one than the URL's.
        if (!headers.containsKey("Host")) {
            head.append("Host: ").append(uri.getHost());
            if (uri.getPort() >= 0) {
                head.append(':').append(uri.getPort());
            }
            head.append("\r\n");
        }
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            for (String value : header.getValue()) {
                head.append(header.getKey()).append(": ").append(value).append("\r\n");
            }
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
