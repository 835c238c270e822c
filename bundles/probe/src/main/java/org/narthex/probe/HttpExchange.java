package org.narthex.probe;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * One request and its answer over a connection of its own, each step timed. A client that reuses connections could not tell how long these take.
 */
final class HttpExchange {
    /** Seconds that each step took; 0 for those that were not needed. */
    record Phases(double connect, double tls, double processing, double transfer) {}

    /**
     * What came back.
     *
     * @param contentLength -1 if the server does not say
     * @param body as it was sent, that is packed if it is
     * @param broken why the body is not whole, if it is not
     * @param session of TLS, if that was spoken
     */
    record Answer(
            HttpHead head,
            long contentLength,
            HttpText body,
            Optional<IOException> broken,
            Optional<SSLSession> session,
            Phases phases) {}

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
     * @param serverName for the certificate
     * @param forProxy headers that a proxy is to see when it is asked for a tunnel
     */
    Answer ask(HttpQuestion question, HttpRoute route, String serverName, List<Map.Entry<String, String>> forProxy)
            throws IOException {
        try (Socket plain = new Socket()) {
            long start = System.nanoTime();
            plain.connect(route.first(), run.remainingMs());
            plain.setSoTimeout(run.remainingMs());
            if (question.url().isSecure() && route.throughProxy()) {
                openTunnel(plain, route.server(), forProxy);
            }
            double connect = ProbeRun.secondsSince(start);
            if (!question.url().isSecure()) {
                return ask(stream(plain, question, route.target(question)), Optional.empty(), connect, 0);
            }
            long handshake = System.nanoTime();
            try (SSLSocket safe = tls.over(plain, serverName, run, protocols())) {
                double seconds = ProbeRun.secondsSince(handshake);
                HttpStream stream = Http2Stream.PROTOCOL.equals(safe.getApplicationProtocol())
                        ? new Http2Exchange(
                                new TimedStream(safe, run), safe.getOutputStream(), question, settings.bodySizeLimit())
                        : stream(safe, question, question.url().path());
                return ask(stream, Optional.of(safe.getSession()), connect, seconds);
            }
        }
    }

    private void openTunnel(Socket socket, HostPort to, List<Map.Entry<String, String>> headers) throws IOException {
        StringBuilder connect = new StringBuilder("CONNECT " + to + " HTTP/1.1\r\nHost: " + to + "\r\n");
        headers.forEach(header -> connect.append(header.getKey() + ": " + header.getValue() + "\r\n"));
        connect.append("\r\n");
        socket.getOutputStream().write(connect.toString().getBytes(StandardCharsets.ISO_8859_1));
        // Not buffered: what follows the empty line belongs to TLS.
        InputStream in = new TimedStream(socket, run);
        String status = HttpBody.line(in);
        if (!status.matches("HTTP/1\\.[01] 2\\d\\d.*")) {
            throw new IOException("the proxy answers " + status);
        }
        while (!HttpBody.line(in).isEmpty()) {
            // Headers of the proxy do not matter.
        }
    }

    /** What is offered to the server; nothing leaves it HTTP/1.1. */
    private String[] protocols() {
        return settings.client().enableHttp2() ? new String[] {Http2Stream.PROTOCOL, "http/1.1"} : new String[0];
    }

    private HttpStream stream(Socket socket, HttpQuestion question, String target) throws IOException {
        return new Http1Stream(
                new TimedStream(socket, run), socket.getOutputStream(), question, target, settings.bodySizeLimit());
    }

    private static Answer ask(HttpStream stream, Optional<SSLSession> session, double connect, double handshake)
            throws IOException {
        long start = System.nanoTime();
        stream.send();
        stream.await();
        double processing = ProbeRun.secondsSince(start);
        long first = System.nanoTime();
        HttpHead head = stream.head();
        HttpText content = HttpText.NONE;
        Optional<IOException> broken = Optional.empty();
        try {
            content = stream.body();
        } catch (IOException e) {
            broken = Optional.of(e);
        }
        return new Answer(
                head,
                stream.contentLength(),
                content,
                broken,
                session,
                new Phases(connect, handshake, processing, ProbeRun.secondsSince(first)));
    }
}
