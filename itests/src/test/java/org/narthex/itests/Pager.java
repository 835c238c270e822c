package org.narthex.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** Takes pages on loopback, counts them by the name of their alerts, and refuses or keeps waiting as a test wants. */
final class Pager implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> came = new CopyOnWriteArrayList<>();
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final CountDownLatch released = new CountDownLatch(1);

    Pager() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String name = RunningNarthex.json(body).getJsonObject("groupLabels").getString("alertname");
        boolean refuse = refused.contains(name);
        boolean hold = held.contains(name);
        came.add(name);
        if (hold) {
            waiting.add(name);
            awaitRelease();
        }
        if (!refuse && !hold) {
            acknowledged.add(name);
        }
        exchange.sendResponseHeaders(refuse ? 503 : 200, -1);
        exchange.close();
    }

    private void awaitRelease() {
        try {
            released.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/page";
    }

    /** Is busy when a page of the name comes, from now on. */
    void refuse(String name) {
        refused.add(name);
    }

    /** Takes in a page of the name and does not answer, from now on. */
    void hold(String name) {
        held.add(name);
        refused.remove(name);
    }

    /** Takes pages of the name from now on. */
    void take(String name) {
        refused.remove(name);
    }

    /** Takes all pages from now on. */
    void takeAll() {
        refused.clear();
        held.clear();
    }

    /** Whether a page of the name came that was not answered. */
    boolean isHolding(String name) {
        return waiting.contains(name);
    }

    /** How many pages of the name came, taken or not. */
    int came(String name) {
        return count(came, name);
    }

    /** How many of them were answered with 200. */
    int acknowledged(String name) {
        return count(acknowledged, name);
    }

    private static int count(List<String> names, String name) {
        return (int) names.stream().filter(name::equals).count();
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
