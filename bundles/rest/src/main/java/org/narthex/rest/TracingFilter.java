package org.narthex.rest;

import java.io.IOException;
import java.util.Optional;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.trace.Span;
import org.narthex.api.trace.Tracer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardFilterPattern;

/** Makes each request a span, of the caller's trace if it says so. There only while traces are wanted. */
@Component(service = Filter.class)
@HttpWhiteboardFilterPattern("/*")
@HttpWhiteboardContextSelect("(osgi.http.whiteboard.context.name=*)")
public final class TracingFilter implements Filter {
    /** The place of requests of our own, none of whose parts is to be taken down either. */
    private static final String NOT_SAMPLED = "00-00000000000000000000000000000001-0000000000000001-00";

    private final Tracer tracer;

    @Activate
    public TracingFilter(@Reference(name = "tracer") Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest http = (HttpServletRequest) request;
        String name = http.getMethod() + " " + http.getRequestURI();
        Optional<String> traceparent = OwnServer.isAskedByItself(http)
                ? Optional.of(NOT_SAMPLED)
                : Optional.ofNullable(http.getHeader("traceparent"));
        try (Span span = tracer.begin(name, Span.Kind.SERVER, traceparent)) {
            span.set("http.request.method", http.getMethod()).set("url.path", http.getRequestURI());
            try (Span.Scope unused = span.enter()) {
                chain.doFilter(request, response);
                int status = ((HttpServletResponse) response).getStatus();
                span.set("http.response.status_code", status);
                if (status >= HttpServletResponse.SC_INTERNAL_SERVER_ERROR) {
                    span.fail("");
                }
            } catch (IOException | ServletException | RuntimeException e) {
                span.fail(e.toString());
                throw e;
            }
        }
    }
}
