package org.narthex.http.client.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * An HTTP proxy for this process alone, on the loopback address, that leads on to a proxy of another kind. One that leads to SOCKS5 passes only requests
 * that carry its own secret, so that nobody else on the machine goes through the proxy in our name; one that leads to an HTTP proxy spoken to by TLS
 * passes bytes as they are, credentials among them.
 */
public final class ProxyBridge implements AutoCloseable {
    private static final int BUFFER = 16 << 10;
    private static final int HTTPS_PORT = 443;
    private static final int BACKLOG = 50;

    private final ServerSocket listener;
    private final Executor threads;
    private final Optional<String> secret;
    private final Upstream upstream;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private ProxyBridge(Upstream upstream, Optional<String> secret, Executor threads) throws IOException {
        this.upstream = upstream;
        this.secret = secret;
        this.threads = threads;
        listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /**
     * A bridge to a SOCKS5 proxy.
     *
     * @param threads runs what waits; several at a time for each connection
     */
    public static ProxyBridge toSocks5(URI proxy, Executor threads) throws IOException {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        return new ProxyBridge(
                new Socks5(proxy), Optional.of("Bridge " + Base64.getEncoder().encodeToString(random)), threads);
    }

    /**
     * A bridge to an HTTP proxy that is spoken to by TLS.
     *
     * @param tls whom to trust
     * @param parameters the versions of TLS to speak
     */
    public static ProxyBridge toTls(URI proxy, SSLContext tls, SSLParameters parameters, Executor threads)
            throws IOException {
        return new ProxyBridge(
                (host, port) -> {
                    Socket socket = new Socket();
                    try {
                        int proxyPort = proxy.getPort() < 0 ? HTTPS_PORT : proxy.getPort();
                        socket.connect(new InetSocketAddress(proxy.getHost(), proxyPort), Upstream.CONNECT_MS);
                        SSLSocket secured = (SSLSocket)
                                tls.getSocketFactory().createSocket(socket, proxy.getHost(), proxyPort, true);
                        SSLParameters own = secured.getSSLParameters();
                        if (parameters.getProtocols() != null) {
                            own.setProtocols(parameters.getProtocols());
                        }
                        own.setEndpointIdentificationAlgorithm("HTTPS");
                        secured.setSSLParameters(own);
                        secured.startHandshake();
                        return secured;
                    } catch (IOException e) {
                        socket.close();
                        throw e;
                    }
                },
                Optional.empty(),
                threads);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** What requests must have as {@code Proxy-Authorization}; empty where that is the real proxy's affair. */
    public Optional<String> authorization() {
        return secret;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            } catch (IOException | RuntimeException e) {
                // Closed, or the client was gone before it was there.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            if (secret.isPresent()) {
                serveHttp(client);
            } else {
                Optional<Socket> server = connect(client, "", 0);
                if (server.isPresent()) {
                    relay(client, server.get(), () -> {});
                }
            }
        } catch (IOException e) {
            // Whoever sent the request sees its connection end.
        } finally {
            open.remove(client);
        }
    }

    /** Answers one request: a tunnel, or a request to be passed on. */
    private void serveHttp(Socket client) throws IOException {
        RequestHead head = RequestHead.read(client.getInputStream());
        if (!secret.get().equals(head.proxyAuthorization())) {
            answer(client, "407 Proxy Authentication Required", "");
            return;
        }
        Optional<Socket> server = connect(client, head.host(), head.port());
        if (server.isEmpty()) {
            return;
        }
        if (head.isTunnel()) {
            client.getOutputStream()
                    .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            relay(client, server.get(), () -> {});
        } else {
            server.get().getOutputStream().write(head.forServer());
            relay(client, server.get(), () -> passHead(server.get(), client));
        }
    }

    /** Passes the head of an answer, and says that it is the only one on its connection: not every server does. */
    private static void passHead(Socket server, Socket client) throws IOException {
        boolean preliminary = true;
        while (preliminary) {
            List<String> lines = RequestHead.lines(server.getInputStream());
            preliminary = lines.get(0).matches("HTTP/\\S+ 1.*");
            lines.removeIf(RequestHead::isOfConnection);
            if (!preliminary) {
                lines.add("Connection: close");
            }
            String head = String.join("\r\n", lines) + "\r\n\r\n";
            client.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** What comes of an answer before the rest of it is passed. */
    @FunctionalInterface
    private interface Beginning {
        void pass() throws IOException;
    }

    /** Empty if it failed, and the client was told why. */
    private Optional<Socket> connect(Socket client, String host, int port) throws IOException {
        try {
            return Optional.of(upstream.connect(host, port));
        } catch (IOException e) {
            answer(client, "502 Bad Gateway", e.getMessage() == null ? e.toString() : e.getMessage());
            return Optional.empty();
        }
    }

    private static void answer(Socket client, String status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        String head = String.format(
                Locale.ROOT,
                "HTTP/1.1 %s\r\nContent-Length: %d\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n",
                status,
                body.length);
        OutputStream out = client.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    /** Passes bytes both ways until both sides have ended. */
    private void relay(Socket client, Socket server, Beginning beginning) throws IOException {
        open.add(server);
        try (server) {
            threads.execute(() -> pass(client, server));
            beginning.pass();
            pass(server, client);
        } finally {
            open.remove(server);
        }
    }

    private static void pass(Socket from, Socket to) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
            to.shutdownOutput();
        } catch (IOException e) {
            close(from);
            close(to);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is not used any more either way.
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            // It does not listen any more either way.
        }
        open.forEach(ProxyBridge::close);
    }
}
