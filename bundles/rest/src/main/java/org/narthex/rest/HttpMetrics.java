package org.narthex.rest;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/** Counts and times all requests, in all servlet contexts. */
@Component(
        service = {Filter.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=*)")
public final class HttpMetrics implements Filter, Exporter {
    private static final double[] BOUNDS = {0.1, 0.2, 0.4, 1, 3, 8, 20, 60, 120};
    private static final String LABEL_PREFIX = "/api/v1/label/";
    private static final String API_PREFIX = "/api/v1/";

    /** Paths outside the API that are told apart; all others together are {@code /}, for a caller may invent as many as he likes. */
    private static final Set<String> PLAIN = Set.of(
            HealthServlet.HEALTHY,
            HealthServlet.READY,
            LifecycleServlet.RELOAD,
            LifecycleServlet.QUIT,
            "/metrics",
            "/version",
            "/federate");

    private static final Set<String> API = Set.of(
            "query",
            "query_range",
            "query_exemplars",
            "format_query",
            "parse_query",
            "series",
            "labels",
            "metadata",
            "targets",
            "targets/metadata",
            "scrape_pools",
            "alertmanagers",
            "rules",
            "alerts",
            "status/config",
            "status/flags",
            "status/buildinfo",
            "status/runtimeinfo",
            "status/tsdb",
            "read",
            "write");

    private final Map<String, Timing> timings = new ConcurrentHashMap<>();

    /** All requests to one handler. */
    private static final class Timing {
        private final Map<Integer, LongAdder> byCode = new ConcurrentHashMap<>();
        private final ClassicHistogram latency = new ClassicHistogram(BOUNDS);

        void add(int code, long tookNanos) {
            byCode.computeIfAbsent(code, c -> new LongAdder()).increment();
            latency.addNanos(tookNanos);
        }
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (OwnServer.isAskedByItself((HttpServletRequest) request)) {
            chain.doFilter(request, response);
            return;
        }
        long start = System.nanoTime();
        int code = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try {
            chain.doFilter(request, response);
            code = ((HttpServletResponse) response).getStatus();
        } finally {
            record(handler((HttpServletRequest) request), code, System.nanoTime() - start);
        }
    }

    void record(String handler, int code, long nanos) {
        timings.computeIfAbsent(handler, h -> new Timing()).add(code, nanos);
    }

    /** The whole path that was asked for, the prefixes of server and context included. */
    static String path(HttpServletRequest request) {
        // The server's own context path is that of --web.route-prefix together with that of the whiteboard's context.
        String info = request.getPathInfo();
        return request.getContextPath() + request.getServletPath() + (info == null ? "" : info);
    }

    private static String handler(HttpServletRequest request) {
        String path = path(request);
        int api = path.indexOf(API_PREFIX);
        return handler(api > 0 ? path.substring(api) : api == 0 ? path : request.getServletPath());
    }

    static String handler(String path) {
        if (PLAIN.contains(path)) {
            return path;
        }
        if (path.startsWith(LABEL_PREFIX) && path.endsWith("/values")) {
            return LABEL_PREFIX + ":name/values";
        }
        return path.startsWith(API_PREFIX) && API.contains(path.substring(API_PREFIX.length())) ? path : "/";
    }

    @Override
    public void collect(MetricSink sink) {
        sink.family("prometheus_http_requests_total", MetricType.COUNTER, "Counter of HTTP requests.");
        timings.forEach((handler, timing) -> timing.byCode.forEach((code, count) -> sink.sample(
                "prometheus_http_requests_total", (double) count.sum(), "handler", handler, "code", code.toString())));
        String name = "prometheus_http_request_duration_seconds";
        sink.family(name, MetricType.HISTOGRAM, "Histogram of latencies for HTTP requests.");
        timings.forEach((handler, timing) -> timing.latency.collect(sink, name, "handler", handler));
    }
}
