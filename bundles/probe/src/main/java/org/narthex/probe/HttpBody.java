package org.narthex.probe;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads the body of an answer as HTTP/1.1 frames it. */
final class HttpBody {
    /** Where a module sets no limit: no probe may fill the memory. */
    static final long DEFAULT_LIMIT = 64L << 20;

    private static final int PIECE = 8192;
    private static final int MAX_LINE = 64 << 10;

    private HttpBody() {}

    /**
     * Reads a line, without its end.
     *
     * @throws IOException it does not end, or is too long
     */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was closed within a line");
            }
            line.append((char) b);
            if (line.length() > MAX_LINE) {
                throw new IOException("a line of more than " + MAX_LINE + " bytes");
            }
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    static byte[] chunked(InputStream in, long limit) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            int semicolon = size.indexOf(';');
            long length;
            try {
                length = Long.parseLong((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
            } catch (NumberFormatException e) {
                throw new IOException("malformed chunk size \"" + size + "\"", e);
            }
            if (length == 0) {
                while (!line(in).isEmpty()) {
                    // Trailers do not matter.
                }
                return body.toByteArray();
            }
            copy(in, body, length, limit);
            line(in);
        }
    }

    static byte[] sized(InputStream in, long length, long limit) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        copy(in, body, length, limit);
        return body.toByteArray();
    }

    private static void copy(InputStream in, ByteArrayOutputStream body, long length, long limit) throws IOException {
        byte[] piece = new byte[PIECE];
        long left = length;
        while (left > 0) {
            int n = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (n < 0) {
                throw new EOFException("the body ends " + left + " bytes too early");
            }
            body.write(piece, 0, n);
            left -= n;
            check(body, limit);
        }
    }

    /** Reads to the end of the stream. */
    static byte[] rest(InputStream in, long limit) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE];
        for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
            body.write(piece, 0, n);
            check(body, limit);
        }
        return body.toByteArray();
    }

    static void check(ByteArrayOutputStream body, long limit) throws IOException {
        if (body.size() > limit) {
            throw new IOException("http: request body too large: the answer has more than " + limit + " bytes");
        }
    }
}
