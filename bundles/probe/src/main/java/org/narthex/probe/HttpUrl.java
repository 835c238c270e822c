package org.narthex.probe;

import java.io.IOException;
import java.net.IDN;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.http.UrlHost;

/**
 * A URL as people write it: hosts may have underscores or letters of any language, and what may not stand in paths and queries is written by its code.
 * {@link URI} knows no such hosts.
 *
 * @param userInfo what stands before the host, as it is written; empty for nothing
 * @param host without brackets
 * @param authority host and, where it is written, port
 * @param path path and query, from the slash on
 */
record HttpUrl(String scheme, String userInfo, String host, int port, String authority, String path) {
    private static final Pattern URL = Pattern.compile("(?i:(https?))://([^/?#]*)([^?#]*)(\\?[^#]*)?(#.*)?");
    private static final Pattern OTHER_SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
    private static final Pattern NO_HOST = Pattern.compile("[\\s\"<>\\\\^`{|}@]");
    /** Characters that are written by their code. */
    private static final String FORBIDDEN = "\"<>\\^`{|}";

    private static final String HTTPS = "https";

    /** @throws IOException the text is no URL of HTTP */
    static HttpUrl parse(String text) throws IOException {
        Matcher parts = URL.matcher(text);
        if (!parts.matches()) {
            throw new IOException("could not parse target URL " + text);
        }
        String scheme = parts.group(1).toLowerCase(Locale.ROOT);
        int at = parts.group(2).lastIndexOf('@');
        String authority = parts.group(2).substring(at + 1);
        HostPort server;
        try {
            server = HostPort.parse(ascii(authority), scheme.equals(HTTPS) ? 443 : 80);
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("could not parse target URL " + text + ": " + e.getMessage(), e);
        }
        if (NO_HOST.matcher(authority).find()) {
            throw new IOException("could not parse target URL " + text + ": \"" + authority + "\" is no host");
        }
        String path = escaped(parts.group(3));
        String query = parts.group(4) == null ? "" : escaped(parts.group(4));
        return new HttpUrl(
                scheme,
                at < 0 ? "" : parts.group(2).substring(0, at),
                server.host(),
                server.port(),
                ascii(authority),
                (path.isEmpty() ? "/" : path) + query);
    }

    private static String ascii(String authority) {
        return authority.chars().allMatch(c -> c < 0x80) ? authority : IDN.toASCII(authority);
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c <= ' ' || c >= 0x7f || FORBIDDEN.indexOf(c) >= 0) {
                escaped.append(String.format("%%%02X", c));
            } else {
                escaped.append((char) c);
            }
        }
        return escaped.toString();
    }

    /** Where a redirect leads to. */
    HttpUrl resolve(String location) throws IOException {
        if (URL.matcher(location).matches()) {
            return parse(location);
        }
        if (OTHER_SCHEME.matcher(location).matches()) {
            throw new IOException("unsupported protocol scheme of " + location);
        }
        if (location.startsWith("//")) {
            return parse(scheme + ":" + location);
        }
        int fragment = location.indexOf('#');
        String relative = escaped(fragment < 0 ? location : location.substring(0, fragment));
        int query = path.indexOf('?');
        String bare = query < 0 ? path : path.substring(0, query);
        String next = relative.isEmpty()
                ? path
                : relative.startsWith("?")
                        ? bare + relative
                        : withoutDots(
                                relative.startsWith("/")
                                        ? relative
                                        : bare.substring(0, bare.lastIndexOf('/') + 1) + relative);
        return new HttpUrl(scheme, userInfo, host, port, authority, next);
    }

    /** Takes {@code .} and {@code ..} out of a path. */
    private static String withoutDots(String path) {
        int query = path.indexOf('?');
        String bare = query < 0 ? path : path.substring(0, query);
        StringBuilder out = new StringBuilder();
        for (String segment : bare.substring(1).split("/", -1)) {
            switch (segment) {
                case "." -> {}
                case ".." -> out.setLength(Math.max(0, out.lastIndexOf("/")));
                default -> out.append('/').append(segment);
            }
        }
        if (bare.endsWith("/.") || bare.endsWith("/..") || out.isEmpty()) {
            out.append('/');
        }
        return out + (query < 0 ? "" : path.substring(query));
    }

    boolean isSecure() {
        return scheme.equals(HTTPS);
    }

    /** The same for those who need such; a host that it cannot have is written by other letters. */
    URI uri() {
        String safe = host.indexOf(':') < 0
                ? host.replaceAll("[^A-Za-z0-9._~-]", "-")
                : "[" + host.replaceAll("%.*", "") + "]";
        String rest = ":" + port + path.replaceAll("%(?![0-9a-fA-F]{2})", "%25");
        URI uri = UrlHost.create(scheme + "://" + safe + rest);
        return uri.getHost() != null ? uri : URI.create(scheme + "://" + safe.replaceAll("[_~]", "-") + rest);
    }

    /** Without what may be a password. */
    @Override
    public String toString() {
        return scheme + "://" + authority + path;
    }
}
