package org.narthex.http.client.plain;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where connections lead to. */
public record Endpoint(String host, int port, Optional<Path> unixSocket) {
    /** Over a Unix socket, whatever host the URL names. */
    public static Endpoint of(Path unixSocket) {
        return new Endpoint("", 0, Optional.of(unixSocket));
    }

    /** Over the network. */
    public static Endpoint of(URI uri) {
        String host = uri.getHost();
        boolean literal = host.startsWith("[");
        return new Endpoint(
                literal ? host.substring(1, host.length() - 1) : host,
                uri.getPort() < 0 ? 80 : uri.getPort(),
                Optional.empty());
    }

    // Written out: connections are looked up for each request, and what a record brings takes a hundred times as long
    // until it is compiled.

    @Override
    public int hashCode() {
        return (31 * host.hashCode() + port) ^ unixSocket.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Endpoint that
                && port == that.port
                && host.equals(that.host)
                && unixSocket.equals(that.unixSocket);
    }
}
