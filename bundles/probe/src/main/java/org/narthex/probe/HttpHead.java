package org.narthex.probe;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What comes before the body of an answer.
 *
 * @param version such as {@code HTTP/1.1}
 * @param headers name and value, as the server wrote them
 */
record HttpHead(String version, int status, List<Map.Entry<String, String>> headers) {
    private static final int INFORMATIONAL = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /** Whether another one follows, of the answer itself. */
    boolean isInformational() {
        return status < INFORMATIONAL;
    }

    /** Whether no body may follow, whatever the headers say. */
    boolean isBodyless() {
        return status == NO_CONTENT || status == NOT_MODIFIED;
    }

    Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** All values of a header. */
    List<String> values(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** What the server says of the body's length; -1 if nothing. */
    long contentLength() throws IOException {
        Optional<String> given = header("Content-Length");
        if (given.isEmpty()) {
            return -1;
        }
        if (!given.get().matches("\\d{1,18}")) {
            throw new IOException("bad Content-Length \"" + given.get() + "\"");
        }
        return Long.parseLong(given.get());
    }
}
