package org.narthex.push;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.ExpositionReader;
import org.narthex.api.scrape.MetricFamily;
import org.narthex.api.scrape.TextExposition;

/** Answers the requests of the Pushgateway's API. Thread-safe. */
final class PushRequests {
    private static final String JOB = "/metrics/job";
    private static final String METRICS = "/metrics";

    private final PushGateway gateway;
    private final Supplier<ExpositionReader> reader;
    private final RequestCounters counters;
    private final Flags flags;
    private final Map<String, String> build;
    private final Instant startedAt;

    /** An answer that is done: its name among the gateway's handlers, status and body. */
    record Answer(String handler, int status, String contentType, String body) {
        static Answer of(String handler, int status, String text) {
            return new Answer(handler, status, "text/plain; charset=utf-8", text);
        }
    }

    /**
     * @param reader gives null while there is none
     * @param build what is known about this version
     */
    PushRequests(
            PushGateway gateway,
            Supplier<ExpositionReader> reader,
            RequestCounters counters,
            Flags flags,
            Map<String, String> build,
            Instant startedAt) {
        this.gateway = gateway;
        this.reader = reader;
        this.counters = counters;
        this.flags = flags;
        this.build = Map.copyOf(build);
        this.startedAt = startedAt;
    }

    Answer answer(PushRequest request) throws IOException {
        Answer answer;
        try {
            answer = done(request);
        } catch (PushException e) {
            String handler = request.method().equals("DELETE") ? "delete" : "push";
            answer = Answer.of(handler, e.status(), e.getMessage() + "\n");
        }
        counters.count(answer.handler(), request.method(), answer.status());
        return answer;
    }

    private Answer done(PushRequest request) throws IOException, PushException {
        String method = request.method();
        if (request.path().startsWith(JOB)) {
            return group(request);
        }
        switch (request.path()) {
            case METRICS -> {
                allow(method, "GET");
                return exposition();
            }
            case "/api/v1/metrics" -> {
                allow(method, "GET");
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                GroupsJson.metrics(gateway.groups(), out);
                return new Answer(
                        "api/v1/metrics",
                        HttpServletResponse.SC_OK,
                        "application/json",
                        out.toString(StandardCharsets.UTF_8));
            }
            case "/api/v1/status" -> {
                allow(method, "GET");
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                GroupsJson.status(build, flags.all(), startedAt, out);
                return new Answer(
                        "api/v1/status",
                        HttpServletResponse.SC_OK,
                        "application/json",
                        out.toString(StandardCharsets.UTF_8));
            }
            case "/api/v1/admin/wipe" -> {
                return wipe(method);
            }
            case "/-/healthy", "/-/ready" -> {
                return Answer.of(request.path().substring(3), HttpServletResponse.SC_OK, "OK");
            }
            default -> throw new PushException(HttpServletResponse.SC_NOT_FOUND, "404 page not found");
        }
    }

    private static void allow(String method, String allowed) throws PushException {
        if (!method.equals(allowed) && !(allowed.equals("GET") && method.equals("HEAD"))) {
            throw new PushException(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Method Not Allowed");
        }
    }

    private Answer exposition() throws IOException {
        TextExposition text = new TextExposition();
        GroupExposition.write(gateway.groups(), text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        text.writeTo(out);
        return new Answer(
                "metrics",
                HttpServletResponse.SC_OK,
                TextExposition.CONTENT_TYPE,
                out.toString(StandardCharsets.UTF_8));
    }

    private Answer wipe(String method) throws PushException {
        if (!flags.isOn(Flag.WEB_ENABLE_ADMIN_API)) {
            throw new PushException(
                    HttpServletResponse.SC_NOT_FOUND,
                    "the administration of pushed groups needs to be enabled with --web.enable-admin-api");
        }
        allow(method, "PUT");
        gateway.wipe();
        return Answer.of("wipe", HttpServletResponse.SC_ACCEPTED, "");
    }

    private Answer group(PushRequest request) throws IOException, PushException {
        String path = request.path().substring(METRICS.length());
        switch (request.method()) {
            case "PUT", "POST" -> {
                Labels labels = GroupPath.parse(path);
                boolean replaces = request.method().equals("PUT");
                gateway.push(labels, families(request), replaces, request.ttlMs());
                return Answer.of("push", HttpServletResponse.SC_OK, "");
            }
            case "DELETE" -> {
                gateway.delete(GroupPath.parse(path));
                return Answer.of("delete", HttpServletResponse.SC_ACCEPTED, "");
            }
            default -> throw new PushException(HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Method Not Allowed");
        }
    }

    private List<MetricFamily> families(PushRequest request) throws IOException, PushException {
        byte[] body = request.body();
        ExpositionReader formats = reader.get();
        if (formats == null) {
            throw new PushException(
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "what reads metrics, the scraper, is not there at present");
        }
        try {
            return formats.read(request.contentType(), body);
        } catch (IOException e) {
            throw new PushException(HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
        }
    }
}
