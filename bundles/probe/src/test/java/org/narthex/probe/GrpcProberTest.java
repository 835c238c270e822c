package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.testkit.DamagedInput;

class GrpcProberTest {
    @TempDir
    private Path folder;

    private static final byte[] SETTINGS = frame(4, 0, 0, "");
    /** {@code :status 200}, {@code content-type application/grpc}, as Go's and C's servers write them. */
    private static final byte[] HEADERS = frame(1, 4, 1, "885f8b1d75d0620d263d4c4d6564");
    /** {@code grpc-status 0} and {@code grpc-message}, with names and value in the code of HTTP/2. */
    private static final byte[] GOOD = frame(1, 5, 1, "40889acac8b21234da8f8107" + "40899acac8b5254207317f00");

    private static byte[] frame(int type, int flags, int stream, String hex) {
        byte[] payload = HexFormat.of().parseHex(hex);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, (byte) payload.length, (byte) type, (byte) flags, 0, 0, 0, (byte) stream});
        out.writeBytes(payload);
        return out.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** An answer of one message, the state of the service. */
    private static byte[] state(int state) {
        String message = state == 0 ? "0000000000" : "0000000002" + "080" + state;
        return joined(SETTINGS, HEADERS, frame(0, 0, 1, message), GOOD);
    }

    /** The page of a probe; what the server was asked is added to it. */
    private static String probe(String section, byte[] answer) throws Exception {
        return probe(new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1")), "127.0.0.1", section, answer);
    }

    private static String probe(ServerSocket server, String host, String section, byte[] answer) throws Exception {
        try (server) {
            CompletableFuture<String> asked = CompletableFuture.supplyAsync(
                    () -> serve(server, answer), task -> new Thread(task, "fake-grpc").start());
            String page = Probes.probe("grpc", section, host + ":" + server.getLocalPort());
            return page + asked.get(10, TimeUnit.SECONDS);
        }
    }

    /** A server that speaks TLS, and over it what is named, if anything. */
    private static ServerSocket secure(ServerKey key, String... protocols) throws IOException {
        SSLServerSocket server = (SSLServerSocket)
                key.context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        SSLParameters parameters = server.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        server.setSSLParameters(parameters);
        return server;
    }

    /** Reads up to the end of the request's stream. */
    private static String serve(ServerSocket server, byte[] answer) {
        try (Socket socket = server.accept()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            StringBuilder asked = new StringBuilder(new String(in.readNBytes(24), StandardCharsets.US_ASCII));
            int flags;
            int type;
            do {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                type = in.readUnsignedByte();
                flags = in.readUnsignedByte();
                in.readInt();
                byte[] payload = in.readNBytes(length);
                asked.append(
                        type == 0
                                ? HexFormat.of().formatHex(payload)
                                : new String(payload, StandardCharsets.ISO_8859_1));
            } while (type != 0 || (flags & 1) == 0);
            socket.getOutputStream().write(answer);
            socket.shutdownOutput();
            // What it is told of our settings.
            socket.setSoTimeout(5_000);
            while (in.read() >= 0) {
                // Until the prober is done.
            }
            return asked.toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void succeedsWhereTheServiceServes() throws Exception {
        assertThat(probe("service: shop", state(1)))
                .contains(
                        "probe_success 1\n",
                        "probe_grpc_ssl 0\n",
                        "probe_grpc_status_code 0\n",
                        "probe_grpc_duration_seconds{phase=\"check\"} ",
                        "probe_grpc_duration_seconds{phase=\"resolve\"} ",
                        "probe_grpc_healthcheck_response{serving_status=\"SERVING\"} 1\n",
                        "probe_grpc_healthcheck_response{serving_status=\"NOT_SERVING\"} 0\n")
                .contains(
                        "PRI * HTTP/2.0", "/grpc.health.v1.Health/Check", "application/grpc", "00000000060a0473686f70");
        assertThat(probe("", state(1))).contains("probe_success 1\n").endsWith("0000000000");
    }

    @Test
    void speaksTls() throws Exception {
        ServerKey key = new ServerKey(folder);
        String trust = "tls: true\nservice: shop\ntls_config: { ca_file: " + key.certificate;
        assertThat(probe(secure(key, "h2"), "127.0.0.1", trust + " }", state(1)))
                .contains(
                        "probe_success 1\n",
                        "probe_grpc_ssl 1\n",
                        "probe_grpc_status_code 0\n",
                        "probe_ssl_earliest_cert_expiry 1",
                        "probe_ssl_last_chain_info{",
                        "probe_tls_version_info{version=\"TLS 1.3\"} 1\n",
                        "probe_tls_cipher_info{cipher=\"TLS_AES_",
                        "probe_grpc_healthcheck_response{serving_status=\"SERVING\"} 1\n")
                .contains("PRI * HTTP/2.0", "https", "00000000060a0473686f70");
        assertThat(probe(secure(key, "h2"), "127.0.0.1", trust + ", server_name: localhost }", state(1)))
                .contains("probe_success 1\n");
        assertThat(probe(
                        secure(key, "h2"),
                        "127.0.0.1",
                        "tls: true\ntls_config: { insecure_skip_verify: true }",
                        state(1)))
                .contains("probe_success 1\n", "probe_ssl_last_chain_info{");
    }

    @Test
    void trustsNobodyElse() throws Exception {
        ServerKey key = new ServerKey(folder);
        ServerKey other = new ServerKey(Files.createDirectory(folder.resolve("other")));
        String wrong = "tls: true\ntls_config: { ca_file: " + other.certificate + " }";
        assertThat(probe(secure(key, "h2"), "127.0.0.1", wrong, state(1)))
                .contains(
                        "probe_success 0\n",
                        "probe_grpc_ssl 1\n",
                        "probe_grpc_status_code 14\n",
                        "probe_grpc_healthcheck_response{serving_status=\"SERVING\"} 0\n")
                .doesNotContain("probe_ssl_", "PRI * HTTP/2.0");
        assertThat(probe(secure(key, "h2"), "127.0.0.1", "tls: true", state(1))).contains("probe_success 0\n");
        String named = "tls: true\ntls_config: { server_name: other.example, ca_file: " + key.certificate + " }";
        assertThat(probe(secure(key, "h2"), "127.0.0.1", named, state(1)))
                .contains("probe_success 0\n", "not valid for other.example");
    }

    @Test
    void aServerThatDoesNotAgreeOnHttp2IsNone() throws Exception {
        ServerKey key = new ServerKey(folder);
        String trust = "tls: true\ntls_config: { ca_file: " + key.certificate + " }";
        assertThat(probe(secure(key), "127.0.0.1", trust, state(1)))
                .contains("probe_success 0\n", "the server does not agree on h2 by ALPN")
                .doesNotContain("PRI * HTTP/2.0");
        assertThat(probe(secure(key, "http/1.1"), "127.0.0.1", trust, state(1))).contains("probe_success 0\n");
    }

    @Test
    void thePortNeedNotBeSaid() throws Exception {
        assertThat(Probes.probe("grpc", "", "127.0.0.1")).contains("Dialing TCP address=127.0.0.1 port=80");
        assertThat(Probes.probe("grpc", "tls: true", "127.0.0.1")).contains("Dialing TCP address=127.0.0.1 port=443");
    }

    @Test
    void failsWhereItDoesNot() throws Exception {
        assertThat(probe("", state(2)))
                .contains(
                        "probe_success 0\n",
                        "The service is NOT_SERVING",
                        "probe_grpc_status_code 0\n",
                        "probe_grpc_healthcheck_response{serving_status=\"NOT_SERVING\"} 1\n");
        assertThat(probe("", state(0)))
                .contains("probe_success 0\n", "probe_grpc_healthcheck_response{serving_status=\"UNKNOWN\"} 1\n");
    }

    /** Such servers answer by trailers alone: 12 is "unimplemented", 5 "not found", here coded and in plain. */
    @Test
    void tellsTheStatusOfServersThatDoNotKnowTheService() throws Exception {
        assertThat(probe("", joined(SETTINGS, frame(1, 5, 1, "88" + "40889acac8b21234da8f8208bf"))))
                .contains("probe_success 0\n", "probe_grpc_status_code 12\n", "answers with status 12");
        String plain = "000b" + HexFormat.of().formatHex("grpc-status".getBytes(StandardCharsets.US_ASCII)) + "0135";
        assertThat(probe("", joined(SETTINGS, frame(1, 5, 1, "3f0188" + plain))))
                .contains("probe_success 0\n", "probe_grpc_status_code 5\n");
    }

    @Test
    void failsWhereNobodySpeaksGrpc() throws Exception {
        byte[] http = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(probe("", http))
                .contains("probe_success 0\n", "does not speak HTTP/2", "probe_grpc_status_code 14\n");
        assertThat(probe("", new byte[0])).contains("probe_success 0\n");
        assertThat(probe("", joined(SETTINGS, frame(7, 0, 0, "000000000000000b"))))
                .contains("the server closes the connection, code 11");
    }

    @Test
    void damagedAnswersAreTakenOrRefused() throws Exception {
        DamagedInput.isTakenOrRefused(5_000, state(1), IOException.class, bytes -> {
            GrpcStream stream =
                    new GrpcStream(new java.io.ByteArrayInputStream(bytes), java.io.OutputStream.nullOutputStream());
            assertThat(stream.call(List.of(Map.entry(":path", "/x")), new byte[0]))
                    .isNotNull();
        });
    }
}
