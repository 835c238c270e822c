package org.narthex.probe;

import java.net.InetSocketAddress;

/**
 * The way to a server.
 *
 * @param first whom to connect to: the server, or the proxy before it
 * @param server whom a proxy is asked for
 * @param resolveSeconds how long it took to find
 */
record HttpRoute(InetSocketAddress first, boolean throughProxy, HostPort server, double resolveSeconds) {
    private static final int HTTP_PORT = 80;

    /** What stands in the first line of a request of HTTP/1.1 in plain text. */
    String target(HttpQuestion question) {
        String authority = server.toString();
        if (server.port() == HTTP_PORT) {
            authority = authority.substring(0, authority.lastIndexOf(':'));
        }
        return throughProxy
                ? "http://" + authority + question.url().path()
                : question.url().path();
    }
}
