package org.narthex.rest;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.ws.rs.core.Application;

import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.ResourceConfig;
import org.narthex.api.config.Flags;

/** The whole API, without a server around it. */
final class TestApi {
    static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(1_700_000_000_500L));

    private final URI base;
    private final ApplicationHandler handler;
    private final HttpServlet queries;

    TestApi(LiveServices services) {
        this(services, ready(services), Map.of());
    }

    TestApi(LiveServices services, Readiness readiness, Map<String, String> properties) {
        this(
                "/api/v1/",
                new ApiApplication(services, readiness, new Flags(properties::get), "1.2.3", CLOCK),
                new QueryServlet(services, readiness, new Flags(properties::get), CLOCK, path -> {}));
    }

    private TestApi(String path, Application application, HttpServlet queries) {
        this.queries = queries;
        base = URI.create("http://localhost" + path);
        handler = new ApplicationHandler(ResourceConfig.forApplication(application));
    }

    /** That of the Alertmanager. */
    static TestApi alertmanager(LiveServices services) {
        return alertmanager(alertmanagerApplication(services));
    }

    static TestApi alertmanager(AlertmanagerApplication application) {
        return new TestApi("/api/v2/", application, new HttpServlet() {});
    }

    static AlertmanagerApplication alertmanagerApplication(LiveServices services) {
        return new AlertmanagerApplication(
                services, ready(services), new Flags(Map.<String, String>of()::get), "1.2.3", CLOCK);
    }

    static Readiness ready(LiveServices services) {
        Readiness readiness = new Readiness(services, List.of());
        readiness.apiMounted(true);
        if (!readiness.wasReady()) {
            throw new IllegalStateException(readiness.missing().toString());
        }
        return readiness;
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Answer(int status, Map<String, List<Object>> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(String name) {
            return headers.containsKey(name) ? String.valueOf(headers.get(name).get(0)) : null;
        }
    }

    Answer get(String path, String... headers) {
        return call("GET", path, "", headers);
    }

    Answer postForm(String path, String form) {
        return call("POST", path, form, "Content-Type", "application/x-www-form-urlencoded");
    }

    Answer call(String method, String path, String body, String... headers) {
        if (path.matches("query(_range)?([?].*)?")) {
            return callQueries(method, path, body, headers);
        }
        ContainerRequest request = new ContainerRequest(
                base, base.resolve(path), method, null, new MapPropertiesDelegate(), handler.getConfiguration());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        request.setEntityStream(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ContainerResponse response = handler.apply(request, out).get();
            return new Answer(response.getStatus(), response.getHeaders(), out.toByteArray());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** These two are beside Jersey. */
    private Answer callQueries(String method, String path, String body, String... headers) {
        try {
            FakeHttp http = FakeHttp.call(queries, method, "/" + path, body, headers);
            Map<String, List<Object>> answered = new HashMap<>();
            http.headers.forEach((name, value) -> answered.put(name, List.of(value)));
            return new Answer(http.status, answered, http.body.toByteArray());
        } catch (IOException | ServletException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] gunzip(byte[] body) throws IOException {
        try (java.util.zip.GZIPInputStream in = new java.util.zip.GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }
}
