package org.narthex.channel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A service on loopback that keeps what it is told and answers as it is bidden. */
final class FakeService implements AutoCloseable, HttpClients, HttpClients.Client {
    record Told(String method, String path, Headers headers, String body) {
        JsonObject json() {
            try (JsonReader reader = Json.createReader(new StringReader(body))) {
                return reader.readObject();
            }
        }
    }

    record Reply(int status, String type, String body) {}

    final List<Told> told = new CopyOnWriteArrayList<>();
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    /** What the last client was asked for. */
    volatile HttpClientConfig config;

    private volatile Reply otherwise = new Reply(200, "text/plain", "ok");

    FakeService() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String path = exchange.getRequestURI().toString();
        told.add(new Told(exchange.getRequestMethod(), path, exchange.getRequestHeaders(), body));
        Reply reply = otherwise;
        for (Map.Entry<String, Reply> each : replies.entrySet()) {
            reply = path.contains(each.getKey()) ? each.getValue() : reply;
        }
        byte[] answer = reply.body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", reply.type);
        exchange.sendResponseHeaders(reply.status, answer.length == 0 ? -1 : answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void answers(int status, String body) {
        otherwise = new Reply(status, "application/json", body);
    }

    void answersText(int status, String body) {
        otherwise = new Reply(status, "text/plain", body);
    }

    /** What requests are answered whose path contains the text. */
    void answers(String path, String body) {
        replies.put(path, new Reply(200, "application/json; charset=utf-8", body));
    }

    Told last() {
        return told.get(told.size() - 1);
    }

    @Override
    public Client client(HttpClientConfig wanted) {
        config = wanted;
        return this;
    }

    @Override
    public HttpClient http() {
        return http;
    }

    @Override
    public HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
