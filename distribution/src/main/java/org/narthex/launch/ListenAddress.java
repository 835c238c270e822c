package org.narthex.launch;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * Where to listen, as {@code host:port}, {@code :port} or {@code [IPv6 address]:port}.
 *
 * @param host without brackets; empty for all addresses of the machine
 * @param port 0 for any free one
 */
record ListenAddress(String host, int port) {
    static ListenAddress parse(String text) throws StartException {
        int colon = text.lastIndexOf(':');
        int bracket = text.lastIndexOf(']');
        if (colon < 0 || colon < bracket) {
            throw invalid(text, "missing port in address");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw invalid(text, "too many colons in address; an IPv6 address stands in brackets");
        } else if (bracket >= 0 || host.indexOf('[') >= 0) {
            throw invalid(text, "unmatched bracket in address");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port >= 0 && port <= 65535) {
                return new ListenAddress(host, port);
            }
        } catch (NumberFormatException e) {
            // Told below, as a port out of range is.
        }
        throw invalid(text, "the port must be a number from 0 to 65535");
    }

    private static StartException invalid(String text, String reason) {
        return new StartException(CommandLine.BAD_VALUE, "--web.listen-address: \"" + text + "\": " + reason);
    }

    /** Binds the address and lets it go again, since only here a refusal can be told in one line before anything is started. */
    void check() throws StartException {
        try (ServerSocket socket = new ServerSocket()) {
            // A port whose last connections linger is free for a server; the web server sees it so too.
            socket.setReuseAddress(true);
            socket.bind(
                    isAny() ? new InetSocketAddress(port) : new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException e) {
            throw new StartException(CommandLine.USAGE, "cannot listen on " + this + ": unknown host");
        } catch (BindException e) {
            throw new StartException(CommandLine.USAGE, "cannot listen on " + this + ": " + plain(e));
        } catch (java.io.IOException e) {
            throw new StartException(CommandLine.USAGE, "cannot listen on " + this + ": " + e.getMessage());
        }
    }

    private static String plain(BindException e) {
        String message = String.valueOf(e.getMessage());
        int detail = message.indexOf(" (");
        return (detail < 0 ? message : message.substring(0, detail)).toLowerCase(Locale.ROOT);
    }

    boolean isAny() {
        return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
    }

    /** A host by which this machine reaches the address. */
    String reachableHost() {
        return isAny() ? "localhost" : host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
