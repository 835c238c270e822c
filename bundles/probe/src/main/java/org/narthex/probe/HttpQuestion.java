package org.narthex.probe;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A request.
 *
 * @param authority whom the server is to take itself for: the header {@code Host} of HTTP/1.1
 * @param headers name and value, without {@code Host}
 * @param body of no length for none
 */
record HttpQuestion(URI uri, String method, String authority, List<Map.Entry<String, String>> headers, HttpText body) {
    HttpQuestion {
        headers = List.copyOf(headers);
    }

    boolean isSecure() {
        return uri.getScheme().equals("https");
    }

    int port() {
        return uri.getPort() >= 0 ? uri.getPort() : isSecure() ? 443 : 80;
    }

    /** Path and query. */
    String path() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
