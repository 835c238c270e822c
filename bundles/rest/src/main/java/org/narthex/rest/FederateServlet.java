package org.narthex.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.InstantSource;
import java.util.List;
import java.util.zip.GZIPOutputStream;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.scrape.TextExposition;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code /federate}: the newest samples of the selected series, to be scraped by another server. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("federate")
@HttpWhiteboardServletPattern(FederateServlet.PATH)
public final class FederateServlet extends HttpServlet {
    static final String PATH = "/federate";

    private static final long serialVersionUID = 1L;

    private final transient LiveServices services;
    private final transient Readiness readiness;
    private final transient InstantSource clock;
    private final long lookbackMs;

    @Activate
    public FederateServlet(
            BundleContext context,
            @Reference(name = "services") LiveServices services,
            @Reference(name = "readiness") Readiness readiness) {
        this(services, readiness, new Flags(context::getProperty).durationMs(Flag.QUERY_LOOKBACK), Clock.systemUTC());
    }

    FederateServlet(LiveServices services, Readiness readiness, long lookbackMs, InstantSource clock) {
        this.services = services;
        this.readiness = readiness;
        this.lookbackMs = lookbackMs;
        this.clock = clock;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!readiness.wasReady()) {
            response.setHeader(ApiFallbackServlet.STOPPING_HEADER, "false");
            PlainText.send(
                    request, response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, ApiFallbackServlet.UNAVAILABLE);
            return;
        }
        Negotiation negotiation = Negotiation.ofText(request.getHeader("Accept"));
        TextExposition samples;
        try {
            samples = samples(negotiation.escaping(), ApiParameters.of(request.getQueryString()));
        } catch (ApiException e) {
            PlainText.send(request, response, e.type().status(), e.getMessage());
            return;
        }
        response.setContentType(negotiation.contentType());
        response.setHeader("Vary", "Accept, Accept-Encoding");
        if (AcceptEncoding.allowsGzip(request.getHeader("Accept-Encoding"))) {
            response.setHeader("Content-Encoding", "gzip");
            try (OutputStream out = new GZIPOutputStream(response.getOutputStream())) {
                samples.writeTo(out);
            }
        } else {
            samples.writeTo(response.getOutputStream());
        }
    }

    private TextExposition samples(NameEscaping escaping, ApiParameters parameters) {
        List<List<Matcher>> selectors = SeriesResource.selectors(services, parameters);
        Labels external = services.configSource.required().current().global().externalLabels();
        try {
            return new Federation(clock.millis(), lookbackMs, external, escaping)
                    .of(services.storage.required(), selectors);
        } catch (IOException e) {
            throw ApiException.of(e);
        }
    }
}
