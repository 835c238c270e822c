package org.narthex.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.util.Optional;

import org.narthex.api.http.HttpClients;

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
    HttpRoute to(HttpUrl url, boolean isTarget) throws IOException {
        Optional<InetSocketAddress> proxy = proxy(url);
        if (proxy.isPresent() && (!isTarget || settings.skipResolveWithProxy())) {
            return through(proxy.get(), new HostPort(url.host(), url.port()), 0);
        }
        IpProtocol.Found found = isTarget
                ? settings.protocol().resolve(url.host(), run)
                : settings.protocol().find(url.host());
        HostPort server = new HostPort(found.address().getHostAddress(), url.port());
        // What no_proxy says of networks is known only now.
        if (proxy.isPresent()
                && proxy(HttpUrl.parse(url.scheme() + "://" + server)).isPresent()) {
            return through(proxy.get(), server, found.seconds());
        }
        return new HttpRoute(new InetSocketAddress(found.address(), url.port()), false, server, found.seconds());
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

    private Optional<InetSocketAddress> proxy(HttpUrl url) {
        return proxies.map(selector -> selector.select(url.uri()).get(0).address())
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast);
    }
}
