package org.narthex.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPOutputStream;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code query} and {@code query_range}. They are asked most by far, by dashboards in dozens at once, so they do without what Jersey does for a
 * request, which takes longer than a small query itself. What {@link ApiFilter} and {@link ApiErrors} do for the others is done here.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("query")
@HttpWhiteboardServletPattern({QueryServlet.QUERY, QueryServlet.QUERY_RANGE})
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=" + RestWhiteboard.OWN_CONTEXT + ")")
public final class QueryServlet extends HttpServlet {
    static final String QUERY = "/query";
    static final String QUERY_RANGE = "/query_range";

    private static final Logger LOG = LoggerFactory.getLogger(QueryServlet.class);
    private static final long serialVersionUID = 1L;
    private static final String JSON = "application/json";
    private static final int GZIP_BUFFER_BYTES = 8192;

    private final transient QueryEvaluation queries;
    private final transient Readiness readiness;
    private final transient Cors cors;
    private final transient JsonBuffers buffers = new JsonBuffers();
    private final transient WarmUp warmUp;
    private final transient HungUpClients hungUp = new HungUpClients(Path.of("/proc/net"));

    @Activate
    public QueryServlet(
            BundleContext context,
            @Reference(name = "services") LiveServices services,
            @Reference(name = "readiness") Readiness readiness) {
        this(services, readiness, new Flags(context::getProperty), Clock.systemUTC(), new OwnServer(context));
        hungUp.start();
        if (new Flags(context::getProperty).isOn(Flag.QUERY_WARM_UP)) {
            warmUp.start();
        }
    }

    QueryServlet(
            LiveServices services, Readiness readiness, Flags flags, InstantSource clock, WarmUp.Question ownServer) {
        this.queries = new QueryEvaluation(services, clock);
        this.readiness = readiness;
        this.cors = new Cors(flags.text(Flag.WEB_CORS_ORIGIN), Cors.READ_AND_POST);
        this.warmUp = new WarmUp(ownServer, services, clock);
    }

    @Deactivate
    void deactivate() {
        warmUp.close();
        hungUp.close();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Vary", "Origin");
        cors.allow(request.getHeader("Origin"), response::setHeader);
        String method = request.getMethod();
        if (method.equals("OPTIONS")) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        } else if (!readiness.wasReady()) {
            ApiFallbackServlet.answer(request, response);
        } else if (method.equals("GET") || method.equals("POST") || method.equals("HEAD")) {
            answer(request, response);
        } else {
            response.setHeader("Allow", "GET, POST, OPTIONS");
            send(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, ErrorType.BAD_DATA, "Method Not Allowed");
        }
    }

    private void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean own = OwnServer.isAskedByItself(request);
        if (!own) {
            warmUp.asked();
        }
        StreamedAnswer answer;
        AtomicBoolean canceled = new AtomicBoolean();
        try (HungUpClients.Waiting unused = hungUp.watch(request, canceled)) {
            ApiParameters parameters =
                    ApiParameters.of(request.getQueryString(), request.getContentType(), request.getInputStream());
            boolean isRange = request.getServletPath().equals(QUERY_RANGE);
            answer = queries.answer(parameters, isRange, own ? WarmUp.ORIGIN : origin(request), canceled);
        } catch (ApiException e) {
            if (e.type() == ErrorType.UNAVAILABLE) {
                response.setHeader("Retry-After", "1");
            } else if (e.type() == ErrorType.INTERNAL) {
                LOG.error("A query failed: {}", e.getMessage(), e);
            }
            send(response, e.type().status(), e.type(), e.getMessage());
            return;
        } catch (RuntimeException e) {
            LOG.error("A query failed unexpectedly", e);
            send(response, ErrorType.INTERNAL.status(), ErrorType.INTERNAL, e.toString());
            return;
        }
        try {
            write(request, response, answer);
        } catch (IOException e) {
            // The answer was there before it was written: all that can fail here is the way to the client.
            LOG.debug("A client went away before its answer was complete", e);
        }
    }

    /** Who asks, for the query log. */
    private static Map<String, String> origin(HttpServletRequest request) {
        return Map.of(
                "httpRequest.clientIP", request.getRemoteAddr(),
                "httpRequest.method", request.getMethod(),
                "httpRequest.path", request.getRequestURI());
    }

    private void write(HttpServletRequest request, HttpServletResponse response, StreamedAnswer answer)
            throws IOException {
        response.setContentType(JSON);
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        if (!AcceptEncoding.allowsGzip(request.getHeader("Accept-Encoding"))) {
            buffers.write(answer, response.getOutputStream());
            return;
        }
        response.setHeader("Vary", "Origin, Accept-Encoding");
        response.setHeader("Content-Encoding", "gzip");
        try (OutputStream out = new GZIPOutputStream(response.getOutputStream(), GZIP_BUFFER_BYTES)) {
            buffers.write(answer, out);
        }
    }

    private static void send(HttpServletResponse response, int status, ErrorType type, String message)
            throws IOException {
        response.setStatus(status);
        response.setContentType(JSON);
        response.getOutputStream().write(ApiErrors.body(type, message));
    }
}
