package org.narthex.itests;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.json.JsonObject;

import com.sun.net.httpserver.HttpServer;

/** Takes webhooks on loopback and keeps their bodies. */
final class WebhookReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<JsonObject> received = new CopyOnWriteArrayList<>();

    WebhookReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(RunningNarthex.json(body));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    List<JsonObject> received() {
        return received;
    }

    /** Whether a body of the given status arrived. */
    boolean has(String status) {
        return received.stream().anyMatch(body -> body.getString("status").equals(status));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
