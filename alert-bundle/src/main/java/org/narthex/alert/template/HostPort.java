package org.narthex.alert.template;

import java.util.Optional;

/** {@code host:port} or {@code [v6 address]:port}, taken apart as Go does. */
record HostPort(String host, String port) {
    static String stripPort(String text) {
        return split(text).map(HostPort::host).orElse(text);
    }

    /** The first word of a host name, with its port; addresses stay whole. */
    static String stripDomain(String text) {
        HostPort parts = split(text).orElse(new HostPort(text, ""));
        if (isAddress(parts.host)) {
            return text;
        }
        int dot = parts.host.indexOf('.');
        String first = dot < 0 ? parts.host : parts.host.substring(0, dot);
        return parts.port.isEmpty() ? first : (first.indexOf(':') >= 0 ? "[" + first + "]" : first) + ":" + parts.port;
    }

    private static Optional<HostPort> split(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close + 1 != colon) {
                return Optional.empty();
            }
            host = text.substring(1, close);
        } else if (host.indexOf(':') >= 0) {
            return Optional.empty();
        }
        String port = text.substring(colon + 1);
        boolean bracket = host.indexOf('[') >= 0 || host.indexOf(']') >= 0 || port.indexOf(']') >= 0;
        return bracket ? Optional.empty() : Optional.of(new HostPort(host, port));
    }

    private static boolean isAddress(String host) {
        if (host.indexOf(':') >= 0) {
            return host.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
        }
        String[] parts = host.split("\\.", -1);
        if (parts.length != 4) {
            return false;
        }
        for (String part : parts) {
            boolean digits =
                    !part.isEmpty() && part.length() < 4 && part.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!digits || Integer.parseInt(part) > 255) {
                return false;
            }
        }
        return true;
    }
}
