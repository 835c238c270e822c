package org.narthex.console;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.servlet.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * Serves the console's files from this bundle. It is the default servlet of its context, so that every servlet with a
 * pattern of its own, the API's above all, goes before it; what is neither a page nor a file is answered with 404.
 */
@Component(service = Servlet.class)
@HttpWhiteboardServletName("console")
@HttpWhiteboardServletPattern("/")
public final class ConsoleServlet extends HttpServlet {
    /** Framework property: path the server has for browsers, as {@code --web.external-url} tells it; default {@code /}. */
    static final String EXTERNAL_PATH = "narthex.web.external-path";

    private static final long serialVersionUID = 1L;

    /** Paths the single page shows itself; the names in web/src/App.tsx must be the same. */
    private static final Set<String> PAGES = Set.of("", "/", "/query", "/graph", "/alerts", "/rules", "/targets");

    /** Only plain names in these places are looked up at all, so no path can lead out of them. */
    private static final Pattern FILE =
            Pattern.compile("/(?:assets/[A-Za-z0-9_-][A-Za-z0-9_.-]*|favicon|licenses)\\.(?<extension>js|css|svg|txt)");

    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    /** The editor and the components put style elements into the page; scripts come from files alone. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'self'";

    private final transient Function<String, URL> files;
    private final transient IndexPage index;

    @Activate
    public ConsoleServlet(BundleContext context) throws IOException {
        this(path -> context.getBundle().getEntry("static" + path), context.getProperty(EXTERNAL_PATH));
    }

    /**
     * @param files finds a file by its path such as {@code /index.html}; null if there is none
     * @param externalPath path of the server as browsers see it; null is {@code /}
     */
    ConsoleServlet(Function<String, URL> files, String externalPath) throws IOException {
        this.files = files;
        URL page = files.apply("/index.html");
        if (page == null) {
            throw new IOException("static/index.html is missing from the console bundle");
        }
        try (InputStream in = page.openStream()) {
            this.index = IndexPage.of(in.readAllBytes(), externalPath == null ? "/" : externalPath);
        }
    }

    /** HEAD comes here too: {@link HttpServlet} passes it on, and the body is left out below. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String path = path(request);
        response.setHeader("X-Content-Type-Options", "nosniff");
        Matcher file = FILE.matcher(path);
        if (PAGES.contains(path)) {
            sendIndex(request, response);
        } else if (!file.matches() || !sendFile(path, file.group("extension"), request, response)) {
            notFound(request, response);
        }
    }

    /** A default servlet sees the whole path as servlet path, one with a wildcard sees it as path info. */
    private static String path(HttpServletRequest request) {
        String info = request.getPathInfo();
        return info == null ? request.getServletPath() : request.getServletPath() + info;
    }

    private void sendIndex(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("ETag", index.etag());
        if (index.isKnownTo(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        send("text/html; charset=utf-8", index.html(), request, response);
    }

    private boolean sendFile(String path, String extension, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        URL compressed = files.apply(path + ".gz");
        URL chosen = files.apply(path);
        if (chosen == null) {
            return false;
        }
        // A file under assets carries a hash of its content in its name, so it never changes.
        boolean hashed = path.startsWith("/assets/");
        response.setHeader("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "public, max-age=3600");
        response.setContentType(CONTENT_TYPES.get(extension));
        if (compressed != null) {
            response.setHeader("Vary", "Accept-Encoding");
            if (AcceptEncoding.allowsGzip(request.getHeader("Accept-Encoding"))) {
                response.setHeader("Content-Encoding", "gzip");
                chosen = compressed;
            }
        }
        URLConnection connection = chosen.openConnection();
        try (InputStream in = connection.getInputStream()) {
            long length = connection.getContentLengthLong();
            if (length >= 0) {
                response.setContentLengthLong(length);
            }
            if (!isHead(request)) {
                in.transferTo(response.getOutputStream());
            }
        }
        return true;
    }

    private static void notFound(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setStatus(HttpServletResponse.SC_NOT_FOUND);
        send("text/plain; charset=utf-8", "404 page not found\n".getBytes(StandardCharsets.UTF_8), request, response);
    }

    private static void send(String type, byte[] body, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setContentType(type);
        response.setContentLength(body.length);
        if (!isHead(request)) {
            response.getOutputStream().write(body);
        }
    }

    private static boolean isHead(HttpServletRequest request) {
        return "HEAD".equals(request.getMethod());
    }
}
