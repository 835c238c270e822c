package org.narthex.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.MetricType;

/** The prober {@code grpc}: asks the health service ({@code grpc.health.v1.Health/Check}) whether a service serves. */
final class GrpcProber implements Prober {
    /** By their numbers. */
    private static final List<String> STATES = List.of("UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN");

    private static final int NONE = -1;
    private static final int SERVING = 1;
    private static final int UNAVAILABLE = 14;
    private static final int UNKNOWN = 2;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final String DURATION = "probe_grpc_duration_seconds";

    /**
     * What the server says.
     *
     * @param status of the call, as gRPC numbers it
     * @param state of the service; {@link #NONE} if the call failed
     */
    private record Health(int status, int state) {}

    private final IpProtocol protocol;
    private final String service;
    private final boolean secure;
    private final Tls tls;

    private GrpcProber(IpProtocol protocol, String service, boolean secure, Tls tls) {
        this.protocol = protocol;
        this.service = service;
        this.secure = secure;
        this.tls = tls;
    }

    static GrpcProber read(ConfigNode section, Supplier<HttpClients> clients) throws ConfigException {
        section.onlyKeys(IpProtocol.PREFERRED, IpProtocol.FALLBACK, "service", "tls", "tls_config");
        return new GrpcProber(
                IpProtocol.read(section),
                section.string("service", ""),
                section.bool("tls", false),
                new Tls(clients, Sections.tls(section)));
    }

    @Override
    public boolean probe(ProbeRun run) throws IOException {
        HostPort target =
                HostPort.parse(run.target().replaceFirst("^(https?|grpcs?)://", ""), secure ? HTTPS_PORT : HTTP_PORT);
        run.metrics().gauge("probe_grpc_ssl", "Indicates if SSL was used for the connection", secure ? 1 : 0);
        double resolve = 0;
        long start = System.nanoTime();
        int status = UNAVAILABLE;
        int state = NONE;
        try {
            IpProtocol.Found found = protocol.resolve(target.host(), run);
            resolve = found.seconds();
            start = System.nanoTime();
            Health health = ask(target, found.address(), run);
            status = health.status;
            state = health.state;
        } finally {
            run.metrics().family(DURATION, MetricType.GAUGE, "Duration of gRPC request by phase");
            run.metrics().sample(DURATION, ProbeRun.secondsSince(start), "phase", "check");
            run.metrics().sample(DURATION, resolve, "phase", "resolve");
            run.metrics().gauge("probe_grpc_status_code", "Response gRPC status code", status);
            report(state, run);
        }
        if (status != 0) {
            return run.fails("gRPC server answers with status " + status);
        }
        return state == SERVING || run.fails("The service is " + STATES.get(state));
    }

    private static void report(int state, ProbeRun run) {
        String name = "probe_grpc_healthcheck_response";
        run.metrics().family(name, MetricType.GAUGE, "Response HealthCheck response");
        for (int i = 0; i < STATES.size(); i++) {
            run.metrics().sample(name, i == state ? 1 : 0, "serving_status", STATES.get(i));
        }
    }

    private Health ask(HostPort target, InetAddress address, ProbeRun run) throws IOException {
        String name = run.hostname().isEmpty() ? target.host() : run.hostname();
        try (Socket socket = new Socket()) {
            run.log("Dialing TCP address=" + address.getHostAddress() + " port=" + target.port());
            socket.connect(new InetSocketAddress(address, target.port()), run.remainingMs());
            socket.setSoTimeout(run.remainingMs());
            if (!secure) {
                return ask(socket, new HostPort(name, target.port()).toString(), run);
            }
            try (SSLSocket safe = tls.over(socket, name, run, Http2Stream.PROTOCOL)) {
                Tls.report(safe.getSession(), run);
                if (!Http2Stream.PROTOCOL.equals(safe.getApplicationProtocol())) {
                    throw new IOException(
                            "the server does not agree on " + Http2Stream.PROTOCOL + " by ALPN, so it speaks no gRPC");
                }
                return ask(safe, new HostPort(name, target.port()).toString(), run);
            }
        }
    }

    private Health ask(Socket socket, String authority, ProbeRun run) throws IOException {
        List<Map.Entry<String, String>> headers = List.of(
                Map.entry(":method", "POST"),
                Map.entry(":scheme", secure ? "https" : "http"),
                Map.entry(":path", "/grpc.health.v1.Health/Check"),
                Map.entry(":authority", authority),
                Map.entry("content-type", "application/grpc"),
                Map.entry("te", "trailers"),
                Map.entry("user-agent", "Narthex"),
                Map.entry("grpc-timeout", run.remainingMs() + "m"));
        GrpcStream stream = new GrpcStream(new TimedStream(socket, run), socket.getOutputStream());
        byte[] answer = stream.call(headers, request());
        int status = stream.status().orElse(answer.length > 0 ? 0 : UNKNOWN);
        return new Health(status, status == 0 ? state(answer) : NONE);
    }

    /** The service's name as field 1, if it has one. */
    private byte[] request() {
        byte[] name = service.getBytes(StandardCharsets.UTF_8);
        if (name.length == 0) {
            return name;
        }
        ByteBuffer request = ByteBuffer.allocate(name.length + 6).put((byte) 0x0a);
        int rest = name.length;
        for (; rest >= 0x80; rest >>>= 7) {
            request.put((byte) ((rest & 0x7f) | 0x80));
        }
        request.put((byte) rest).put(name);
        byte[] bytes = new byte[request.position()];
        request.flip().get(bytes);
        return bytes;
    }

    /** Field 1 of the answer, a number; 0 where it is left out. */
    private static int state(byte[] message) throws IOException {
        if (message.length == 0) {
            return 0;
        }
        if (message.length < 2 || message[0] != 0x08 || message[1] < 0 || message[1] >= STATES.size()) {
            throw new IOException("the answer is none of the health service");
        }
        return message[1];
    }
}
