package org.narthex.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.http.EagerHandler;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClients;
import org.narthex.api.trace.Span;
import org.narthex.testkit.FakeTracer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Calls a real server, which shows up as two hosts: localhost and 127.0.0.1. */
class HttpClientsTest {
    private final HttpClientsService clients = new HttpClientsService();
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        clients.stop();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            seen.add(exchange.getRequestMethod() + " " + path + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("X-Secret"));
            int arrow = path.indexOf("?to=");
            if (arrow >= 0) {
                exchange.getResponseHeaders().set("Location", path.substring(arrow + 4));
                exchange.sendResponseHeaders(Integer.parseInt(path.substring(1, arrow)), -1);
            } else {
                exchange.sendResponseHeaders(200, -1);
            }
        }
    }

    private String url(String host, String path) {
        return "http://" + host + ":" + server.getAddress().getPort() + path;
    }

    private static HttpClientConfig config(boolean redirects, String proxy) {
        return new HttpClientConfig(
                Optional.of(new HttpClientConfig.BasicAuth(Secret.of("u"), Secret.of("p"))),
                Optional.empty(),
                Optional.empty(),
                HttpClientConfig.Tls.DEFAULT,
                redirects,
                true,
                HttpClientConfig.Proxy.of(proxy),
                Map.of("X-Secret", List.of(Secret.of("s"))));
    }

    @Test
    void sendsNothingInPlaceOfASecretThatNobodyCanBeAskedFor() throws Exception {
        HttpClientConfig config = HttpClientConfig.DEFAULT.withAuthorization(
                new HttpClientConfig.Authorization("Bearer", Secret.referenced("vault/token")));
        assertThatThrownBy(() -> send(config, url("127.0.0.1", "/")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("\"vault/token\" is a reference");
        assertThat(seen).isEmpty();
    }

    @Test
    void tellsTheServerOfTheTraceAndTheTracerOfTheRequest() throws Exception {
        FakeTracer tracer = new FakeTracer();
        List<String> traceparents = Collections.synchronizedList(new ArrayList<>());
        server.createContext("/traced", exchange -> {
            try (exchange) {
                traceparents.add(String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
                exchange.sendResponseHeaders(503, -1);
            }
        });
        clients.bind(tracer);
        send(HttpClientConfig.DEFAULT, url("127.0.0.1", "/traced?secret"));
        clients.bind(null);
        send(HttpClientConfig.DEFAULT, url("127.0.0.1", "/traced?secret"));
        assertThat(traceparents).containsExactly("00-00000000000000000000000000000001-0000000000000002-01", "null");
        assertThat(tracer.await(1))
                .containsExactly(new FakeTracer.Ended(
                        "HTTP GET",
                        Span.Kind.CLIENT,
                        "",
                        Map.of(
                                "http.request.method",
                                "GET",
                                "url.scheme",
                                "http",
                                "server.address",
                                "127.0.0.1",
                                "server.port",
                                Integer.toString(server.getAddress().getPort()),
                                "http.response.status_code",
                                "503"),
                        true,
                        ""));
    }

    private int send(HttpClientConfig config, String url) throws Exception {
        HttpClients.Client client = clients.client(config);
        return client.http()
                .send(client.request(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void sendsHeadersAndCredentials() throws Exception {
        assertThat(send(config(true, ""), url("localhost", "/"))).isEqualTo(200);
        assertThat(seen).containsExactly("GET / Basic dTpw s");
    }

    @Test
    void readsSecretsFromTheirFilesEachTime() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "one\n");
        HttpClientConfig config = HttpClientConfig.DEFAULT.withAuthorization(
                new HttpClientConfig.Authorization("Bearer", Secret.in(token)));
        send(config, url("localhost", "/"));
        Files.writeString(token, "two");
        send(config, url("localhost", "/"));
        assertThat(seen).containsExactly("GET / Bearer one null", "GET / Bearer two null");
        Files.delete(token);
        assertThatThrownBy(() -> send(config, url("localhost", "/")))
                .hasMessage("cannot read secret file " + token + ": no such file");
    }

    @Test
    void takesTheShortWayOnAfterARedirect() throws Exception {
        List<String> lengths = Collections.synchronizedList(new ArrayList<>());
        server.createContext("/there", exchange -> {
            try (exchange) {
                lengths.add(String.valueOf(exchange.getRequestHeaders().getFirst("Content-Length")));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        HttpClients.Client client = clients.client(config(true, ""));
        EagerHandler<Void> handler = info -> HttpResponse.BodySubscribers.discarding();
        client.http()
                .send(
                        client.request(URI.create(url("127.0.0.1", "/302?to=/there")))
                                .build(),
                        handler);
        assertThat(lengths).as("the JDK says 0 for no body").containsExactly("null");
    }

    @Test
    void asksForHostsThatTheJdkDoesNotSee() {
        assertThatThrownBy(() -> send(HttpClientConfig.DEFAULT, "http://no_such_host.invalid:1/"))
                .as("it is looked up")
                .isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> send(config(true, ""), url("127.0.0.1", "/302?to=http://no_such_host.invalid:1/")))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void keepsCredentialsOnTheFirstHost() throws Exception {
        assertThat(send(config(true, ""), url("localhost", "/302?to=/there"))).isEqualTo(200);
        assertThat(seen).last().isEqualTo("GET /there Basic dTpw s");
        seen.clear();
        String back = url("localhost", "/end");
        assertThat(send(config(true, ""), url("localhost", "/301?to=" + url("127.0.0.1", "/307?to=" + back))))
                .isEqualTo(200);
        assertThat(seen).hasSize(3).last().isEqualTo("GET /end null null");
        assertThat(seen.get(1)).endsWith(" null null");
    }

    @Test
    void followsNoRedirectIfToldSo() throws Exception {
        assertThat(send(config(false, ""), url("localhost", "/302?to=/there"))).isEqualTo(302);
        assertThat(seen).hasSize(1);
    }

    @Test
    void refusesRedirectsThatLeadNowhere() {
        assertThatThrownBy(() -> send(config(true, ""), url("localhost", "/302?to=file:///etc/passwd")))
                .hasMessageContaining("not HTTP");
        assertThatThrownBy(() -> send(config(true, ""), url("localhost", "/302?to=/302?to=/302?to=//x:y")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void stopsAfterTenRedirects() {
        server.removeContext("/");
        server.createContext("/", exchange -> {
            try (exchange) {
                seen.add("");
                exchange.getResponseHeaders().set("Location", "/again");
                exchange.sendResponseHeaders(302, -1);
            }
        });
        assertThatThrownBy(() -> send(config(true, ""), url("localhost", "/")))
                .hasMessageContaining("stopped after 10 redirects");
        assertThat(seen).hasSize(11);
    }

    @Test
    void postsAgainOnlyWhereTheServerAsksForIt() throws Exception {
        HttpClients.Client client = clients.client(config(true, ""));
        for (String path : List.of("/308?to=/a", "/303?to=/b")) {
            HttpRequest post = client.request(URI.create(url("localhost", path)))
                    .POST(HttpRequest.BodyPublishers.ofString("x"))
                    .build();
            client.http().send(post, HttpResponse.BodyHandlers.discarding());
        }
        assertThat(seen).extracting(line -> line.split(" /")[0]).containsExactly("POST", "POST", "POST", "GET");
    }

    @Test
    void goesThroughAProxy() throws Exception {
        String proxy = url("127.0.0.1", "");
        assertThat(send(config(true, proxy), "http://somewhere.invalid/x")).isEqualTo(200);
        assertThat(seen).containsExactly("GET http://somewhere.invalid/x Basic dTpw s");
        assertThatThrownBy(() -> clients.client(config(true, "socks4://h:1"))).hasMessageContaining("proxy_url");
    }

    private HttpClient connections(HttpClientConfig config) throws IOException {
        HttpClient client = clients.client(config).http();
        while (client instanceof DelegatingClient outer) {
            client = outer.transport;
        }
        return client;
    }

    @Test
    void sharesConnectionsAmongSettings() throws Exception {
        assertThat(connections(config(false, ""))).isSameAs(connections(config(false, "")));
    }

    @Test
    void cancelsTheExchangeBehindARedirect() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        server.createContext("/slow", exchange -> {
            arrived.countDown();
            try (exchange) {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        HttpClients.Client client = clients.client(config(true, ""));
        CompletableFuture<HttpResponse<Void>> exchange = client.http()
                .sendAsync(
                        client.request(URI.create(url("localhost", "/302?to=/slow")))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        arrived.await();
        assertThat(exchange.cancel(true)).isTrue();
        assertThat(exchange).isCancelled();
        release.countDown();
    }

    @Test
    void readsHeadersFromTheirFilesEachTime() throws Exception {
        Path header = Files.writeString(folder.resolve("header"), "one\n");
        HttpClientConfig config = new HttpClientConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                HttpClientConfig.Tls.DEFAULT,
                true,
                true,
                HttpClientConfig.Proxy.NONE,
                Map.of("X-Secret", List.of(Secret.in(header))));
        send(config, url("localhost", "/"));
        Files.writeString(header, "two");
        send(config, url("localhost", "/"));
        assertThat(seen).containsExactly("GET / null one", "GET / null two");
    }

    @Test
    void tellsTheProxyItsPassword() throws Exception {
        List<String> passwords = new CopyOnWriteArrayList<>();
        server.removeContext("/");
        server.createContext("/", exchange -> {
            try (exchange) {
                passwords.add(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
                exchange.sendResponseHeaders(200, -1);
            }
        });
        String proxy = url("127.0.0.1", "").replace("http://", "http://me:secret@");
        assertThat(send(config(true, proxy), "http://somewhere.invalid/x")).isEqualTo(200);
        assertThat(passwords).containsExactly("Basic bWU6c2VjcmV0");
    }

    @Test
    void sendsHeadersToTheProxyThatItConnectsThrough() throws Exception {
        List<String> request = new CopyOnWriteArrayList<>();
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try (Socket socket = proxy.accept()) {
                    BufferedReader lines =
                            new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                    for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                        request.add(line);
                    }
                    socket.getOutputStream()
                            .write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    request.add(e.toString());
                }
            });
            answering.start();
            HttpClientConfig config = new HttpClientConfig(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    HttpClientConfig.Tls.DEFAULT,
                    true,
                    true,
                    new HttpClientConfig.Proxy(
                            "http://me:secret@127.0.0.1:" + proxy.getLocalPort(),
                            "",
                            false,
                            Map.of("Proxy-Tenant", List.of(Secret.of("t")))),
                    Map.of());
            assertThatThrownBy(() -> send(config, "https://somewhere.invalid/x"))
                    .isInstanceOf(IOException.class);
            answering.join();
        }
        assertThat(request)
                .contains("CONNECT somewhere.invalid:443 HTTP/1.1", "Proxy-Authorization: Basic bWU6c2VjcmV0")
                .anyMatch(line -> line.equalsIgnoreCase("Proxy-Tenant: t"));
    }
}
