package org.narthex.rest;

import java.io.IOException;
import java.util.List;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code /-/healthy}: the process answers; {@code /-/ready}: it can do its work, or what it waits for, one part to a line. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("health")
@HttpWhiteboardServletPattern({HealthServlet.HEALTHY, HealthServlet.READY})
public final class HealthServlet extends HttpServlet {
    static final String HEALTHY = "/-/healthy";
    static final String READY = "/-/ready";

    private static final long serialVersionUID = 1L;

    private final transient Readiness readiness;

    @Activate
    public HealthServlet(@Reference(name = "readiness") Readiness readiness) {
        this.readiness = readiness;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            PlainText.methodNotAllowed(request, response, "GET, HEAD");
        } else if (request.getServletPath().equals(HEALTHY)) {
            PlainText.send(request, response, HttpServletResponse.SC_OK, "Narthex Server is Healthy.");
        } else {
            ready(request, response);
        }
    }

    private void ready(HttpServletRequest request, HttpServletResponse response) throws IOException {
        List<String> missing = readiness.missing();
        if (missing.isEmpty()) {
            PlainText.send(request, response, HttpServletResponse.SC_OK, "Narthex Server is Ready.");
        } else {
            response.setHeader(ApiFallbackServlet.STOPPING_HEADER, "false");
            PlainText.send(
                    request,
                    response,
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    ApiFallbackServlet.UNAVAILABLE + "\n" + String.join("\n", missing));
        }
    }
}
