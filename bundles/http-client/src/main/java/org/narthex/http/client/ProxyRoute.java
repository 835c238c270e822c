package org.narthex.http.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.UrlHost;
import org.narthex.http.client.proxy.ProxyBridge;

/** Which proxy to take for a URL, if any: the rules of {@code NO_PROXY} are those of Go's programs, which curl knows as well. */
final class ProxyRoute extends ProxySelector {
    private static final List<String> SCHEMES = List.of("http", "https", "socks5", "socks5h");
    private static final List<java.net.Proxy> DIRECT = List.of(java.net.Proxy.NO_PROXY);

    /** Gives the way to a proxy that the JDK's client cannot speak to. */
    interface Bridges {
        ProxyBridge to(URI proxy) throws IOException;
    }

    /** @param bridge what the JDK's client takes for the proxy, where it cannot speak to that itself */
    private record Hop(URI proxy, Optional<ProxyBridge> bridge) {
        static Optional<Hop> to(Optional<URI> proxy, Bridges bridges) throws IOException {
            if (proxy.isEmpty()) {
                return Optional.empty();
            }
            boolean spoken = proxy.get().getScheme().equalsIgnoreCase("http");
            return Optional.of(new Hop(proxy.get(), spoken ? Optional.empty() : Optional.of(bridges.to(proxy.get()))));
        }

        InetSocketAddress address() {
            return bridge.map(ProxyBridge::address)
                    .orElseGet(() -> InetSocketAddress.createUnresolved(
                            proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort()));
        }

        Optional<String> authorization() {
            return bridge.flatMap(ProxyBridge::authorization).or(() -> Optional.ofNullable(proxy.getUserInfo())
                    .map(user -> (user.contains(":") ? user : user + ":").getBytes(StandardCharsets.UTF_8))
                    .map(user -> "Basic " + Base64.getEncoder().encodeToString(user)));
        }
    }

    private final Optional<Hop> http;
    private final Optional<Hop> https;
    private final List<String> direct;
    /** Whether the rules count; without any, even this host is reached through the proxy. */
    private final boolean withRules;

    private ProxyRoute(Optional<Hop> http, Optional<Hop> https, String noProxy, boolean withRules) {
        this.http = http;
        this.https = https;
        this.withRules = withRules;
        direct = Arrays.stream(noProxy.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .filter(rule -> !rule.isEmpty())
                .toList();
    }

    /** @param environment gives the value of an environment variable, or null */
    static ProxyRoute of(HttpClientConfig.Proxy proxy, UnaryOperator<String> environment, Bridges bridges)
            throws IOException {
        if (proxy.fromEnvironment()) {
            return new ProxyRoute(
                    Hop.to(url("HTTP_PROXY", either(environment, "HTTP_PROXY")), bridges),
                    Hop.to(url("HTTPS_PROXY", either(environment, "HTTPS_PROXY")), bridges),
                    either(environment, "NO_PROXY"),
                    true);
        }
        Optional<Hop> url = Hop.to(url("proxy_url", proxy.url()), bridges);
        return new ProxyRoute(url, url, proxy.noProxy(), !proxy.noProxy().isEmpty());
    }

    private static String either(UnaryOperator<String> environment, String name) {
        String value = environment.apply(name);
        if (value == null || value.isEmpty()) {
            value = environment.apply(name.toLowerCase(Locale.ROOT));
        }
        return value == null ? "" : value;
    }

    private static Optional<URI> url(String what, String text) throws IOException {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        URI uri;
        try {
            uri = UrlHost.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            throw new IOException(what + " is no valid URL", e);
        }
        if (uri.getHost() == null || !SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
            throw new IOException(what + " " + shown(uri) + " is not of the form scheme://host:port, the scheme one of "
                    + String.join(", ", SCHEMES));
        }
        return Optional.of(uri);
    }

    /** Without user and password. */
    private static String shown(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    /** The proxy on the way to the URL. */
    Optional<URI> to(URI uri) {
        return hop(uri).map(Hop::proxy);
    }

    private Optional<Hop> hop(URI uri) {
        Optional<Hop> hop = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
        return hop.isEmpty() || (withRules && isDirect(uri)) ? Optional.empty() : hop;
    }

    /** What the proxy on the way to the URL must be told to let it pass. */
    Optional<String> authorization(URI uri) {
        return hop(uri).flatMap(Hop::authorization);
    }

    @Override
    public List<java.net.Proxy> select(URI uri) {
        return hop(uri).map(hop -> List.of(new java.net.Proxy(java.net.Proxy.Type.HTTP, hop.address())))
                .orElse(DIRECT);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException e) {
        // Whoever sent the request is told.
    }

    private boolean isDirect(URI uri) {
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
        int port = uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
        Optional<InetAddress> address = literal(host);
        if (host.equals("localhost")
                || address.filter(InetAddress::isLoopbackAddress).isPresent()) {
            return true;
        }
        for (String rule : direct) {
            if (rule.equals("*")
                    || (address.isPresent() ? matches(rule, address.get(), port) : matches(rule, host, port))) {
                return true;
            }
        }
        return false;
    }

    private static Optional<InetAddress> literal(String host) {
        if (!host.matches("[0-9.]+|[0-9a-f:.]*:[0-9a-f:.%]*")) {
            return Optional.empty();
        }
        try {
            // A literal is not looked up.
            return Optional.of(InetAddress.getByName(host));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** An address, or a network such as {@code 10.0.0.0/8}. */
    private static boolean matches(String rule, InetAddress address, int port) {
        int slash = rule.indexOf('/');
        if (slash > 0) {
            Optional<InetAddress> network = literal(rule.substring(0, slash));
            return network.isPresent() && isIn(network.get(), rule.substring(slash + 1), address);
        }
        List<String> parts = hostAndPort(rule);
        return literal(parts.get(0).replaceAll("[\\[\\]]", ""))
                        .filter(address::equals)
                        .isPresent()
                && (parts.get(1).isEmpty() || parts.get(1).equals(Integer.toString(port)));
    }

    private static boolean isIn(InetAddress network, String bits, InetAddress address) {
        byte[] a = network.getAddress();
        byte[] b = address.getAddress();
        if (a.length != b.length || !bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > a.length * 8) {
            return false;
        }
        for (int i = 0; i < Integer.parseInt(bits); i++) {
            int bit = 0x80 >> (i & 7);
            if ((a[i >> 3] & bit) != (b[i >> 3] & bit)) {
                return false;
            }
        }
        return true;
    }

    /** A domain with those below it, {@code .domain} or {@code *.domain} for those below only. */
    private static boolean matches(String rule, String host, int port) {
        List<String> parts = hostAndPort(rule);
        if (!parts.get(1).isEmpty() && !parts.get(1).equals(Integer.toString(port))) {
            return false;
        }
        String name = parts.get(0).startsWith("*.") ? parts.get(0).substring(1) : parts.get(0);
        return name.startsWith(".") ? host.endsWith(name) : host.equals(name) || host.endsWith("." + name);
    }

    private static List<String> hostAndPort(String rule) {
        int colon = rule.lastIndexOf(':');
        boolean address = rule.indexOf(':') != colon && !rule.contains("]:");
        List<String> parts = new ArrayList<>();
        parts.add(colon < 0 || address ? rule : rule.substring(0, colon));
        parts.add(colon < 0 || address ? "" : rule.substring(colon + 1));
        return parts;
    }
}
