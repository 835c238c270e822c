package org.narthex.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLServerSocketFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Proxy;
import org.narthex.api.http.HttpClients;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

/** Requests through proxies that the JDK knows nothing of, made in this process. */
class ProxyBridgeTest {
    @TempDir
    Path folder;

    private final HttpClientsService clients = new HttpClientsService();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> proxied = Collections.synchronizedList(new ArrayList<>());
    private final List<AutoCloseable> open = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        answer(server);
        server.start();
    }

    private static void answer(HttpServer server) {
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                byte[] answer = (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                                + exchange.getRequestHeaders().getFirst("Host") + " "
                                + exchange.getRequestHeaders().getFirst("Proxy-Authorization") + " " + body.length)
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        clients.stop();
        server.stop(0);
        for (AutoCloseable one : open) {
            one.close();
        }
        threads.shutdownNow();
    }

    private String send(HttpClientConfig config, HttpRequest.Builder request) throws Exception {
        return clients.client(config)
                .http()
                .send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static HttpClientConfig through(String proxy, HttpClientConfig.Tls tls) {
        return new HttpClientConfig(
                Optional.empty(), Optional.empty(), Optional.empty(), tls, true, true, Proxy.of(proxy), Map.of());
    }

    private HttpRequest.Builder request(HttpClientConfig config, String url) throws IOException {
        HttpClients.Client client = clients.client(config);
        return client.request(URI.create(url));
    }

    /** A SOCKS5 proxy that looks up every name as this host. */
    private int socks(String userAndPassword) throws IOException {
        ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        open.add(listener);
        threads.execute(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    open.add(client);
                    threads.execute(() -> serveSocks(client, userAndPassword));
                } catch (IOException e) {
                    return;
                }
            }
        });
        return listener.getLocalPort();
    }

    private void serveSocks(Socket client, String userAndPassword) {
        try {
            DataInputStream in = new DataInputStream(client.getInputStream());
            OutputStream out = client.getOutputStream();
            assertThat(in.readUnsignedByte()).isEqualTo(5);
            in.skipNBytes(in.readUnsignedByte());
            if (userAndPassword.isEmpty()) {
                out.write(new byte[] {5, 0});
            } else {
                out.write(new byte[] {5, 2});
                in.readUnsignedByte();
                String user = text(in);
                String password = text(in);
                boolean right = userAndPassword.equals(user + ":" + password);
                out.write(new byte[] {1, (byte) (right ? 0 : 1)});
                if (!right) {
                    client.close();
                    return;
                }
            }
            in.skipNBytes(4);
            String host = text(in);
            int port = in.readUnsignedShort();
            proxied.add(host + ":" + port);
            if (host.equals("unreachable.invalid")) {
                out.write(new byte[] {5, 4, 0, 1, 0, 0, 0, 0, 0, 0});
                client.close();
                return;
            }
            Socket onward = new Socket(InetAddress.getLoopbackAddress(), port);
            open.add(onward);
            out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            threads.execute(() -> pass(client, onward));
            pass(onward, client);
        } catch (IOException e) {
            // The client is gone.
        }
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            in.transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One of them is gone.
        }
    }

    @Test
    void plainRequestsGoThroughSocksAndTheirNamesAreLookedUpThere() throws Exception {
        int port = server.getAddress().getPort();
        for (String scheme : new String[] {"socks5", "socks5h"}) {
            HttpClientConfig config =
                    through(scheme + "://me:secret@127.0.0.1:" + socks("me:secret"), HttpClientConfig.Tls.DEFAULT);
            assertThat(send(
                            config,
                            request(config, "http://somewhere.invalid:" + port + "/a?b=c")
                                    .GET()))
                    .isEqualTo("GET /a?b=c somewhere.invalid:" + port + " null 0");
            // Another host, and a body.
            assertThat(send(
                            config,
                            request(config, "http://elsewhere.invalid:" + port)
                                    .POST(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)))))
                    .isEqualTo("POST / elsewhere.invalid:" + port + " null 100000");
        }
        assertThat(proxied)
                .containsExactly(
                        "somewhere.invalid:" + port,
                        "elsewhere.invalid:" + port,
                        "somewhere.invalid:" + port,
                        "elsewhere.invalid:" + port);
    }

    @Test
    void anAnswerThroughSocksIsTheOnlyOneOnItsConnection() throws Exception {
        HttpClientConfig config = through("socks5://127.0.0.1:" + socks(""), HttpClientConfig.Tls.DEFAULT);
        HttpRequest request = request(
                        config,
                        "http://somewhere.invalid:" + server.getAddress().getPort())
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofString("body"))
                .build();
        HttpResponse<String> answer = clients.client(config).http().send(request, HttpResponse.BodyHandlers.ofString());
        // After the preliminary answer that lets the body come.
        assertThat(answer.body()).endsWith(" 4");
        assertThat(answer.headers().allValues("connection")).containsExactly("close");
    }

    @Test
    void tlsGoesThroughSocksFromEndToEnd() throws Exception {
        TestCertificate certificate = new TestCertificate(folder, "RSA", "dns:secure.invalid");
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(certificate.serverContext()));
        answer(secure);
        secure.start();
        open.add(() -> secure.stop(0));
        HttpClientConfig config = through("socks5://127.0.0.1:" + socks(""), trusting(certificate));
        int port = secure.getAddress().getPort();
        assertThat(send(
                        config,
                        request(config, "https://secure.invalid:" + port + "/").GET()))
                .isEqualTo("GET / secure.invalid:" + port + " null 0");
        assertThat(proxied).containsExactly("secure.invalid:" + port);
    }

    private HttpClientConfig.Tls trusting(TestCertificate certificate) throws Exception {
        return new HttpClientConfig.Tls(
                Optional.of(HttpClientConfig.Secret.in(certificate.certificateFile(folder))),
                Optional.empty(),
                Optional.empty(),
                "",
                false,
                "",
                "");
    }

    @Test
    void whatTheProxyDoesNotReachFailsAndSaysWhy() throws Exception {
        HttpClientConfig config = through("socks5://127.0.0.1:" + socks(""), HttpClientConfig.Tls.DEFAULT);
        assertThat(send(config, request(config, "http://unreachable.invalid/").GET()))
                .isEqualTo("the SOCKS proxy does not reach unreachable.invalid:80: host unreachable");
        HttpClientConfig wrong =
                through("socks5://me:wrong@127.0.0.1:" + socks("me:right"), HttpClientConfig.Tls.DEFAULT);
        assertThat(send(wrong, request(wrong, "http://h.invalid/").GET()))
                .isEqualTo("the SOCKS proxy refuses user and password");
        assertThatThrownBy(
                        () -> send(wrong, request(wrong, "https://h.invalid/").GET()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void nobodyElseGetsThroughTheBridge() throws Exception {
        HttpClientConfig config = through("socks5://127.0.0.1:" + socks(""), HttpClientConfig.Tls.DEFAULT);
        URI uri = URI.create("http://h.invalid:" + server.getAddress().getPort() + "/");
        assertThat(clients.client(config)
                        .http()
                        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(407);
        assertThat(proxied).isEmpty();
    }

    @Test
    void aProxyIsSpokenToByTlsWhereItsUrlSaysSo() throws Exception {
        TestCertificate certificate = new TestCertificate(folder, "RSA", "dns:localhost,ip:127.0.0.1");
        SSLServerSocketFactory factory = certificate.serverContext().getServerSocketFactory();
        ServerSocket listener = factory.createServerSocket(0, 5, InetAddress.getLoopbackAddress());
        open.add(listener);
        threads.execute(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket client = listener.accept();
                    Socket onward = new Socket(
                            InetAddress.getLoopbackAddress(),
                            server.getAddress().getPort());
                    threads.execute(() -> pass(client, onward));
                    threads.execute(() -> pass(onward, client));
                } catch (IOException e) {
                    // The listener is closed.
                }
            }
        });
        HttpClientConfig config =
                through("https://me:secret@127.0.0.1:" + listener.getLocalPort(), trusting(certificate));
        assertThat(send(config, request(config, "http://somewhere.invalid/a").GET()))
                .isEqualTo("GET http://somewhere.invalid/a somewhere.invalid Basic bWU6c2VjcmV0 0");
        HttpClientConfig strangers =
                through("https://127.0.0.1:" + listener.getLocalPort(), HttpClientConfig.Tls.DEFAULT);
        assertThat(send(
                        strangers,
                        request(strangers, "http://somewhere.invalid/a").GET()))
                .contains("PKIX path building failed");
    }
}
