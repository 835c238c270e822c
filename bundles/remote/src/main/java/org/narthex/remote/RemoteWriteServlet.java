package org.narthex.remote;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.storage.Storage;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /api/v1/write}, only with {@code --web.enable-remote-write-receiver}. */
@Component(
        service = {Servlet.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
@HttpWhiteboardServletName("remote-write")
@HttpWhiteboardServletPattern("/*")
@HttpWhiteboardContextSelect(RemoteWriteContext.SELECT)
public final class RemoteWriteServlet extends HttpServlet implements Exporter {
    /** The most bytes a request may have, compressed. */
    static final int MAX_BODY = 32 << 20;

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(RemoteWriteServlet.class);
    private static final String RETRY_SECONDS = "1";

    private final boolean enabled;
    private final transient List<String> accepted;
    private final transient ReceiverMetrics metrics = new ReceiverMetrics();
    private final transient Receiver receiver = new Receiver(Clock.systemUTC(), new SecureRandom(), metrics);
    private final transient RequestBody.Pool bodies = new RequestBody.Pool();
    /** So that a storage that refuses is reported once, not for each request. */
    private volatile boolean refused;

    @Activate
    public RemoteWriteServlet(BundleContext context) {
        this(new Flags(context::getProperty));
    }

    RemoteWriteServlet(Flags flags) {
        enabled = flags.isOn(Flag.WEB_ENABLE_REMOTE_WRITE_RECEIVER);
        accepted = flags.list(Flag.WEB_ACCEPTED_MESSAGES);
    }

    @Reference(
            name = "storage",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setStorage(Storage storage) {
        receiver.setStorage(storage);
    }

    void unsetStorage(Storage storage) {
        receiver.unsetStorage(storage);
    }

    @Override
    public void collect(MetricSink sink) {
        metrics.collect(sink, receiver.knownSeries());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String info = request.getPathInfo();
        if (info != null && !info.isEmpty() && !info.equals("/")) {
            send(response, HttpServletResponse.SC_NOT_FOUND, "404 page not found");
        } else if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            send(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Method Not Allowed");
        } else if (!enabled) {
            send(
                    response,
                    HttpServletResponse.SC_NOT_FOUND,
                    "remote write receiver needs to be enabled with --web.enable-remote-write-receiver");
        } else {
            receive(request, response);
        }
    }

    private void receive(HttpServletRequest request, HttpServletResponse response) throws IOException {
        ContentKind kind;
        try {
            kind = ContentKind.of(request.getContentType(), request.getHeader("Content-Encoding"), accepted);
        } catch (BadRequestException e) {
            metrics.unreadable();
            send(response, HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE, e.getMessage());
            return;
        }
        RequestBody body = bodies.take();
        if (body.read(request.getInputStream(), request.getContentLengthLong(), MAX_BODY)) {
            metrics.received(body.length());
            receive(kind, body, response);
        } else {
            metrics.unreadable();
            // What is left of the body is not worth reading.
            response.setHeader("Connection", "close");
            send(
                    response,
                    HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                    "the request has more than " + MAX_BODY + " bytes");
        }
        // Not after an exception: somebody might still write to it.
        bodies.giveBack(body);
    }

    private void receive(ContentKind kind, RequestBody body, HttpServletResponse response) throws IOException {
        Receiver.Outcome outcome = new Receiver.Outcome(0, 0, 0, "");
        int status;
        String text = "";
        try {
            outcome = receiver.receive(kind == ContentKind.VERSION_2, body.bytes(), body.length());
            text = outcome.errors();
            status = text.isEmpty() ? HttpServletResponse.SC_NO_CONTENT : HttpServletResponse.SC_BAD_REQUEST;
            took();
        } catch (BadRequestException e) {
            metrics.unreadable();
            status = HttpServletResponse.SC_BAD_REQUEST;
            text = e.getMessage();
        } catch (IOException e) {
            metrics.unavailable();
            refused(e);
            response.setHeader("Retry-After", RETRY_SECONDS);
            status = HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            text = String.valueOf(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A remote write request failed", e);
            status = HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
            text = "internal error: " + e;
        }
        if (kind == ContentKind.VERSION_2) {
            String prefix = "X-Prometheus-Remote-Write-";
            response.setHeader(prefix + "Samples-Written", Integer.toString(outcome.samples()));
            response.setHeader(prefix + "Histograms-Written", Integer.toString(outcome.histograms()));
            response.setHeader(prefix + "Exemplars-Written", Integer.toString(outcome.exemplars()));
        }
        if (status == HttpServletResponse.SC_NO_CONTENT) {
            response.setStatus(status);
        } else {
            send(response, status, text);
        }
    }

    private void refused(IOException e) {
        if (!refused) {
            refused = true;
            LOG.warn("Remote write requests are answered with 503: {}", e.getMessage());
        }
    }

    private void took() {
        if (refused) {
            refused = false;
            LOG.info("Remote write requests are taken again");
        }
    }

    private static void send(HttpServletResponse response, int status, String text) throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType("text/plain; charset=utf-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
