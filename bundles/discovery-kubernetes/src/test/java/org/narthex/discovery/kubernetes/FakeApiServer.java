package org.narthex.discovery.kubernetes;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** An API server in this process: lists in pages, watches, and forgets old versions when told to. */
final class FakeApiServer implements AutoCloseable {
    private record Event(long version, String plural, String namespace, String line) {}

    private final Map<String, Map<String, String>> objects = new TreeMap<>();
    private final List<Event> events = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private long version = 1;
    private long oldest;
    private int status = 200;
    private int watches;
    private int interruption;
    private boolean closed;

    FakeApiServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param json the object, with namespace and name in it */
    synchronized void put(String plural, String namespace, String name, String json) {
        Map<String, String> all = objects.computeIfAbsent(plural, any -> new LinkedHashMap<>());
        version++;
        String versioned =
                json.replaceFirst("\"metadata\"\\s*:\\s*\\{", "\"metadata\":{\"resourceVersion\":\"" + version + "\",");
        String type = all.put(Cluster.key(namespace, name), versioned) == null ? "ADDED" : "MODIFIED";
        events.add(new Event(version, plural, namespace, "{\"type\":\"" + type + "\",\"object\":" + versioned + "}"));
        notifyAll();
    }

    /** @param key {@code namespace/name}, or the name alone */
    synchronized void delete(String plural, String key) {
        for (String known : List.copyOf(objects.getOrDefault(plural, Map.of()).keySet())) {
            if (known.equals(key) || known.endsWith("/" + key)) {
                String gone = objects.get(plural).remove(known);
                String namespace = known.substring(0, Math.max(0, known.indexOf('/')));
                version++;
                events.add(new Event(version, plural, namespace, "{\"type\":\"DELETED\",\"object\":" + gone + "}"));
                notifyAll();
            }
        }
    }

    /** From now on every request fails with the status; 200 makes all well again. Watches end. */
    synchronized void fail(int newStatus) {
        status = newStatus;
        interruption++;
        notifyAll();
    }

    /** Ends all watches and forgets what happened so far. */
    synchronized void forget() {
        oldest = version + 1;
        version += 2;
        interruption++;
        notifyAll();
    }

    synchronized void awaitWatches(int count) throws InterruptedException {
        while (watches < count) {
            wait(10_000);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = new LinkedHashMap<>();
            String raw = exchange.getRequestURI().getRawQuery();
            for (String part : (raw == null ? "" : raw).split("&")) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    query.put(
                            part.substring(0, equals),
                            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
            String[] path = exchange.getRequestURI().getPath().split("/");
            String plural = path[path.length - 1];
            String namespace =
                    path.length > 3 && path[path.length - 3].equals("namespaces") ? path[path.length - 2] : "";
            int now;
            synchronized (this) {
                now = status;
            }
            if (now != 200) {
                exchange.sendResponseHeaders(now, -1);
            } else if (query.containsKey("watch")) {
                watch(exchange, plural, namespace, Long.parseLong(query.get("resourceVersion")));
            } else {
                list(exchange, plural, namespace, query);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void list(HttpExchange exchange, String plural, String namespace, Map<String, String> query)
            throws IOException {
        StringBuilder body = new StringBuilder();
        synchronized (this) {
            List<String> all = new ArrayList<>();
            objects.getOrDefault(plural, Map.of()).forEach((key, object) -> {
                if ((namespace.isEmpty() || key.startsWith(namespace + "/")) && isSelected(object, query)) {
                    all.add(object);
                }
            });
            // Pages of two.
            int from = Integer.parseInt(query.getOrDefault("continue", "0"));
            int to = Math.min(all.size(), from + 2);
            body.append("{\"metadata\":{\"resourceVersion\":\"").append(version).append('"');
            body.append(to < all.size() ? ",\"continue\":\"" + to + "\"" : "").append("},\"items\":[");
            body.append(String.join(",", all.subList(from, to))).append("]}");
        }
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Knows selectors of the form {@code a=b} for labels alone. */
    private static boolean isSelected(String object, Map<String, String> query) {
        String selector = query.getOrDefault("labelSelector", "");
        int equals = selector.indexOf('=');
        return equals < 0
                || object.contains(
                        "\"" + selector.substring(0, equals) + "\":\"" + selector.substring(equals + 1) + "\"");
    }

    private void watch(HttpExchange exchange, String plural, String namespace, long from)
            throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        long at = from;
        int began;
        synchronized (this) {
            began = interruption;
            watches++;
            notifyAll();
            if (from < oldest) {
                out.write("{\"type\":\"ERROR\",\"object\":{\"code\":410}}\n".getBytes(StandardCharsets.UTF_8));
                return;
            }
        }
        while (true) {
            List<String> lines = new ArrayList<>();
            synchronized (this) {
                for (Event event : events) {
                    boolean here = event.plural().equals(plural)
                            && (namespace.isEmpty() || namespace.equals(event.namespace()));
                    if (event.version() > at && here) {
                        lines.add(event.line());
                        at = event.version();
                    }
                }
                if (lines.isEmpty()) {
                    if (closed || interruption != began) {
                        return;
                    }
                    wait(10_000);
                }
            }
            for (String line : lines) {
                out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
