package org.narthex.probe;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;

/**
 * Which address of a host to probe.
 *
 * @param six whether IPv6 is preferred
 * @param fallback whether the other protocol will do where there is no address of the preferred one
 */
record IpProtocol(boolean six, boolean fallback) {
    static final String PREFERRED = "preferred_ip_protocol";
    static final String FALLBACK = "ip_protocol_fallback";

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    static IpProtocol read(ConfigNode section) throws ConfigException {
        String preferred = section.string(PREFERRED, "ip6");
        boolean six =
                switch (preferred) {
                    case "", "ip6" -> true;
                    case "ip4" -> false;
                    default ->
                        throw section.require(PREFERRED).error("expected ip4 or ip6, found \"" + preferred + "\"");
                };
        return new IpProtocol(six, section.bool(FALLBACK, true));
    }

    /** An address that was found, and how long that took. */
    record Found(InetAddress address, double seconds) {}

    /** Looks the host up, and says in the run's metrics what was found; 0 where nothing was. */
    Found resolve(String host, ProbeRun run) throws IOException {
        run.log("Resolving target address host=" + host + " preferred=" + (six ? "ip6" : "ip4"));
        long start = System.nanoTime();
        int protocol = 0;
        double hash = 0;
        try {
            Found found = find(host);
            run.log("Resolved target address host=" + host + " ip=" + found.address.getHostAddress());
            protocol = found.address instanceof Inet6Address ? 6 : 4;
            hash = (double) hash(found.address.getAddress());
            return found;
        } finally {
            run.metrics()
                    .gauge(
                            "probe_dns_lookup_time_seconds",
                            "Returns the time taken for probe dns lookup in seconds",
                            ProbeRun.secondsSince(start));
            run.metrics().gauge("probe_ip_protocol", "Specifies whether probe ip protocol is IP4 or IP6", protocol);
            run.metrics()
                    .gauge(
                            "probe_ip_addr_hash",
                            "Specifies the hash of IP address. It's useful to detect if the IP address changes.",
                            hash);
        }
    }

    /** The same without a word: for hosts that are not the target. */
    Found find(String host) throws IOException {
        long start = System.nanoTime();
        InetAddress[] all = InetAddress.getAllByName(host);
        double seconds = ProbeRun.secondsSince(start);
        for (InetAddress address : all) {
            if (six ? address instanceof Inet6Address : address instanceof Inet4Address) {
                return new Found(address, seconds);
            }
        }
        if (!fallback) {
            throw new UnknownHostException(
                    host + " has no address of IPv" + (six ? "6" : "4") + ", and no fallback is allowed");
        }
        return new Found(all[0], seconds);
    }

    /** FNV-1a of 32 bits. */
    private static long hash(byte[] bytes) {
        int hash = FNV_OFFSET;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return Integer.toUnsignedLong(hash);
    }
}
