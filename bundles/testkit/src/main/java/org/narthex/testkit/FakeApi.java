package org.narthex.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** An API in this process: answers requests by their path, with or without the query, and notes what was asked. */
public final class FakeApi implements AutoCloseable {
    /** What is answered. */
    @FunctionalInterface
    public interface Answer {
        /** The body for a request whose body is given. */
        String to(HttpExchange exchange, String body) throws IOException;
    }

    static {
        // Else each answer waits 40 ms between its head and its body.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile int status = 200;
    private volatile Damage damage;
    private volatile String lastDamaged = "";

    public FakeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestURI().toString();
            synchronized (asked) {
                asked.add(exchange.getRequestMethod() + " " + target);
                asked.notifyAll();
            }
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Answer answer = answers.getOrDefault(
                    target, answers.get(exchange.getRequestURI().getPath()));
            int code = answer == null ? 404 : status;
            byte[] body = answer == null || code / 100 != 2
                    ? new byte[0]
                    : damaged(answer.to(exchange, request).getBytes(StandardCharsets.UTF_8));
            headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private byte[] damaged(byte[] body) {
        Damage wanted = damage;
        if (wanted == null) {
            return body;
        }
        byte[] bytes = wanted.of(body);
        String text = new String(bytes, StandardCharsets.UTF_8);
        lastDamaged = text;
        return leadsElsewhere(text) ? body : bytes;
    }

    /** Whether it has an address other than this one's: nobody else is to be asked by a test. */
    private boolean leadsElsewhere(String text) {
        String rest = text.replace(url() + "/", "").replace(url() + "\"", "");
        return rest.contains("://") || rest.contains(":" + server.getAddress().getPort());
    }

    /** Damages all answers from now on. */
    public void damage(Damage by) {
        damage = by;
    }

    /** Damages no answer from now on. */
    public void sound() {
        damage = null;
    }

    /** What was answered last of what was damaged. */
    public String lastDamaged() {
        return lastDamaged;
    }

    /** Where it is, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param target a path, or a path with a query, which goes before the path alone */
    public FakeApi put(String target, String body) {
        return put(target, (exchange, request) -> body);
    }

    public FakeApi put(String target, Answer answer) {
        answers.put(target, answer);
        return this;
    }

    /** A header of each answer. */
    public FakeApi header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** The status of all answers from now on. */
    public void status(int now) {
        status = now;
    }

    /** The requests so far, {@code GET /path?query}. */
    public List<String> asked() {
        return asked;
    }

    /** Waits until it was asked so often in all; fails after ten seconds. */
    public void awaitAsked(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        synchronized (asked) {
            while (asked.size() < count) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("asked " + asked.size() + " times, not " + count + ": " + asked);
                }
                asked.wait(left);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
