package org.narthex.probe;

import java.net.UnknownHostException;

/** A host, and a port where one is given, of an address such as {@code host:80} or {@code [::1]:80}. */
record HostPort(String host, int port) {
    private static final int MAX_PORT = 65_535;

    /** @param defaultPort 0 if there must be one */
    static HostPort parse(String address, int defaultPort) throws UnknownHostException {
        String host = address;
        int port = defaultPort;
        int colon = address.lastIndexOf(':');
        boolean bracketed = address.startsWith("[");
        // More than one colon and no bracket is an address of IPv6 by itself.
        boolean hasPort = bracketed ? address.contains("]:") : colon >= 0 && address.indexOf(':') == colon;
        if (hasPort) {
            host = address.substring(0, colon);
            port = port(address, address.substring(colon + 1));
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty() || port == 0) {
            throw new UnknownHostException(
                    "address " + address + ": " + (host.isEmpty() ? "missing host" : "missing port in address"));
        }
        return new HostPort(host, port);
    }

    private static int port(String address, String text) throws UnknownHostException {
        if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= MAX_PORT) {
            return Integer.parseInt(text);
        }
        throw new UnknownHostException("address " + address + ": \"" + text + "\" is no port");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
