package org.narthex.probe;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;

/** The prober {@code tcp}: connects, and holds a conversation line by line if the module has one. */
final class TcpProber implements Prober {
    /**
     * A step of the conversation.
     *
     * @param expect a regular expression that a line to come must match; empty for none
     * @param labels of {@code probe_expect_info}, filled from what matched
     * @param send empty for nothing; may hold groups of what was expected last
     */
    record Step(String expect, Map<String, String> labels, String send, boolean startTls) {
        static Step read(ConfigNode node) throws ConfigException {
            node.onlyKeys("expect", "labels", "send", "starttls");
            Optional<ConfigNode> expect = node.given("expect");
            Map<String, String> labels = new LinkedHashMap<>();
            for (ConfigNode label : node.list("labels")) {
                label.onlyKeys("name", "value");
                labels.put(label.require("name").text(), label.require("value").text());
            }
            return new Step(
                    expect.isPresent() ? Patterns.checked(expect.get()) : "",
                    labels,
                    node.string("send", ""),
                    node.bool("starttls", false));
        }
    }

    private final IpProtocol protocol;
    private final Optional<InetAddress> source;
    private final List<Step> steps;
    private final boolean secure;
    private final Tls tls;

    private TcpProber(IpProtocol protocol, Optional<InetAddress> source, List<Step> steps, boolean secure, Tls tls) {
        this.protocol = protocol;
        this.source = source;
        this.steps = List.copyOf(steps);
        this.secure = secure;
        this.tls = tls;
    }

    static TcpProber read(ConfigNode section, Supplier<HttpClients> clients) throws ConfigException {
        section.onlyKeys(
                IpProtocol.PREFERRED, IpProtocol.FALLBACK, SourceAddress.KEY, "query_response", "tls", "tls_config");
        List<Step> steps = new ArrayList<>();
        for (ConfigNode step : section.list("query_response")) {
            steps.add(Step.read(step));
        }
        return new TcpProber(
                IpProtocol.read(section),
                SourceAddress.read(section),
                steps,
                section.bool("tls", false),
                new Tls(clients, Sections.tls(section)));
    }

    @Override
    public boolean probe(ProbeRun run) throws IOException {
        run.failedByRegex(false);
        HostPort target = HostPort.parse(run.target(), 0);
        InetAddress address = protocol.resolve(target.host(), run).address();
        String serverName = run.hostname().isEmpty() ? target.host() : run.hostname();
        try (Socket socket = new Socket()) {
            if (source.isPresent()) {
                socket.bind(new InetSocketAddress(source.get(), 0));
            }
            run.log("Dialing TCP address=" + address.getHostAddress() + " port=" + target.port());
            socket.connect(new InetSocketAddress(address, target.port()), run.remainingMs());
            run.log("Successfully dialed");
            if (!secure) {
                return converse(socket, serverName, run);
            }
            try (SSLSocket safe = tls.over(socket, serverName, run)) {
                Tls.report(safe.getSession(), run);
                return converse(safe, serverName, run);
            }
        }
    }

    private boolean converse(Socket first, String serverName, ProbeRun run) throws IOException {
        Socket socket = first;
        TimedStream in = new TimedStream(socket, run);
        String matched = "";
        String expression = "";
        for (Step step : steps) {
            if (!step.expect.isEmpty()) {
                Optional<String> line = await(step.expect, in, run);
                run.failedByRegex(line.isEmpty());
                if (line.isEmpty()) {
                    return run.fails("Did not match regexp=" + step.expect);
                }
                matched = line.get();
                expression = step.expect;
                info(step, matched, run);
            }
            if (!step.send.isEmpty()) {
                String send = expression.isEmpty()
                        ? step.send
                        : Patterns.expand(expression, matched, step.send).orElse(step.send);
                run.log("Sending line line=" + send);
                socket.getOutputStream().write((send + "\n").getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
            }
            if (step.startTls) {
                run.log("Upgrading the connection to TLS");
                // Closed with the connection below it.
                SSLSocket safe = tls.over(socket, serverName, run);
                Tls.report(safe.getSession(), run);
                socket = safe;
                in = new TimedStream(socket, run);
            }
        }
        return true;
    }

    /** The first line that matches; empty if the other side ends, or the time does, before there is one. */
    private static Optional<String> await(String expression, TimedStream in, ProbeRun run) throws IOException {
        try {
            while (true) {
                String line = HttpBody.line(in);
                run.log("Read line line=" + line);
                if (Patterns.anyFound(List.of(expression), line)) {
                    return Optional.of(line);
                }
            }
        } catch (SocketTimeoutException | EOFException e) {
            run.log("No more lines: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static void info(Step step, String line, ProbeRun run) {
        if (step.labels.isEmpty()) {
            return;
        }
        List<String> pairs = new ArrayList<>();
        step.labels.forEach((name, template) -> {
            pairs.add(name);
            pairs.add(Patterns.expand(step.expect, line, template).orElse(""));
        });
        run.metrics().gauge("probe_expect_info", "Explicit content matched", 1, pairs.toArray(String[]::new));
    }
}
