package org.narthex.itests;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;

import com.sun.net.httpserver.HttpServer;

/** Takes alerts as version 2 of Alertmanager's API does, and keeps them in the order of their arrival. */
final class RecordingAlertmanager implements AutoCloseable {
    private final HttpServer server;
    private final List<JsonObject> received = new CopyOnWriteArrayList<>();

    RecordingAlertmanager() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v2/alerts", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            try (JsonReader reader = Json.createReader(new StringReader(body))) {
                received.addAll(reader.readArray().getValuesAs(JsonObject.class));
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    List<JsonObject> received() {
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
