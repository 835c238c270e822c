package org.narthex.probe;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.MetricType;

/**
 * The prober {@code icmp}, by the system's {@code ping}: a JVM cannot send echo requests, and {@code ping} has the rights it takes wherever anybody may
 * do so at all.
 */
final class IcmpProber implements Prober {
    private static final Pattern REPLY = Pattern.compile("(?:ttl|hlim)=(\\d+) time[=<]([0-9.]+) ?ms");
    private static final int MAX_TTL = 255;
    /** An echo request of ICMP with more does not fit into a packet of IP. */
    private static final int MAX_PAYLOAD = 65_507;

    private final IpProtocol protocol;
    private final Optional<InetAddress> source;
    private final boolean dontFragment;
    private final long payloadSize;
    private final long ttl;
    private final String program;

    IcmpProber(ConfigNode section, String program) throws ConfigException {
        section.onlyKeys(
                IpProtocol.PREFERRED, IpProtocol.FALLBACK, SourceAddress.KEY, "dont_fragment", "payload_size", "ttl");
        protocol = IpProtocol.read(section);
        source = SourceAddress.read(section);
        dontFragment = section.bool("dont_fragment", false);
        payloadSize = within(section, "payload_size", MAX_PAYLOAD);
        ttl = within(section, "ttl", MAX_TTL);
        this.program = program;
    }

    private static long within(ConfigNode section, String key, int max) throws ConfigException {
        long value = section.integer(key, 0);
        if (value < 0 || value > max) {
            throw section.require(key).error("\"" + key + "\" must be between 0 and " + max);
        }
        return value;
    }

    @Override
    public boolean probe(ProbeRun run) throws IOException {
        double resolve = 0;
        double setup = 0;
        Optional<Matcher> reply = Optional.empty();
        try {
            IpProtocol.Found found = protocol.resolve(run.target(), run);
            resolve = found.seconds();
            long start = System.nanoTime();
            List<String> command = command(found.address(), run.remainingMs());
            run.log("Running " + String.join(" ", command));
            setup = ProbeRun.secondsSince(start);
            reply = reply(command, run);
        } finally {
            double rtt = reply.map(matcher -> Double.parseDouble(matcher.group(2)) / 1e3)
                    .orElse(0.0);
            String name = "probe_icmp_duration_seconds";
            run.metrics().family(name, MetricType.GAUGE, "Duration of icmp request by phase");
            run.metrics().sample(name, resolve, "phase", "resolve");
            run.metrics().sample(name, rtt, "phase", "rtt");
            run.metrics().sample(name, setup, "phase", "setup");
        }
        if (reply.isEmpty()) {
            return run.fails("No reply came");
        }
        run.metrics()
                .gauge(
                        "probe_icmp_reply_hop_limit",
                        "Replied packet hop limit (TTL for ipv4)",
                        Double.parseDouble(reply.get().group(1)));
        return true;
    }

    private List<String> command(InetAddress address, int remainingMs) {
        List<String> command = new ArrayList<>(List.of(program, address instanceof Inet6Address ? "-6" : "-4"));
        command.addAll(List.of("-n", "-c", "1", "-w", Long.toString(Math.max(1, remainingMs / 1000))));
        if (payloadSize > 0) {
            command.addAll(List.of("-s", Long.toString(payloadSize)));
        }
        if (ttl > 0) {
            command.addAll(List.of("-t", Long.toString(ttl)));
        }
        if (dontFragment) {
            command.addAll(List.of("-M", "do"));
        }
        source.ifPresent(from -> command.addAll(List.of("-I", from.getHostAddress())));
        command.add(address.getHostAddress());
        return command;
    }

    private static Optional<Matcher> reply(List<String> command, ProbeRun run) throws IOException {
        Process ping;
        try {
            ping = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new IOException(
                    "icmp needs the program ping, which cannot be run here: " + e.getMessage()
                            + " (Debian: apt install iputils-ping)",
                    e);
        }
        try {
            if (!ping.waitFor(run.remainingMs(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            String said = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            said.lines().forEach(line -> run.log("ping: " + line));
            if (said.contains("not permitted")) {
                throw new IOException("ping may not send ICMP here: it needs the capability net_raw, or a group in the "
                        + "range of net.ipv4.ping_group_range");
            }
            Matcher reply = REPLY.matcher(said);
            return reply.find() ? Optional.of(reply) : Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("stopping", e);
        } finally {
            ping.destroyForcibly();
        }
    }
}
