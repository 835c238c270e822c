package org.narthex.channel.email;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.AlertChannel;
import org.narthex.api.alert.Notification;
import org.narthex.api.alert.RejectedException;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.Labels;

class EmailChannelTest {
    private static final Notification NOTIFICATION = new Notification(
            "team",
            "{}:{}",
            Labels.EMPTY,
            java.util.List.of(new Alert(Labels.of("alertname", "Down"), Labels.EMPTY, 1, 0, "")),
            "http://n");

    @TempDir
    private static Path folder;

    private static SSLContext context;

    private FakeMailServer server;

    /** Clients that trust the test's certificate. */
    private static final class TrustingClients implements HttpClients, HttpClients.Client {
        private HttpClientConfig asked;

        @Override
        public Client client(HttpClientConfig config) {
            asked = config;
            return this;
        }

        @Override
        public HttpClient http() {
            return HttpClient.newBuilder().sslContext(context).build();
        }

        @Override
        public HttpRequest.Builder request(URI uri) {
            return HttpRequest.newBuilder(uri);
        }
    }

    private final TrustingClients clients = new TrustingClients();
    private final AlertChannel channel = new EmailChannel(clients);

    @BeforeAll
    static void makeCertificate() throws Exception {
        Path store = folder.resolve("store.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process made = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret")
                .redirectErrorStream(true)
                .start();
        String said = new String(made.getInputStream().readAllBytes(), UTF_8);
        assertThat(made.waitFor()).as(said).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "secret".toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "secret".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private void serve(String... extensions) throws IOException {
        server = new FakeMailServer(context, false, extensions);
    }

    /** A section for the server, with further keys and values. */
    private ConfigNode section(String... more) throws ConfigException {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("to", "Ann <ann@x.org>, bob@y.org");
        texts.put("from", "Us <us@n.org>");
        texts.put("smarthost", "localhost:" + server.port());
        texts.put("require_tls", "false");
        texts.put("hello", "me");
        texts.put("html", "<b>down</b>");
        texts.put("text", ".down");
        for (int i = 0; i < more.length; i += 2) {
            texts.put(more[i], more[i + 1]);
        }
        Map<String, ConfigNode> entries =
                new LinkedHashMap<>(ConfigNode.of(texts).entries());
        entries.put("headers", ConfigNode.of(Map.of("Subject", "It is down", "x-team", "ops")));
        return ConfigNode.mapping("/etc/am.yml", 3, "email_configs[0]", entries);
    }

    @Test
    void handsOverTheMessage() throws Exception {
        serve();
        channel.send(NOTIFICATION, section());
        assertThat(server.commands)
                .containsExactly(
                        "EHLO me",
                        "MAIL FROM:<us@n.org>",
                        "RCPT TO:<ann@x.org>",
                        "RCPT TO:<bob@y.org>",
                        "DATA",
                        "QUIT");
        String message = server.messages.get(0);
        assertThat(message)
                .contains("Subject: It is down\n")
                .contains("X-Team: ops\n")
                .contains("To: Ann <ann@x.org>, bob@y.org\n")
                .contains("From: Us <us@n.org>\n")
                .containsPattern("Message-Id: <[-0-9a-f]+@.+>\n")
                .containsPattern("Date: .+ [-+]\\d{4}\n|Date: .+ GMT\n")
                .containsPattern(
                        "(?s)Content-Type: text/plain; charset=UTF-8\n\n\\.down\n.*text/html; charset=UTF-8\n\n<b>down</b>\n");
    }

    @Test
    void encryptsByStarttls() throws Exception {
        serve("STARTTLS", "AUTH PLAIN");
        channel.send(
                NOTIFICATION,
                section("require_tls", "true", "auth_username", "u", "auth_password", "p", "auth_identity", "i"));
        assertThat(server.commands).startsWith("EHLO me", "STARTTLS", "EHLO me");
        String login = Base64.getEncoder().encodeToString("i\0u\0p".getBytes(UTF_8));
        assertThat(server.commands).contains("AUTH PLAIN " + login);
        assertThat(server.messages).hasSize(1);
    }

    @Test
    void insistsOnEncryption() throws Exception {
        serve();
        assertThatThrownBy(() -> channel.send(NOTIFICATION, section("require_tls", "true")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("does not advertise the STARTTLS extension");
        assertThat(server.messages).isEmpty();
    }

    @Test
    void encryptsFromTheFirstByte() throws Exception {
        server = new FakeMailServer(context, true);
        channel.send(NOTIFICATION, section("force_implicit_tls", "true"));
        assertThat(server.messages).hasSize(1);
    }

    @Test
    void takesTlsAsConfigured() throws Exception {
        server = new FakeMailServer(context, true);
        ConfigNode plain = section("force_implicit_tls", "true", "smarthost", "127.0.0.1:" + server.port());
        Map<String, ConfigNode> entries = new LinkedHashMap<>(plain.entries());
        entries.put("tls_config", ConfigNode.of(Map.of("server_name", "localhost", "ca_file", "/etc/ca.pem")));
        channel.send(NOTIFICATION, ConfigNode.mapping("/etc/am.yml", 3, "email_configs[0]", entries));
        assertThat(server.messages).hasSize(1);
        assertThat(clients.asked.tls().ca().orElseThrow().file()).contains(Path.of("/etc/ca.pem"));
        assertThat(clients.asked.tls().serverName()).isEqualTo("localhost");
    }

    @Test
    void distrustsACertificateForAnotherName() throws Exception {
        server = new FakeMailServer(context, true);
        ConfigNode section = section("force_implicit_tls", "true", "smarthost", "127.0.0.1:" + server.port());
        assertThatThrownBy(() -> channel.send(NOTIFICATION, section)).isInstanceOf(IOException.class);
        assertThat(server.messages).isEmpty();
    }

    @Test
    void logsInByLogin() throws Exception {
        serve("AUTH LOGIN");
        server.replies.put("AUTH LOGIN", "334 VXNlcm5hbWU6");
        server.replies.put("dQ==", "334 UGFzc3dvcmQ6");
        server.replies.put("cHc=", "235 in");
        Path file = Files.writeString(folder.resolve("password"), "pw\n");
        channel.send(NOTIFICATION, section("auth_username", "u", "auth_password_file", file.toString()));
        assertThat(server.commands).containsSequence("AUTH LOGIN", "dQ==", "cHc=");
    }

    /** The example of RFC 2195. */
    @Test
    void logsInByCramMd5() throws Exception {
        serve("AUTH=PLAIN CRAM-MD5", "AUTH CRAM-MD5 PLAIN");
        server.replies.put("AUTH CRAM-MD5", "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+");
        channel.send(NOTIFICATION, section("auth_username", "tim", "auth_secret", "tanstaaftanstaaf"));
        assertThat(server.commands).contains("dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
    }

    @Test
    void saysWhyItCannotLogIn() throws Exception {
        serve("AUTH GSSAPI PLAIN");
        assertThatThrownBy(() -> channel.send(NOTIFICATION, section("auth_username", "u")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("unknown auth mechanism: GSSAPI; missing password for PLAIN auth mechanism");
    }

    @Test
    void asksForRetryWhileTheServerIsBusyAndGivesUpWhenItRefuses() throws Exception {
        serve();
        server.replies.put("RCPT", "451 later");
        assertThatThrownBy(() -> channel.send(NOTIFICATION, section()))
                .isInstanceOf(IOException.class)
                .hasMessage("localhost:" + server.port() + " answered to RCPT: 451 later");
        server.replies.put("RCPT", "550 who?");
        assertThatThrownBy(() -> channel.send(NOTIFICATION, section()))
                .isInstanceOf(RejectedException.class)
                .hasMessageContaining("550 who?");
        server.replies.clear();
        server.replies.put("(message)", "452 full");
        assertThatThrownBy(() -> channel.send(NOTIFICATION, section())).isInstanceOf(IOException.class);
        server.replies.clear();
        channel.send(NOTIFICATION, section());
        assertThat(server.messages).hasSize(1);
    }

    @Test
    void asksForRetryWhenNobodyListens() throws Exception {
        serve();
        ConfigNode section = section("auth_password", "s3cret");
        server.close();
        assertThatThrownBy(() -> channel.send(NOTIFICATION, section))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was not reached");
    }

    @Test
    void givesUpOnAddressesThatAreNone() throws Exception {
        serve();
        assertThatThrownBy(() -> channel.send(NOTIFICATION, section("to", "nobody")))
                .isInstanceOf(RejectedException.class)
                .hasMessage("not a mail address: \"nobody\"");
        assertThatThrownBy(() -> channel.send(NOTIFICATION, section("from", "a@b, c@d")))
                .isInstanceOf(RejectedException.class)
                .hasMessage("must be exactly one 'from' address (got: 2)");
    }

    @Test
    void checksItsSection() throws Exception {
        serve();
        channel.check(section());
        assertThatThrownBy(() -> channel.check(section("smarthost", "mail:99999")))
                .hasMessageContaining("not a port: 99999");
        assertThatThrownBy(() -> channel.check(section("smarthos", "mail:25")))
                .hasMessageContaining("did you mean smarthost?");
    }
}
