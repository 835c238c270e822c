package org.narthex.http.client.plain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.http.EagerHandler;
import org.narthex.http.client.HttpClientsService;

import com.sun.net.httpserver.HttpServer;

/** A server that says what each test wants, byte by byte. */
class ConnectionsTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Connections connections = new Connections(threads);
    /** What the server does with the next connections. */
    private final BlockingQueue<Script> scripts = new LinkedBlockingQueue<>();

    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private ServerSocket server;

    @TempDir
    private Path folder;

    private interface Script {
        void play(Socket socket) throws IOException;
    }

    /** Before the JDK's client reads them, the service sets properties that other tests of this module need. */
    @BeforeAll
    static void setProperties() {
        assertThat(new HttpClientsService()).isNotNull();
    }

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        threads.execute(() -> {
            while (true) {
                try (Socket socket = server.accept()) {
                    scripts.take().play(socket);
                } catch (InterruptedException e) {
                    return;
                } catch (IOException e) {
                    if (server.isClosed()) {
                        return;
                    }
                }
            }
        });
    }

    @AfterEach
    void stop() throws IOException {
        connections.stop();
        server.close();
        threads.shutdownNow();
    }

    /** Reads the head of a request. */
    private void request(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("no request");
            }
            head.append((char) b);
        }
        requests.add(head.toString());
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Takes a request, answers, and ends the connection. */
    private void answer(String... answers) {
        scripts.add(socket -> {
            for (String text : answers) {
                request(socket);
                say(socket, text);
            }
        });
    }

    private HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort() + path));
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest request) {
        EagerHandler<String> handler = info -> new Text();
        return connections.send(new Request(request, Endpoint.of(request.uri())), handler);
    }

    private String body(String path) throws Exception {
        return send(get(path).build()).get(20, TimeUnit.SECONDS).body();
    }

    /** Copies what comes. */
    private static class Text implements HttpResponse.BodySubscriber<String> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<String> body = new CompletableFuture<>();

        @Override
        public CompletionStage<String> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> parts) {
            for (ByteBuffer part : parts) {
                while (part.hasRemaining()) {
                    bytes.write(part.get());
                }
            }
        }

        @Override
        public void onError(Throwable error) {
            body.completeExceptionally(error);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toString(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void sendsTheHeadAndReadsTheAnswer() throws Exception {
        answer("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-A: 1\r\nx-a:2\r\nContent-Length: 5\r\n\r\nhello");
        HttpResponse<String> answer = send(get("/a%20b?c=d")
                        .header("Accept", "x")
                        .header("Accept", "y")
                        .build())
                .get(20, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(answer.headers().allValues("x-a")).containsExactly("1", "2");
        assertThat(requests.take())
                .isEqualTo("GET /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:" + server.getLocalPort()
                        + "\r\nAccept: x\r\nAccept: y\r\n\r\n");
    }

    @Test
    void usesAConnectionAgain() throws Exception {
        answer(
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nc");
        assertThat(body("/1")).isEqualTo("a");
        assertThat(body("/2")).isEmpty();
        assertThat(body("/3")).isEqualTo("c");
    }

    @Test
    void readsABodyInChunksHoweverTheyArrive() throws Exception {
        String chunked = String.join(
                "\r\n",
                "HTTP/1.1 100 Continue",
                "",
                "HTTP/1.1 200 OK",
                "Transfer-Encoding: chunked",
                "",
                "5;x=y",
                "hello",
                "A",
                ", you all ",
                "1\nx",
                "0",
                "Trailer: t",
                "",
                "");
        scripts.add(socket -> {
            request(socket);
            for (int i = 0; i < chunked.length(); i++) {
                say(socket, chunked.substring(i, i + 1));
                socket.getOutputStream().flush();
            }
            request(socket);
            say(socket, chunked);
        });
        assertThat(body("/")).isEqualTo("hello, you all x");
        assertThat(body("/")).isEqualTo("hello, you all x");
    }

    @Test
    void readsUntilTheEndWhereNothingIsAnnounced() throws Exception {
        answer("HTTP/1.0 200 OK\r\n\r\nall of it");
        assertThat(body("/")).isEqualTo("all of it");
        answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        assertThat(body("/")).isEqualTo("ok");
        answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew");
        assertThat(body("/")).isEqualTo("new");
    }

    @Test
    void anAnswerToHeadHasNoBody() throws Exception {
        answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        HttpRequest head =
                get("/").method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
        assertThat(send(head).get(20, TimeUnit.SECONDS).body()).isEmpty();
        assertThat(body("/")).isEqualTo("ok");
    }

    @Test
    void repeatsARequestWhenTheServerHadEnoughOfTheConnection() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        scripts.add(socket -> {
            request(socket);
            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
            request(socket);
            // No answer: the connection ends under the second request.
            first.countDown();
        });
        assertThat(body("/1")).isEqualTo("a");
        CompletableFuture<HttpResponse<String>> second = send(get("/2").build());
        assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
        answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");
        assertThat(second.get(20, TimeUnit.SECONDS).body()).isEqualTo("b");
        assertThat(requests).hasSize(3);
    }

    @Test
    void aNewConnectionThatEndsEarlyIsAnError() {
        answer("");
        assertFails("EOF");
        answer("HTTP/1.1 200 OK\r\nContent-Le");
        assertFails("EOF");
        answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
        assertFails("unexpected EOF");
        answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
        assertFails("unexpected EOF");
    }

    @Test
    void refusesAnswersThatAreNoHttp() {
        answer("SSH-2.0-OpenSSH\r\n\r\n");
        assertFails("malformed HTTP response \"SSH-2.0-OpenSSH\"");
        answer("HTTP/1.1 200 OK\r\nno colon\r\n\r\n");
        assertFails("malformed HTTP header line \"no colon\"");
        answer("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n");
        assertFails("bad Content-Length \"-1\"");
        answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab");
        assertFails("bad Content-Length \"1\"");
        answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n");
        assertFails("malformed chunked encoding");
        answer("HTTP/1.1 101 Switching Protocols\r\n\r\n");
        assertFails("protocol nobody asked for");
        answer("HTTP/1.1 200 OK\r\nX: " + "a".repeat(300_000) + "\r\n\r\n");
        assertFails("the head of the answer is larger than 262144 bytes");
    }

    private void assertFails(String message) {
        assertThatThrownBy(() -> body("/"))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void tellsWhyThereIsNoConnection() throws Exception {
        int closed;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            closed = other.getLocalPort();
        }
        HttpRequest refused =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + closed)).build();
        assertThatThrownBy(() -> send(refused).get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(ConnectException.class);
        HttpRequest unknown =
                HttpRequest.newBuilder(URI.create("http://nobody.invalid/")).build();
        assertThatThrownBy(() -> send(unknown).get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(UnresolvedAddressException.class);
        HttpRequest beyond =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:99999/")).build();
        assertThatThrownBy(() -> send(beyond).get(20, TimeUnit.SECONDS))
                .hasMessageEndingWith("dial tcp: address 99999: invalid port");
    }

    @Test
    void givesUpInTimeAndLetsGoOfTheConnection() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        scripts.add(socket -> {
            request(socket);
            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            if (socket.getInputStream().read() < 0) {
                gone.countDown();
            }
        });
        HttpRequest request = get("/").timeout(Duration.ofMillis(50)).build();
        assertThatThrownBy(() -> send(request).get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(HttpTimeoutException.class);
        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cancellingLetsGoOfTheConnection() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        scripts.add(socket -> {
            request(socket);
            asked.countDown();
            if (socket.getInputStream().read() < 0) {
                gone.countDown();
            }
        });
        CompletableFuture<HttpResponse<String>> exchange = send(get("/").build());
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        exchange.cancel(true);
        assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTakerThatBreaksHarmsOnlyItself() throws Exception {
        EagerHandler<String> broken = info -> {
            throw new IllegalStateException("broken");
        };
        answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        Request request =
                new Request(get("/").build(), Endpoint.of(get("/").build().uri()));
        assertThatThrownBy(() -> connections.send(request, broken).get(20, TimeUnit.SECONDS))
                .hasRootCauseMessage("broken");
        answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");
        assertThat(body("/")).isEqualTo("b");
    }

    @Test
    void namesThePortThatTheUrlNames() {
        assertThat(written("http://h:80/")).contains("\r\nHost: h:80\r\n");
        assertThat(written("http://h/")).contains("\r\nHost: h\r\n");
    }

    private static String written(String url) {
        URI uri = URI.create(url);
        Request request = new Request(HttpRequest.newBuilder(uri).build(), Endpoint.of(uri));
        return StandardCharsets.ISO_8859_1.decode(request.toSend()).toString();
    }

    @Test
    void manyThreadsShareTheConnections() throws Exception {
        HttpServer echo = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 50);
        echo.setExecutor(threads);
        AtomicInteger answers = new AtomicInteger();
        echo.createContext("/", exchange -> {
            byte[] body = exchange.getRequestURI().getPath().getBytes(StandardCharsets.US_ASCII);
            if (answers.incrementAndGet() % 7 == 0) {
                exchange.getResponseHeaders().set("Connection", "close");
            }
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        echo.start();
        try {
            List<CompletableFuture<Void>> askers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String name = "/" + i;
                askers.add(
                        CompletableFuture.runAsync(() -> ask(echo.getAddress().getPort(), name), threads));
            }
            CompletableFuture.allOf(askers.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            assertThat(answers).hasValueGreaterThanOrEqualTo(8 * 200);
        } finally {
            echo.stop(0);
        }
    }

    /** Asks 200 times, each time for something else. */
    private void ask(int port, String name) {
        for (int i = 0; i < 200; i++) {
            String path = name + "/" + i;
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            assertThat(send(request).join().body()).isEqualTo(path);
        }
    }

    @Test
    void waitsNoLongerThanTheLastRequestSays() throws Exception {
        scripts.add(socket -> {
            request(socket);
            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
            request(socket);
            requests.add("then " + socket.getInputStream().read());
        });
        // Its end is no longer waited for, so what is asked by the idle connection has to say its own.
        assertThat(send(get("/").timeout(Duration.ofMinutes(10)).build())
                        .get(20, TimeUnit.SECONDS)
                        .body())
                .isEqualTo("a");
        assertThatThrownBy(() ->
                        send(get("/").timeout(Duration.ofMillis(50)).build()).get(20, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void asksOverAUnixSocket() throws Exception {
        Path file = folder.resolve("socket");
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(file));
            threads.execute(() -> {
                try (SocketChannel channel = listening.accept()) {
                    requests.add("bytes: " + channel.read(ByteBuffer.allocate(4096)));
                    channel.write(StandardCharsets.US_ASCII.encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
                } catch (IOException e) {
                    requests.add(e.toString());
                }
            });
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost/metrics"))
                    .build();
            EagerHandler<String> handler = info -> new Text();
            assertThat(connections
                            .send(new Request(request, Endpoint.of(file)), handler)
                            .get(20, TimeUnit.SECONDS)
                            .body())
                    .isEqualTo("hi");
        }
    }

    @Test
    void whatIsUnderWayFailsWhenTheClientStops() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        scripts.add(socket -> {
            request(socket);
            asked.countDown();
            requests.add("then " + socket.getInputStream().read());
        });
        CompletableFuture<HttpResponse<String>> exchange = send(get("/").build());
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        connections.stop();
        assertThatThrownBy(() -> exchange.get(20, TimeUnit.SECONDS)).hasMessageContaining("stopped");
        assertThatThrownBy(() -> body("/")).hasMessageContaining("stopped");
    }
}
