package org.narthex.tracing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

import com.sun.net.httpserver.HttpServer;

/** A collector in this process, for both protocols, that reads what it gets. */
final class FakeCollector implements AutoCloseable {
    /** A request as it came. */
    record Received(String path, Map<String, String> headers, List<ReadSpan> spans) {}

    private final HttpServer http;
    private final ServerSocket grpc;
    private final List<Received> received = new ArrayList<>();
    private final List<Socket> sockets = new ArrayList<>();
    private int status = 200;

    FakeCollector() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
                int answer = answer();
                if (answer == 200) {
                    boolean gzip = "gzip".equals(headers.get("Content-Encoding"));
                    add(new Received(
                            exchange.getRequestURI().getPath(),
                            headers,
                            ReadSpan.all(gzip ? decompressed(body) : body)));
                }
                exchange.sendResponseHeaders(answer, -1);
            }
        });
        http.start();
        grpc = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "fake-collector");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    private static byte[] decompressed(byte[] body) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return gzip.readAllBytes();
        }
    }

    String httpEndpoint() {
        return "127.0.0.1:" + http.getAddress().getPort();
    }

    String grpcEndpoint() {
        return "127.0.0.1:" + grpc.getLocalPort();
    }

    /** From now on HTTP requests are answered by it; any but 200 refuses calls of gRPC too. */
    synchronized void answerWith(int newStatus) {
        status = newStatus;
    }

    private synchronized int answer() {
        return status;
    }

    private synchronized void add(Received one) {
        received.add(one);
        notifyAll();
    }

    synchronized List<Received> received() {
        return List.copyOf(received);
    }

    /** All spans so far, as soon as they are as wanted. */
    synchronized List<ReadSpan> await(Predicate<List<ReadSpan>> test) throws InterruptedException {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!test.test(spans()) && System.nanoTime() < deadline) {
            wait(1_000);
        }
        return spans();
    }

    synchronized List<ReadSpan> spans() {
        return received.stream().flatMap(one -> one.spans().stream()).toList();
    }

    /** Breaks all connections of gRPC. */
    synchronized void drop() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    private void accept() {
        while (!grpc.isClosed()) {
            try {
                Socket socket = grpc.accept();
                synchronized (this) {
                    sockets.add(socket);
                }
                Thread thread = new Thread(() -> serve(socket), "fake-collector-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    /** Serves one connection of HTTP/2, with windows so small that the other side must wait for more. */
    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            in.skipNBytes(24);
            frame(out, 4, 0, 0, new byte[] {0, 4, 0, 0, 0, 100});
            frame(out, 6, 0, 0, new byte[8]);
            Map<String, String> headers = Map.of();
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(length);
                if (type == 1) {
                    headers = headers(payload);
                } else if (type == 0) {
                    body.write(payload);
                    if ((flags & 1) == 0) {
                        byte[] more = {0, 0, 0, (byte) length};
                        frame(out, 8, 0, stream, more);
                        frame(out, 8, 0, 0, more);
                    } else {
                        answer(out, stream, headers, body.toByteArray());
                        body.reset();
                    }
                }
            }
        } catch (IOException e) {
            // The other side is gone.
        }
    }

    private void answer(DataOutputStream out, int stream, Map<String, String> headers, byte[] message)
            throws IOException {
        byte[] trailers = {0x00, 0x01, 'x', 0x01, '0'};
        if (answer() != 200) {
            frame(out, 1, 0x5, stream, trailers);
            return;
        }
        byte[] body = new byte[message.length - 5];
        System.arraycopy(message, 5, body, 0, body.length);
        add(new Received(headers.get(":path"), headers, ReadSpan.all(message[0] == 1 ? decompressed(body) : body)));
        frame(out, 1, 0x4, stream, new byte[] {(byte) 0x88});
        frame(out, 0, 0, stream, new byte[5]);
        frame(out, 1, 0x5, stream, trailers);
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
            throws IOException {
        out.writeByte(0);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    /** Reads literals only. */
    private static Map<String, String> headers(byte[] block) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(block));
        while (in.available() > 0) {
            if (in.readUnsignedByte() != 0x10) {
                throw new IOException("not a literal that is never indexed");
            }
            String name = new String(in.readNBytes(length(in)), StandardCharsets.UTF_8);
            headers.put(name, new String(in.readNBytes(length(in)), StandardCharsets.UTF_8));
        }
        return headers;
    }

    private static int length(DataInputStream in) throws IOException {
        int length = in.readUnsignedByte();
        if (length < 0x7f) {
            return length;
        }
        int shift = 0;
        int next;
        do {
            next = in.readUnsignedByte();
            length += (next & 0x7f) << shift;
            shift += 7;
        } while ((next & 0x80) != 0);
        return length;
    }

    @Override
    public void close() throws IOException {
        http.stop(0);
        grpc.close();
        drop();
    }
}
