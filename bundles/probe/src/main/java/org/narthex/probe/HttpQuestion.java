package org.narthex.probe;

import java.util.List;
import java.util.Map;

/**
 * A request.
 *
 * @param authority whom the server is to take itself for: the header {@code Host} of HTTP/1.1
 * @param headers name and value, without {@code Host}
 * @param body of no length for none
 */
record HttpQuestion(
        HttpUrl url, String method, String authority, List<Map.Entry<String, String>> headers, HttpText body) {
    HttpQuestion {
        headers = List.copyOf(headers);
    }
}
