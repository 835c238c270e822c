package org.narthex.http.client.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The head of a request to a proxy.
 *
 * @param target as the request's first line has it: {@code host:port} of a tunnel, or a whole URL
 * @param headers as they stand there
 */
record RequestHead(String method, URI target, List<String> headers) {
    private static final int MAX_BYTES = 256 << 10;
    private static final String AUTHORIZATION = "proxy-authorization:";

    /** Reads no more than the head. */
    static RequestHead read(InputStream in) throws IOException {
        List<String> lines = lines(in);
        String[] first = lines.remove(0).split(" ", 3);
        if (first.length < 3) {
            throw new IOException("no request line");
        }
        try {
            String target = first[0].equals("CONNECT") ? "tunnel://" + first[1] : first[1];
            return new RequestHead(first[0], URI.create(target), List.copyOf(lines));
        } catch (IllegalArgumentException e) {
            throw new IOException("the request is for no valid URL", e);
        }
    }

    /** Reads the lines of a head, of an answer too: at least one. */
    static List<String> lines(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int newlines = 0;
        while (newlines < 2) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection ended within a head");
            }
            if (bytes.size() == MAX_BYTES) {
                throw new IOException("a head is longer than " + MAX_BYTES + " bytes");
            }
            bytes.write(b);
            newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
        }
        return new ArrayList<>((bytes.toString(StandardCharsets.ISO_8859_1).strip() + "\n")
                .lines()
                .toList());
    }

    boolean isTunnel() {
        return method.equals("CONNECT");
    }

    String host() {
        return target.getHost() == null ? "" : target.getHost().replaceAll("[\\[\\]]", "");
    }

    int port() {
        return target.getPort() < 0 ? 80 : target.getPort();
    }

    /** The header of that name, or the empty string. */
    String proxyAuthorization() {
        return headers.stream()
                .filter(RequestHead::isAuthorization)
                .map(line -> line.substring(AUTHORIZATION.length()).strip())
                .findFirst()
                .orElse("");
    }

    private static boolean isAuthorization(String line) {
        return line.toLowerCase(Locale.ROOT).startsWith(AUTHORIZATION);
    }

    /** Whether the header is about one connection, not about the request or answer on it. */
    static boolean isOfConnection(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        return lower.startsWith("connection:")
                || lower.startsWith("proxy-connection:")
                || lower.startsWith("keep-alive:");
    }

    /** The request as the server gets it, one for each connection: the next one on it may be for another server. */
    byte[] forServer() {
        StringBuilder out = new StringBuilder(method).append(' ');
        String path = target.getRawPath();
        out.append(path == null || path.isEmpty() ? "/" : path);
        if (target.getRawQuery() != null) {
            out.append('?').append(target.getRawQuery());
        }
        out.append(" HTTP/1.1\r\n");
        for (String line : headers) {
            if (!isAuthorization(line) && !isOfConnection(line)) {
                out.append(line).append("\r\n");
            }
        }
        return out.append("Connection: close\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
