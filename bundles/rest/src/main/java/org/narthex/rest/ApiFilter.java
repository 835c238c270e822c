package org.narthex.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes for every request of the API: not before the server is ready, {@code OPTIONS}, CORS headers, compression. */
@Provider
@PreMatching
public final class ApiFilter implements ContainerRequestFilter, ContainerResponseFilter, WriterInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ApiFilter.class);

    private static final String GZIP = "gzip";
    private static final int NO_CONTENT = 204;
    private static final int BUFFER_BYTES = 8192;

    private final Readiness readiness;
    private final Cors cors;

    ApiFilter(Readiness readiness, Cors cors) {
        this.readiness = readiness;
        this.cors = cors;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        // Answers are JSON whatever is asked for, as clients of Prometheus' API know it.
        request.getHeaders().putSingle(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON);
        if (request.getMethod().equals("OPTIONS")) {
            request.abortWith(Response.noContent().build());
        } else if (!readiness.wasReady() && !answersAlways(request.getUriInfo().getPath())) {
            request.abortWith(Response.status(Response.Status.SERVICE_UNAVAILABLE)
                    .header(ApiFallbackServlet.STOPPING_HEADER, "false")
                    .header(HttpHeaders.RETRY_AFTER, 1)
                    .type(MediaType.TEXT_PLAIN)
                    .entity(ApiFallbackServlet.UNAVAILABLE)
                    .build());
        }
    }

    /** What shows how the start goes on, and needs nothing that may still be missing, can be asked at once. */
    private static boolean answersAlways(String path) {
        return path.startsWith("status/") || path.equals("targets") || path.equals("scrape_pools");
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) throws IOException {
        MultivaluedMap<String, Object> headers = response.getHeaders();
        headers.add(HttpHeaders.VARY, "Origin");
        cors.allow(request.getHeaderString("Origin"), headers::putSingle);
        if (response.hasEntity()
                && response.getStatus() != NO_CONTENT
                && AcceptEncoding.allowsGzip(request.getHeaderString(HttpHeaders.ACCEPT_ENCODING))) {
            headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
            headers.putSingle(HttpHeaders.CONTENT_ENCODING, GZIP);
        }
    }

    @Override
    public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
        try {
            write(context);
        } catch (IOException e) {
            // Answers are made before they are written: all that can fail here is the way to the client.
            LOG.debug("A client went away before its answer was complete", e);
        }
    }

    /** The filter above has said whether to compress; only here may bytes be written, and the GZIP stream begins with some. */
    private static void write(WriterInterceptorContext context) throws IOException {
        if (!GZIP.equals(context.getHeaders().getFirst(HttpHeaders.CONTENT_ENCODING))) {
            context.proceed();
            return;
        }
        Gzip compressed = new Gzip(context.getOutputStream());
        context.setOutputStream(compressed);
        context.proceed();
        compressed.finish();
    }

    /** Jersey closes it in any case: then there is nothing to finish any more, or no way to. */
    private static final class Gzip extends GZIPOutputStream {
        Gzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
        }

        @Override
        public void close() throws IOException {
            def.end();
            out.close();
        }
    }
}
