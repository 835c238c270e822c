package org.narthex.rest;

import java.io.IOException;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code /version}: what is running, as JSON without the API's envelope. */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("version")
@HttpWhiteboardServletPattern("/version")
public final class VersionServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient BuildInfo info;

    @Activate
    public VersionServlet(BundleContext context) {
        this(BuildInfo.of(ApiApplication.version(context.getBundle().getVersion())));
    }

    VersionServlet(BuildInfo info) {
        this.info = info;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        JsonBytes json = new JsonBytes(new byte[1024], response.getOutputStream());
        String[] pairs = {
            "version", info.version(),
            "revision", info.revision(),
            "branch", info.branch(),
            "buildUser", info.buildUser(),
            "buildDate", info.buildDate(),
            "goVersion", info.goVersion()
        };
        for (int i = 0; i < pairs.length; i += 2) {
            json.ascii(i == 0 ? '{' : ',');
            json.string(pairs[i]);
            json.ascii(':');
            json.string(pairs[i + 1]);
        }
        json.ascii('}');
        json.flush();
    }
}
