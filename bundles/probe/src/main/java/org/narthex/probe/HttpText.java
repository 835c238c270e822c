package org.narthex.probe;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import org.brotli.dec.BrotliInputStream;

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
     * @param encoding {@code br}, {@code gzip}, {@code deflate} with or without the frame of zlib, or anything else for not at all
     * @throws IOException it is not packed so, or too long
     */
    HttpText unpacked(String encoding, long limit) throws IOException {
        InputStream packed = new ByteArrayInputStream(bytes);
        try (InputStream in =
                switch (encoding) {
                    case "br" -> new BrotliInputStream(packed);
                    case "gzip" -> new GZIPInputStream(packed);
                    case "deflate" -> new InflaterInputStream(packed, new Inflater(!hasZlibHeader()));
                    default -> packed;
                }) {
            return new HttpText(HttpBody.rest(in, limit));
        } catch (EOFException e) {
            throw new IOException("it ends too early", e);
        }
    }

    /** The method in the first byte, and both together a multiple of 31 (RFC 1950). */
    private boolean hasZlibHeader() {
        return bytes.length >= 2 && (bytes[0] & 0x0f) == 8 && ((bytes[0] & 0xff) << 8 | (bytes[1] & 0xff)) % 31 == 0;
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
