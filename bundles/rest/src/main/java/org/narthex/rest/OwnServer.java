package org.narthex.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;

import jakarta.servlet.http.HttpServletRequest;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Requests to our own web server's API, which are to be in no statistics. */
final class OwnServer implements WarmUp.Question {
    private static final String HTTP_RUNTIME = "org.osgi.service.servlet.runtime.HttpServiceRuntime";
    private static final String USER_AGENT = "User-Agent";
    private static final String OWN_AGENT = "Narthex warm-up";
    private static final int TIMEOUT_MS = 30_000;

    private final BundleContext context;

    OwnServer(BundleContext context) {
        this.context = context;
    }

    /** Whether a request is one of these. */
    static boolean isAskedByItself(HttpServletRequest request) {
        return OWN_AGENT.equals(request.getHeader(USER_AGENT));
    }

    /**
     * Asks, and drops the answer.
     *
     * @throws IOException if there is no answer of status 200, or the server does not listen for plain HTTP
     */
    @Override
    public void ask(String path) throws IOException {
        URI uri = URI.create(endpoint() + RestWhiteboard.ROOT + ApiApplication.BASE + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        connection.setRequestProperty(USER_AGENT, OWN_AGENT);
        // As clients that are not browsers do.
        connection.setRequestProperty("Connection", "close");
        try (InputStream body = connection.getInputStream()) {
            body.transferTo(OutputStream.nullOutputStream());
        } finally {
            connection.disconnect();
        }
    }

    /** The root of a server without TLS, without a slash at its end. */
    private String endpoint() throws IOException {
        ServiceReference<?> runtime = context.getServiceReference(HTTP_RUNTIME);
        if (runtime != null && runtime.getProperty("osgi.http.endpoint") instanceof String[] endpoints) {
            for (String endpoint : endpoints) {
                if (endpoint.startsWith("http://")) {
                    return endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
                }
            }
        }
        throw new IOException("the server does not listen for plain HTTP");
    }
}
