package org.narthex.push;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.ExpositionReader;
import org.narthex.api.scrape.MetricSink;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * The Pushgateway's API: all of it below {@code /push}, which clients take as the gateway's address, and pushing itself at {@code /metrics/job} too.
 *
 * <p>Nothing is made before the first request, unless there are groups from before: a server that nobody pushes to has no target for it.
 */
@Component(
        service = {Servlet.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
@HttpWhiteboardServletName("push")
@HttpWhiteboardServletPattern({"/push/*", "/metrics/job/*", "/metrics/job@base64/*"})
public final class PushServlet extends HttpServlet implements Exporter {
    private static final long serialVersionUID = 1L;

    private static final String BASE = "/push";
    private static final String TARGET = "pushgateway";

    private final transient BundleContext context;
    private final transient Clock clock = Clock.systemUTC();
    private final transient Flags flags;
    private final transient Path file;
    private final transient RequestCounters counters = new RequestCounters();
    private final transient Instant startedAt = clock.instant();

    @Reference(
            name = "reader",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private transient volatile ExpositionReader reader;

    /** All three null before anything is needed; guarded by this. */
    private transient PushGateway gateway;

    private transient PushRequests requests;
    private transient ServiceRegistration<Exporter> target;
    private transient boolean stopped;

    @Activate
    public PushServlet(BundleContext context) {
        this.context = context;
        flags = new Flags(context::getProperty);
        file = Path.of(flags.text(Flag.STORAGE_PATH)).resolve("narthex").resolve("push.groups");
        if (Files.exists(file)) {
            requests();
        }
    }

    @Deactivate
    synchronized void stop() {
        stopped = true;
        if (gateway != null) {
            target.unregister();
            gateway.close();
        }
    }

    private synchronized PushRequests requests() {
        if (requests == null && !stopped) {
            ScheduledThreadPoolExecutor writer =
                    new ScheduledThreadPoolExecutor(1, work -> new Thread(work, "narthex-push-writer"));
            PushGateway made =
                    new PushGateway(new GroupFile(file), flags.durationMs(Flag.PUSH_GROUP_TTL), clock, writer);
            Map<String, String> build =
                    Map.of("version", context.getBundle().getVersion().toString());
            requests = new PushRequests(made, () -> reader, counters, flags, build, startedAt);
            gateway = made;
            Exporter groups = sink -> GroupExposition.write(made.groups(), sink);
            target = context.registerService(
                    Exporter.class,
                    groups,
                    FrameworkUtil.asDictionary(Map.of(Exporter.NAME, TARGET, Exporter.HONOR_LABELS, true)));
        }
        return requests;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        PushRequests answering = requests();
        if (answering == null) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "stopping");
            return;
        }
        // Not the path the container decoded: an encoded slash belongs to a label's value.
        String path = request.getRequestURI().substring(request.getContextPath().length());
        PushRequests.Answer answer = answering.answer(
                PushRequest.of(request, path.startsWith(BASE + "/") ? path.substring(BASE.length()) : path));
        response.setStatus(answer.status());
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        if (body.length > 0) {
            response.setContentType(answer.contentType());
            response.setHeader("X-Content-Type-Options", "nosniff");
        }
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    @Override
    public void collect(MetricSink sink) {
        counters.collect(sink);
    }
}
