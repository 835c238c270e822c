package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixProberTest {
    @TempDir
    private Path folder;

    /** The server's part of a conversation. */
    private interface Part {
        void play(SocketChannel channel) throws Exception;
    }

    /** The page of a probe of a server that plays the part; parameters beside the target are those of the request. */
    private String probe(String section, Map<String, String> parameters, Part part) throws Exception {
        Path file = folder.resolve("probed.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(file));
            CompletableFuture<Void> played = CompletableFuture.runAsync(
                    () -> {
                        try (SocketChannel channel = server.accept()) {
                            part.play(channel);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    task -> new Thread(task, "fake-unix").start());
            String page = probe(section, file.toString(), parameters);
            played.get(10, TimeUnit.SECONDS);
            return page;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String probe(String section, String target, Map<String, String> parameters) throws IOException {
        Map<String, String> all = new HashMap<>(parameters);
        all.putAll(Map.of("module", "m", "target", target, "debug", "true"));
        String yaml = "modules:\n  m:\n    prober: unix\n    timeout: 3s\n    unix:\n" + section.indent(6);
        return Probes.ask(yaml, all).body();
    }

    private static void say(SocketChannel channel, String text) throws IOException {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String hear(SocketChannel channel) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = Channels.newInputStream(channel).read();
                b >= 0 && b != '\n';
                b = Channels.newInputStream(channel).read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    @Test
    void connects() throws Exception {
        assertThat(probe("", Map.of(), channel -> {}))
                .contains(
                        "probe_success 1\n",
                        "probe_duration_seconds ",
                        "probe_failed_due_to_regex 0\n",
                        "probe_failed_due_to_bytes 0\n")
                .doesNotContain("probe_ip_protocol", "probe_dns_lookup_time_seconds");
        assertThat(probe("", folder.resolve("nowhere").toString(), Map.of()))
                .contains("probe_success 0\n", "unix socket ", "nowhere: ");
        assertThat(probe("", "a".repeat(500), Map.of())).contains("probe_success 0\n", "too long");
    }

    @Test
    void holdsAConversation() throws Exception {
        String steps = """
                query_response:
                  - expect: '^hello ([a-z]+)$'
                    send: "you are ${1}"
                    labels: [{ name: who, value: '$1' }]
                  - expect_bytes: "\\x01\\x02ok"
                """;
        assertThat(probe(steps, Map.of(), channel -> {
                    say(channel, "hello all\n");
                    assertThat(hear(channel)).isEqualTo("you are all");
                    say(channel, "\u0001\u0002ok");
                }))
                .contains("probe_success 1\n", "probe_expect_info{who=\"all\"} 1\n", "probe_failed_due_to_bytes 0\n");
        assertThat(probe(steps, Map.of(), channel -> {
                    say(channel, "hello all\n");
                    hear(channel);
                    say(channel, "\u0001\u0002no");
                }))
                .contains("probe_success 0\n", "probe_failed_due_to_regex 0\n", "probe_failed_due_to_bytes 1\n");
    }

    @Test
    void endsInTimeWhenTheServerSaysNothing() throws Exception {
        assertThat(probe("query_response: [{ expect: hello }]", Map.of("scrape-timeout", "0.7"), this::hearAll))
                .contains("probe_success 0\n", "probe_failed_due_to_regex 0\n", "Read timed out");
    }

    private void hearAll(SocketChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        while (channel.read(buffer) >= 0) {
            buffer.clear();
        }
    }

    @Test
    void speaksTls() throws Exception {
        ServerKey key = new ServerKey(folder);
        Part greeting = channel -> greet(channel, key);
        String section = "tls: true\nquery_response: [{ expect: '^hello$' }]\ntls_config: { ";
        String trust = "ca_file: " + key.certificate;
        assertThat(probe(section + trust + ", server_name: localhost }", Map.of(), greeting))
                .contains("probe_success 1\n", "probe_ssl_earliest_cert_expiry 1", "probe_tls_version_info{");
        assertThat(probe(section + "insecure_skip_verify: true }", Map.of(), greeting))
                .contains("probe_success 1\n");
        assertThat(probe(section + trust + " }", Map.of("hostname", "localhost"), greeting))
                .contains("probe_success 1\n");
        assertThat(probe(section + trust + " }", Map.of("hostname", "other.example"), greeting))
                .contains("probe_success 0\n");
        assertThat(probe(section + trust + " }", "/nowhere", Map.of()))
                .contains("probe_success 0\n", "tls_config needs server_name");
    }

    /** Shakes hands and says hello, or ends when the other side does not go along. */
    private static void greet(SocketChannel channel, ServerKey key) throws Exception {
        SSLEngine engine = key.context.createSSLEngine();
        engine.setUseClientMode(false);
        ByteBuffer in = ByteBuffer.allocate(1 << 16);
        ByteBuffer out = ByteBuffer.allocate(1 << 16);
        ByteBuffer unused = ByteBuffer.allocate(1 << 16);
        boolean said = false;
        engine.beginHandshake();
        try {
            while (!engine.isInboundDone()) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    case NEED_WRAP -> write(engine, ByteBuffer.allocate(0), out, channel);
                    default -> {
                        if (!said && engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING) {
                            write(engine, ByteBuffer.wrap("hello\n".getBytes(StandardCharsets.UTF_8)), out, channel);
                            said = true;
                        }
                        if (in.position() == 0 && channel.read(in) < 0) {
                            return;
                        }
                        in.flip();
                        SSLEngineResult.Status status =
                                engine.unwrap(in, unused.clear()).getStatus();
                        in.compact();
                        if (status == SSLEngineResult.Status.BUFFER_UNDERFLOW && channel.read(in) < 0) {
                            return;
                        }
                    }
                }
            }
        } catch (IOException e) {
            // The other side does not trust this one.
        }
    }

    private static void write(SSLEngine engine, ByteBuffer text, ByteBuffer out, SocketChannel channel)
            throws IOException {
        engine.wrap(text, out.clear());
        channel.write(out.flip());
    }
}
