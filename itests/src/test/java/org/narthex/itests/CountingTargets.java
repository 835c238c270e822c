package org.narthex.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;

import com.sun.net.httpserver.HttpServer;

/** Many targets on one port, each under a path of its own, which count how often they are scraped. */
final class CountingTargets implements AutoCloseable {
    private static final int SERIES = 20;

    private final AtomicIntegerArray scrapes;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);

    CountingTargets(int count) throws IOException {
        scrapes = new AtomicIntegerArray(count);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < SERIES; i++) {
            text.append("queue_length{queue=\"q")
                    .append(i)
                    .append("\"} ")
                    .append(i)
                    .append('\n');
        }
        byte[] page = text.toString().getBytes(StandardCharsets.UTF_8);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/t/", exchange -> {
            scrapes.incrementAndGet(
                    Integer.parseInt(exchange.getRequestURI().getPath().substring(3)));
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Writes all targets into a file that {@code file_sd_configs} reads; never half of it. */
    void writeTo(Path file) throws IOException {
        StringBuilder json = new StringBuilder("[");
        for (int i = 0; i < scrapes.length(); i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"targets\":[\"")
                    .append(address())
                    .append("\"],\"labels\":{\"target\":\"")
                    .append(i)
                    .append("\",\"__metrics_path__\":\"/t/")
                    .append(i)
                    .append("\"}}");
        }
        Path draft = Files.writeString(file.resolveSibling("draft"), json.append(']'));
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** How often each was scraped so far. */
    int[] counts() {
        int[] counts = new int[scrapes.length()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = scrapes.get(i);
        }
        return counts;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
