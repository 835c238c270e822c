package org.narthex.push;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.model.PromDuration;

/**
 * A request of the Pushgateway's API.
 *
 * @param path below the API's base, still percent-encoded, so that an encoded slash belongs to its value
 * @param query empty if there is none
 * @param contentType empty if there is none
 * @param contentEncoding empty if there is none
 */
record PushRequest(
        String method, String path, String query, String contentType, String contentEncoding, InputStream packed) {
    /** The most bytes of a push, unpacked. */
    static final int MAX_BYTES = 32 << 20;

    /** Parameters are not the servlet's: that would take the body for a form, which is what {@code curl} calls it. */
    static PushRequest of(HttpServletRequest request, String path) throws IOException {
        return new PushRequest(
                request.getMethod(),
                path,
                orEmpty(request.getQueryString()),
                orEmpty(request.getContentType()),
                orEmpty(request.getHeader("Content-Encoding")),
                request.getInputStream());
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** How long after this push its group goes, in milliseconds; 0 if it does not say. */
    long ttlMs() throws PushException {
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("ttl=")) {
                try {
                    return PromDuration.parse(
                            URLDecoder.decode(parameter.substring("ttl=".length()), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    throw new PushException(HttpServletResponse.SC_BAD_REQUEST, "ttl: " + e.getMessage());
                }
            }
        }
        return 0;
    }

    /** The body, unpacked. */
    byte[] body() throws IOException, PushException {
        switch (contentEncoding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> {
                return bounded(packed);
            }
            case "gzip", "x-gzip" -> {
                try (InputStream unpacked = new GZIPInputStream(packed)) {
                    return bounded(unpacked);
                } catch (ZipException | EOFException e) {
                    throw new PushException(
                            HttpServletResponse.SC_BAD_REQUEST, "cannot unpack the body: " + e.getMessage());
                }
            }
            default ->
                throw new PushException(
                        HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE,
                        "unsupported Content-Encoding \"" + contentEncoding + "\": gzip and identity are known");
        }
    }

    private static byte[] bounded(InputStream in) throws IOException, PushException {
        byte[] body = in.readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw new PushException(
                    HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "the push has more than " + MAX_BYTES + " bytes");
        }
        return body;
    }
}
