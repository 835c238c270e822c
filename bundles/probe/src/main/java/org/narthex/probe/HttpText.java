package org.narthex.probe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** The body of a request or an answer. Its bytes do not change. */
final class HttpText {
    static final HttpText NONE = new HttpText(new byte[0]);

    private final byte[] bytes;

    /** @param bytes not changed any more */
    HttpText(byte[] bytes) {
        this.bytes = bytes;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes);
    }

    int length() {
        return bytes.length;
    }

    /**
     * The same, unpacked.
     *
     * @param encoding as the header says; what is not known is left as it is
     */
    HttpText unpacked(String encoding, long limit) throws IOException {
        switch (encoding) {
            case "gzip" -> {
                try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                    return new HttpText(HttpBody.rest(in, limit));
                }
            }
            case "deflate" -> {
                try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
                    return new HttpText(HttpBody.rest(in, limit));
                }
            }
            default -> {
                return this;
            }
        }
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
