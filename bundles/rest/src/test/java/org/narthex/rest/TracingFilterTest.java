package org.narthex.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import jakarta.servlet.http.HttpServletResponse;

import org.junit.jupiter.api.Test;
import org.narthex.api.trace.Span;
import org.narthex.testkit.FakeTracer;

class TracingFilterTest {
    private final FakeTracer tracer = new FakeTracer();
    private final TracingFilter filter = new TracingFilter(tracer);
    private final FakeHttp http = new FakeHttp();

    @Test
    void aRequestIsAPartOfItsCallersTraceAndWhatItDoesAPartOfIt() throws Exception {
        filter.doFilter(
                http.request("GET", "/api/v1/query?query=up", "traceparent", "a parent"),
                http.response(),
                (request, response) -> {
                    tracer.begin("inner", Span.Kind.INTERNAL).close();
                    ((HttpServletResponse) response).setStatus(503);
                });
        assertEquals(
                List.of(
                        new FakeTracer.Ended("inner", Span.Kind.INTERNAL, "GET /api/v1/query", Map.of(), false, ""),
                        new FakeTracer.Ended(
                                "GET /api/v1/query",
                                Span.Kind.SERVER,
                                "a parent",
                                Map.of(
                                        "http.request.method",
                                        "GET",
                                        "url.path",
                                        "/api/v1/query",
                                        "http.response.status_code",
                                        "503"),
                                true,
                                "")),
                tracer.ended());
    }

    @Test
    void requestsOfItsOwnAreOfATraceThatIsNotSampled() throws Exception {
        filter.doFilter(
                http.request("GET", "/x", "User-Agent", "Narthex warm-up", "traceparent", "a parent"),
                http.response(),
                (request, response) -> {});
        assertEquals(
                "00-00000000000000000000000000000001-0000000000000001-00",
                tracer.ended().get(0).parent());
    }

    @Test
    void aFailureEndsTheSpanToo() {
        assertThrows(
                IOException.class,
                () -> filter.doFilter(http.request("GET", "/x"), http.response(), (request, response) -> {
                    throw new IOException("gone");
                }));
        assertEquals("java.io.IOException: gone", tracer.ended().get(0).failure());
    }
}
