package org.narthex.rest;

import java.io.IOException;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Answers for the API as long as its application is not there. Once that is mounted, its servlet context has the longer path and is asked
 * first.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("api-fallback")
@HttpWhiteboardServletPattern("/api/v1/*")
public final class ApiFallbackServlet extends HttpServlet {
    static final String STOPPING_HEADER = "X-Prometheus-Stopping";
    static final String UNAVAILABLE = "Service Unavailable";

    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(request, response);
    }

    /** What is answered as long as there is nothing else to answer. */
    static void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader(STOPPING_HEADER, "false");
        response.setHeader("Retry-After", "1");
        PlainText.send(request, response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, UNAVAILABLE);
    }
}
