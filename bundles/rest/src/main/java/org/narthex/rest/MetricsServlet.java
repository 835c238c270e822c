package org.narthex.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.TextExposition;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /metrics}: what Narthex' own parts measure. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("metrics")
@HttpWhiteboardServletPattern("/metrics")
public final class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(MetricsServlet.class);
    private static final Set<ExpositionFormat> FORMATS = Set.copyOf(EnumSet.of(
            ExpositionFormat.TEXT,
            ExpositionFormat.OPEN_METRICS_0_0_1,
            ExpositionFormat.OPEN_METRICS_1_0_0,
            ExpositionFormat.PROTOBUF));

    @Reference(
            name = "exporters",
            target = "(" + Exporter.NAME + "=" + Exporter.SELF + ")",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    private transient volatile List<Exporter> exporters;

    /** Classes of exporters that failed last time, so that only a change is logged; by name, so that none is kept from unloading. */
    private final transient Set<String> failing = ConcurrentHashMap.newKeySet();

    @Activate
    public MetricsServlet() {
        this(List.of());
    }

    MetricsServlet(List<Exporter> exporters) {
        this.exporters = exporters;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Negotiation negotiation = Negotiation.of(request.getHeader("Accept"), FORMATS, NameEscaping.UNDERSCORES);
        MetricFamilies all = new MetricFamilies();
        for (Exporter exporter : exporters) {
            collect(exporter, all);
        }
        MetricFamilies families = all.escaped(negotiation.escaping());
        response.setContentType(negotiation.contentType());
        response.setHeader("Vary", "Accept, Accept-Encoding");
        if (AcceptEncoding.allowsGzip(request.getHeader("Accept-Encoding"))) {
            response.setHeader("Content-Encoding", "gzip");
            try (OutputStream out = new GZIPOutputStream(response.getOutputStream())) {
                write(families, negotiation.format(), out);
            }
        } else {
            write(families, negotiation.format(), response.getOutputStream());
        }
    }

    private static void write(MetricFamilies families, ExpositionFormat format, OutputStream out) throws IOException {
        switch (format) {
            case OPEN_METRICS_0_0_1, OPEN_METRICS_1_0_0 ->
                out.write(OpenMetricsText.of(families).getBytes(StandardCharsets.UTF_8));
            case PROTOBUF -> ProtobufFamilies.write(families, out);
            default -> {
                TextExposition text = new TextExposition();
                families.tell(text);
                text.writeTo(out);
            }
        }
    }

    /** Takes what the exporter measured, or nothing of it if it fails. */
    private void collect(Exporter exporter, MetricFamilies all) {
        String name = exporter.getClass().getName();
        MetricFamilies own = new MetricFamilies();
        try {
            exporter.collect(own);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (Exception | LinkageError e) {
            if (failing.add(name)) {
                LOG.warn("The metrics of {} are missing from /metrics", name, e);
            }
            return;
        }
        if (failing.remove(name)) {
            LOG.info("The metrics of {} are back in /metrics", name);
        }
        all.addAll(own);
    }
}
