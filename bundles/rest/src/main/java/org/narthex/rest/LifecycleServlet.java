package org.narthex.rest;

import java.io.IOException;
import java.util.Optional;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigSource;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.config.Host;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code /-/reload} and {@code /-/quit}, only with {@code --web.enable-lifecycle}. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("lifecycle")
@HttpWhiteboardServletPattern({LifecycleServlet.RELOAD, LifecycleServlet.QUIT})
public final class LifecycleServlet extends HttpServlet {
    static final String RELOAD = "/-/reload";
    static final String QUIT = "/-/quit";

    private static final long serialVersionUID = 1L;

    private final transient LiveServices services;
    private final boolean enabled;

    @Activate
    public LifecycleServlet(BundleContext context, @Reference(name = "services") LiveServices services) {
        this(services, new Flags(context::getProperty).isOn(Flag.WEB_ENABLE_LIFECYCLE));
    }

    LifecycleServlet(LiveServices services, boolean enabled) {
        this.services = services;
        this.enabled = enabled;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String method = request.getMethod();
        if (!method.equals("POST") && !method.equals("PUT")) {
            PlainText.methodNotAllowed(request, response, "POST, PUT");
        } else if (!enabled) {
            PlainText.send(request, response, HttpServletResponse.SC_FORBIDDEN, "Lifecycle API is not enabled.");
        } else if (request.getServletPath().equals(RELOAD)) {
            reload(request, response);
        } else {
            quit(request, response);
        }
    }

    private void reload(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<ConfigSource> source = services.configSource.get();
        if (source.isEmpty()) {
            unavailable(request, response);
            return;
        }
        try {
            source.get().reload();
            response.setStatus(HttpServletResponse.SC_OK);
        } catch (ConfigException e) {
            PlainText.send(
                    request,
                    response,
                    HttpServletResponse.SC_INTERNAL_SERVER_ERROR,
                    "failed to reload config: " + e.getMessage());
        }
    }

    private void quit(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Host> host = services.host.get();
        if (host.isEmpty()) {
            unavailable(request, response);
            return;
        }
        PlainText.send(request, response, HttpServletResponse.SC_OK, "Requesting termination... Goodbye!");
        response.flushBuffer();
        host.get().quit();
    }

    private static void unavailable(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Retry-After", "1");
        PlainText.send(request, response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, ApiFallbackServlet.UNAVAILABLE);
    }
}
