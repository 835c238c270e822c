package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcpProberTest {
    @TempDir
    private Path folder;

    /** The server's part of a conversation. */
    private interface Part {
        void play(Socket socket) throws Exception;
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hear(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = socket.getInputStream().read();
                b >= 0 && b != '\n';
                b = socket.getInputStream().read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    /** The page of a probe of a server that plays the part. */
    private static String probe(String section, Part part) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<Void> played = CompletableFuture.runAsync(() -> {
                try (Socket socket = server.accept()) {
                    part.play(socket);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            String page = Probes.probe("tcp", section, "127.0.0.1:" + server.getLocalPort());
            played.get(10, TimeUnit.SECONDS);
            return page;
        }
    }

    @Test
    void connects() throws Exception {
        assertThat(probe("", socket -> {}))
                .contains("probe_success 1\n", "probe_ip_protocol 4\n", "probe_failed_due_to_regex 0\n");
        int port;
        try (ServerSocket server = new ServerSocket(0)) {
            port = server.getLocalPort();
        }
        assertThat(Probes.probe("tcp", "", "127.0.0.1:" + port)).contains("probe_success 0\n", "refused");
        assertThat(Probes.probe("tcp", "", "127.0.0.1")).contains("probe_success 0\n", "missing port in address");
    }

    @Test
    void holdsAConversation() throws Exception {
        List<String> heard = new ArrayList<>();
        String steps = """
                query_response:
                  - expect: '^220 ([^ ]+) (?P<software>.+)$'
                    labels:
                      - { name: host, value: '$1' }
                      - { name: software, value: '${software}' }
                    send: "HELLO ${1}"
                  - send: 'pass $1word'
                  - expect: "^250"
                """;
        String page = probe(steps, socket -> {
            say(socket, "welcome\r\n220 mail.example Sender 3\r\n");
            heard.add(hear(socket));
            heard.add(hear(socket));
            say(socket, "250 fine");
        });
        assertThat(heard).containsExactly("HELLO mail.example", "pass $1word");
        assertThat(page.split("\nprobe_failed_due_to_regex ", -1))
                .as("said once")
                .hasSize(2);
        assertThat(page)
                .contains(
                        "probe_success 1\n",
                        "probe_failed_due_to_regex 0\n",
                        "probe_expect_info{host=\"mail.example\",software=\"Sender 3\"} 1\n");
    }

    @Test
    void failsWhenTheExpectedDoesNotCome() throws Exception {
        assertThat(probe("query_response: [{ expect: '^OK' }]", socket -> say(socket, "NO\n")))
                .contains("probe_success 0\n", "probe_failed_due_to_regex 1\n", "Read line line=NO");
    }

    @Test
    void speaksTlsAtOnceOrLater() throws Exception {
        ServerKey key = new ServerKey(folder);
        String trust = "tls_config: { ca_file: " + key.certificate + " }\n";
        Part greeting = socket -> {
            SSLSocket safe = (SSLSocket) key.context.getSocketFactory().createSocket(socket, null, 0, true);
            safe.setUseClientMode(false);
            say(safe, "hello\n");
            hear(safe);
        };
        assertThat(probe("tls: true\nquery_response: [{ expect: hello }]\n" + trust, greeting))
                .contains("probe_success 1\n", "probe_ssl_earliest_cert_expiry 1", "probe_tls_version_info{");
        String later =
                "query_response: [{ expect: ready }, { send: STARTTLS }, { starttls: true }, { expect: hello }]\n";
        assertThat(probe(later + trust, socket -> {
                    say(socket, "ready\n");
                    assertThat(hear(socket)).isEqualTo("STARTTLS");
                    greeting.play(socket);
                }))
                .contains("probe_success 1\n", "probe_ssl_last_chain_info{");
    }

    @Test
    void aServerWithoutTlsFailsWhereThatIsExpected() throws Exception {
        assertThat(probe("tls: true", socket -> {
                    try (BufferedReader in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))) {
                        in.read();
                        say(socket, "what?\n");
                    }
                }))
                .contains("probe_success 0\n");
    }
}
