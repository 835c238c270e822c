package org.narthex.probe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;

/** What is said over a connection, line by line: the keys {@code query_response}, {@code tls} and {@code tls_config}. */
final class Conversation {
    static final String STEPS = "query_response";
    static final String TLS = "tls";
    static final String TLS_CONFIG = "tls_config";

    private static final int MAX_LINE = 64 << 10;

    /**
     * A step.
     *
     * @param expect a regular expression that a line to come must match; empty for none
     * @param labels of {@code probe_expect_info}, filled from what matched
     * @param expectBytes what must come next, whether it is a line or not; empty for nothing
     * @param send empty for nothing; may hold groups of what the same step expects
     */
    private record Step(String expect, Map<String, String> labels, String expectBytes, String send, boolean startTls) {
        static Step read(ConfigNode node) throws ConfigException {
            node.onlyKeys("expect", "labels", "expect_bytes", "send", "starttls");
            Optional<ConfigNode> expect = node.given("expect");
            Map<String, String> labels = new LinkedHashMap<>();
            for (ConfigNode label : node.list("labels")) {
                label.onlyKeys("name", "value");
                labels.put(label.require("name").text(), label.string("value", ""));
            }
            return new Step(
                    expect.isPresent() ? Patterns.checked(expect.get()) : "",
                    labels,
                    node.string("expect_bytes", ""),
                    node.string("send", ""),
                    node.bool("starttls", false));
        }
    }

    private final List<Step> steps;
    private final boolean secure;
    private final Tls tls;

    Conversation(ConfigNode section, Supplier<HttpClients> clients) throws ConfigException {
        List<Step> read = new ArrayList<>();
        for (ConfigNode step : section.list(STEPS)) {
            read.add(Step.read(step));
        }
        steps = List.copyOf(read);
        secure = section.bool(TLS, false);
        tls = new Tls(clients, Sections.tls(section));
    }

    /** Whether a certificate must be for the name that {@link #hold} is given. */
    boolean needsServerName() {
        return (secure || steps.stream().anyMatch(Step::startTls)) && tls.checksName();
    }

    /** Says in the run that there may be a conversation, however the probe goes. */
    void announce(ProbeRun run) {
        run.failedByRegex(false);
        run.failedByBytes(false);
    }

    /**
     * Talks, by TLS if the section says so, and closes the connection.
     *
     * @return whether the other side said what is expected
     */
    boolean hold(Socket socket, String serverName, ProbeRun run) throws IOException {
        if (!secure) {
            return talk(socket, serverName, run);
        }
        try (SSLSocket safe = tls.over(socket, serverName, run)) {
            Tls.report(safe.getSession(), run);
            return talk(safe, serverName, run);
        }
    }

    private boolean talk(Socket first, String serverName, ProbeRun run) throws IOException {
        Socket socket = first;
        InputStream in = new TimedStream(socket, run);
        for (Step step : steps) {
            String send = step.send;
            if (!step.expect.isEmpty()) {
                Optional<String> line = await(step.expect, in, run);
                run.failedByRegex(line.isEmpty());
                if (line.isEmpty()) {
                    return run.fails("Regexp did not match regexp=" + step.expect);
                }
                send = Patterns.expand(step.expect, line.get(), send).orElse(send);
                info(step, line.get(), run);
            }
            if (!step.expectBytes.isEmpty() && !isNext(step.expectBytes.getBytes(StandardCharsets.UTF_8), in, run)) {
                return false;
            }
            if (!send.isEmpty()) {
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

    /** The first line that matches; empty if the other side ends before there is one. */
    private static Optional<String> await(String expression, InputStream in, ProbeRun run) throws IOException {
        for (Optional<String> line = line(in); line.isPresent(); line = line(in)) {
            run.log("Read line line=" + line.get());
            if (Patterns.anyFound(List.of(expression), line.get())) {
                return line;
            }
        }
        run.log("No more lines");
        return Optional.empty();
    }

    /** The next line, without its end; the last one need not have any. */
    private static Optional<String> line(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return Optional.empty();
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            bytes.write(b);
            if (bytes.size() > MAX_LINE) {
                throw new IOException("a line of more than " + MAX_LINE + " bytes");
            }
        }
        String line = bytes.toString(StandardCharsets.UTF_8);
        return Optional.of(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }

    private static boolean isNext(byte[] expected, InputStream in, ProbeRun run) throws IOException {
        byte[] read = in.readNBytes(expected.length);
        run.log("Read bytes bytes=" + HexFormat.of().formatHex(read));
        if (read.length < expected.length) {
            return run.fails(
                    "Read less data than expected expected=" + HexFormat.of().formatHex(expected));
        }
        boolean same = Arrays.equals(expected, read);
        run.failedByBytes(!same);
        return same
                || run.fails("Bytes did not match expected=" + HexFormat.of().formatHex(expected));
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
