package org.narthex.rest;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.alert.Alertmanager;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/** Counts and times requests to Alertmanager's API under Alertmanager's names, and lets no more questions in at once than Alertmanager does. */
@Component(
        service = {Filter.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=" + RestWhiteboard.ALERTMANAGER_CONTEXT + ")")
public final class AlertmanagerRequests implements Filter, Exporter {
    private static final String PREFIX = "/api/v2/";
    private static final String SILENCE = PREFIX + "silence/";
    /** Upper bounds of the buckets, in seconds, as Alertmanager has them. */
    private static final double[] BOUNDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    /** The same for bytes. */
    private static final double[] SIZES = {100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};

    private static final int LEAST_LIMIT = 8;

    /** Requests to one handler. */
    private record Target(String handler, String method) {}

    /** Those with one outcome. */
    private record Outcome(Target target, int code) {}

    private final LiveServices services;
    private final int limit;
    private final AtomicInteger questions = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private final Map<Outcome, ClassicHistogram> timings = new ConcurrentHashMap<>();
    private final Map<Target, ClassicHistogram> sizes = new ConcurrentHashMap<>();

    @Activate
    public AlertmanagerRequests(BundleContext context, @Reference(name = "services") LiveServices services) {
        this(services, limit(new Flags(context::getProperty).integer(Flag.WEB_GET_CONCURRENCY)));
    }

    private static int limit(long given) {
        return given > 0
                ? (int) Math.min(given, Integer.MAX_VALUE)
                : Math.max(LEAST_LIMIT, Runtime.getRuntime().availableProcessors());
    }

    /** @param limit so many questions are answered at once */
    AlertmanagerRequests(LiveServices services, int limit) {
        this.services = services;
        this.limit = limit;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        String handler = handler(HttpMetrics.path(http));
        if (handler.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        boolean question = http.getMethod().equals("GET");
        CountedResponse counted = new CountedResponse((HttpServletResponse) response);
        long start = System.nanoTime();
        int code = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
        try {
            if (question && questions.incrementAndGet() > limit) {
                refused.increment();
                refuse(counted);
            } else {
                chain.doFilter(request, counted);
            }
            code = counted.getStatus();
        } finally {
            questions.addAndGet(question ? -1 : 0);
            Target target = new Target(handler, method(http.getMethod()));
            timings.computeIfAbsent(new Outcome(target, code), outcome -> new ClassicHistogram(BOUNDS))
                    .addNanos(System.nanoTime() - start);
            sizes.computeIfAbsent(target, of -> new ClassicHistogram(SIZES)).add((double) counted.bytes());
        }
    }

    private void refuse(HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("text/plain; charset=utf-8");
        response.getOutputStream()
                .print("Limit of concurrent GET requests reached (" + limit + "), try again later.\n");
    }

    /** The path as metrics name it, empty for one that is not of the API: a caller may invent as many as he likes. */
    static String handler(String path) {
        int api = path.indexOf(PREFIX);
        String below = api < 0 ? "" : path.substring(api);
        return switch (below) {
            case "/api/v2/alerts", "/api/v2/alerts/groups", "/api/v2/receivers", "/api/v2/silences", "/api/v2/status" ->
                below;
            default -> below.startsWith(SILENCE) ? SILENCE + "{silenceID}" : "";
        };
    }

    private static String method(String method) {
        return switch (method) {
            case "GET", "POST", "DELETE", "OPTIONS", "HEAD" -> method.toLowerCase(java.util.Locale.ROOT);
            default -> "unknown";
        };
    }

    @Override
    public void collect(MetricSink sink) {
        if (!services.alertmanager.get().map(Alertmanager::isOn).orElse(false)) {
            return;
        }
        sink.gauge(
                "alertmanager_http_requests_in_flight",
                "Current number of HTTP requests being processed.",
                questions.get(),
                "method",
                "get");
        sink.counter(
                "alertmanager_http_concurrency_limit_exceeded_total",
                "Total number of times an HTTP request failed because the concurrency limit was reached.",
                (double) refused.sum(),
                "method",
                "get");
        String name = "alertmanager_http_request_duration_seconds";
        sink.family(name, MetricType.HISTOGRAM, "Histogram of latencies for HTTP requests.");
        timings.forEach((outcome, latency) -> latency.collect(
                sink,
                name,
                "code",
                Integer.toString(outcome.code),
                "handler",
                outcome.target.handler,
                "method",
                outcome.target.method));
        String size = "alertmanager_http_response_size_bytes";
        sink.family(size, MetricType.HISTOGRAM, "Histogram of response size for HTTP requests.");
        sizes.forEach((target, bytes) -> bytes.collect(sink, size, "handler", target.handler, "method", target.method));
    }
}
