package org.narthex.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

import org.narthex.api.http.HttpClients;
import org.narthex.api.http.UrlHost;

/** Finds the way to servers: straight, or through the proxy that the settings name for them. */
final class HttpRoutes {
    private final HttpSettings settings;
    private final Optional<ProxySelector> proxies;
    private final ProbeRun run;

    HttpRoutes(HttpSettings settings, HttpClients.Client client, ProbeRun run) {
        this.settings = settings;
        this.proxies = client.http().proxy();
        this.run = run;
    }

    /**
     * Looks the host up, unless a proxy is to do so.
     *
     * @param isTarget whether it is the probe's target, of which the metrics tell
     */
    HttpRoute to(URI uri, int port, boolean isTarget) throws IOException {
        String host = bare(uri.getHost());
        Optional<InetSocketAddress> proxy = proxy(uri);
        if (proxy.isPresent() && (!isTarget || settings.skipResolveWithProxy())) {
            return through(proxy.get(), new HostPort(host, port), 0);
        }
        IpProtocol.Found found = isTarget
                ? settings.protocol().resolve(host, run)
                : settings.protocol().find(host);
        HostPort server = new HostPort(found.address().getHostAddress(), port);
        // What no_proxy says of networks is known only now.
        if (proxy.isPresent() && proxy(uri(uri.getScheme(), server)).isPresent()) {
            return through(proxy.get(), server, found.seconds());
        }
        return new HttpRoute(new InetSocketAddress(found.address(), port), false, server, found.seconds());
    }

    private HttpRoute through(InetSocketAddress proxy, HostPort server, double seconds) throws IOException {
        long start = System.nanoTime();
        InetSocketAddress address = proxy.isUnresolved()
                ? new InetSocketAddress(InetAddress.getByName(proxy.getHostString()), proxy.getPort())
                : proxy;
        run.log("Going through a proxy address=" + address.getAddress().getHostAddress() + " port=" + address.getPort()
                + " to=" + server);
        return new HttpRoute(address, true, server, seconds + ProbeRun.secondsSince(start));
    }

    private Optional<InetSocketAddress> proxy(URI uri) {
        return proxies.map(selector -> selector.select(uri).get(0).address())
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast);
    }

    private static URI uri(String scheme, HostPort server) throws IOException {
        try {
            // A zone of an address is none of a URL's.
            return UrlHost.parse(scheme + "://" + server.toString().replaceAll("%[^\\]]*", "") + "/");
        } catch (URISyntaxException e) {
            throw new IOException("no URL can be made of " + server, e);
        }
    }

    /** Without the brackets of an address of IPv6. */
    static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
