package org.narthex.probe;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One request and its answer, by HTTP/1.1 over a connection of its own, each step timed. A client that reuses connections could not tell how long these
 * take.
 */
final class HttpExchange {
    private static final int INFORMATIONAL = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /** Seconds that each step took; 0 for those that were not needed. */
    record Phases(double connect, double tls, double processing, double transfer) {}

    /**
     * What came back.
     *
     * @param version such as {@code HTTP/1.1}
     * @param headers name and value, as the server wrote them
     * @param contentLength -1 if the server does not say
     * @param body as it was sent, that is packed if it is
     * @param session of TLS, if that was spoken
     */
    record Answer(
            String version,
            int status,
            List<Map.Entry<String, String>> headers,
            long contentLength,
            HttpText body,
            Optional<SSLSession> session,
            Phases phases) {
        Optional<String> header(String name) {
            return HttpExchange.header(headers, name);
        }
    }

    private static final String PROXY_AUTHORIZATION = "Proxy-Authorization";

    private final HttpSettings settings;
    private final Tls tls;
    private final ProbeRun run;

    HttpExchange(HttpSettings settings, Tls tls, ProbeRun run) {
        this.settings = settings;
        this.tls = tls;
        this.run = run;
    }

    /**
     * Asks.
     *
     * @param address of the server, or of the proxy if there is one
     * @param serverName for the certificate
     * @param headers name and value
     */
    Answer ask(
            URI uri,
            InetAddress address,
            String serverName,
            String method,
            List<Map.Entry<String, String>> headers,
            byte[] body)
            throws IOException {
        boolean secure = uri.getScheme().equals("https");
        int port = settings.proxy().map(HostPort::port).orElse(port(uri));
        try (Socket plain = new Socket()) {
            long start = System.nanoTime();
            plain.connect(new InetSocketAddress(address, port), run.remainingMs());
            plain.setSoTimeout(run.remainingMs());
            if (secure && settings.proxy().isPresent()) {
                throughProxy(plain, uri, header(headers, PROXY_AUTHORIZATION));
            }
            double connect = ProbeRun.secondsSince(start);
            if (!secure) {
                return ask(plain, uri, method, headers, body, Optional.empty(), connect, 0);
            }
            long handshake = System.nanoTime();
            try (SSLSocket safe = tls.over(plain, serverName, run)) {
                double seconds = ProbeRun.secondsSince(handshake);
                return ask(safe, uri, method, headers, body, Optional.of(safe.getSession()), connect, seconds);
            }
        }
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
    }

    private static Optional<String> header(List<Map.Entry<String, String>> headers, String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private void throughProxy(Socket socket, URI uri, Optional<String> credentials) throws IOException {
        String to = new HostPort(bare(uri.getHost()), port(uri)).toString();
        StringBuilder connect = new StringBuilder("CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n");
        credentials.ifPresent(value -> connect.append(PROXY_AUTHORIZATION + ": " + value + "\r\n"));
        settings.client()
                .proxy()
                .connectHeaders()
                .forEach(
                        (name, values) -> values.forEach(value -> connect.append(name + ": " + value.text() + "\r\n")));
        connect.append("\r\n");
        socket.getOutputStream().write(connect.toString().getBytes(StandardCharsets.ISO_8859_1));
        // Not buffered: what follows the empty line belongs to TLS.
        InputStream in = socket.getInputStream();
        String status = HttpBody.line(in);
        if (!status.matches("HTTP/1\\.[01] 2\\d\\d.*")) {
            throw new IOException("the proxy answers " + status);
        }
        while (!HttpBody.line(in).isEmpty()) {
            // Headers of the proxy do not matter.
        }
    }

    static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private Answer ask(
            Socket socket,
            URI uri,
            String method,
            List<Map.Entry<String, String>> headers,
            byte[] body,
            Optional<SSLSession> session,
            double connect,
            double handshake)
            throws IOException {
        long sent = System.nanoTime();
        send(socket.getOutputStream(), head(uri, method, headers, body.length, session.isPresent()), body);
        InputStream in = new BufferedInputStream(new TimedStream(socket, run));
        in.mark(1);
        int unused = in.read();
        in.reset();
        double processing = ProbeRun.secondsSince(sent);
        long first = System.nanoTime();
        String line;
        List<Map.Entry<String, String>> answered;
        int status;
        do {
            line = HttpBody.line(in);
            status = status(line);
            answered = headers(in);
        } while (status < INFORMATIONAL);
        long length = contentLength(answered);
        boolean bodyless = method.equals("HEAD") || status == NO_CONTENT || status == NOT_MODIFIED;
        byte[] content = bodyless ? new byte[0] : body(in, answered, length);
        return new Answer(
                line.substring(0, line.indexOf(' ')),
                status,
                answered,
                length,
                new HttpText(content),
                session,
                new Phases(connect, handshake, processing, ProbeRun.secondsSince(first)));
    }

    private String head(
            URI uri, String method, List<Map.Entry<String, String>> headers, int bodyLength, boolean secure) {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(requestTarget(uri)).append(" HTTP/1.1\r\n");
        for (Map.Entry<String, String> header : headers) {
            // Over TLS the proxy had its own, and the server is not to see it.
            if (!secure || !header.getKey().equalsIgnoreCase(PROXY_AUTHORIZATION)) {
                head.append(header.getKey())
                        .append(": ")
                        .append(header.getValue())
                        .append("\r\n");
            }
        }
        if (bodyLength > 0) {
            head.append("Content-Length: ").append(bodyLength).append("\r\n");
        }
        return head.append("Connection: close\r\n\r\n").toString();
    }

    private static void send(OutputStream out, String head, byte[] body) throws IOException {
        out.write(head.getBytes(StandardCharsets.UTF_8));
        out.write(body);
        out.flush();
    }

    private String requestTarget(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        boolean absolute = settings.proxy().isPresent() && uri.getScheme().equals("http");
        return absolute ? "http://" + uri.getRawAuthority() + target : target;
    }

    private static List<Map.Entry<String, String>> headers(InputStream in) throws IOException {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (String line = HttpBody.line(in); !line.isEmpty(); line = HttpBody.line(in)) {
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new IOException("malformed header line \"" + line + "\"");
            }
            headers.add(Map.entry(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return headers;
    }

    private static int status(String line) throws IOException {
        if (!line.matches("HTTP/\\d\\.\\d \\d{3}( .*)?")) {
            throw new IOException("malformed HTTP response \"" + line + "\"");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private static long contentLength(List<Map.Entry<String, String>> headers) throws IOException {
        Optional<String> given = header(headers, "Content-Length");
        if (given.isEmpty()) {
            return -1;
        }
        if (!given.get().matches("\\d{1,18}")) {
            throw new IOException("bad Content-Length \"" + given.get() + "\"");
        }
        return Long.parseLong(given.get());
    }

    private byte[] body(InputStream in, List<Map.Entry<String, String>> headers, long length) throws IOException {
        String coding = header(headers, "Transfer-Encoding").orElse("").toLowerCase(Locale.ROOT);
        long limit = settings.bodySizeLimit();
        if (coding.equals("chunked")) {
            return HttpBody.chunked(in, limit);
        }
        return length >= 0 ? HttpBody.sized(in, length, limit) : HttpBody.rest(in, limit);
    }
}
