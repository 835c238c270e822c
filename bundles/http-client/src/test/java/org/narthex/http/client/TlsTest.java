package org.narthex.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClients;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

/** Calls a real server over TLS; its certificate is for localhost and other.example. */
class TlsTest {
    @TempDir
    private static Path keys;

    private static TestCertificate rsa;

    @TempDir
    private Path folder;

    private final HttpClientsService clients = new HttpClientsService();
    private HttpsServer server;
    private boolean needsClient;

    @BeforeAll
    static void makeKey() throws Exception {
        rsa = new TestCertificate(keys, "RSA", "dns:localhost,dns:*.other.example");
    }

    @BeforeEach
    void start() throws Exception {
        SSLContext context = rsa.serverContext();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(needsClient);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        clients.stop();
    }

    private int get(String host, HttpClientConfig.Tls tls) throws Exception {
        HttpClientConfig config = HttpClientConfig.DEFAULT.withTls(tls);
        HttpClients.Client client = clients.client(config);
        URI uri = URI.create("https://" + host + ":" + server.getAddress().getPort() + "/");
        return client.http()
                .send(client.request(uri).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static HttpClientConfig.Tls tls(Path ca, Path cert, Path key, String name, boolean insecure) {
        return new HttpClientConfig.Tls(
                Optional.ofNullable(ca).map(Secret::in),
                Optional.ofNullable(cert).map(Secret::in),
                Optional.ofNullable(key).map(Secret::in),
                name,
                insecure,
                "",
                "");
    }

    @Test
    void trustsTheNamedAuthority() throws Exception {
        Path ca = rsa.certificateFile(folder);
        assertThat(get("localhost", tls(ca, null, null, "", false))).isEqualTo(204);
        assertThatThrownBy(() -> get("localhost", HttpClientConfig.Tls.DEFAULT)).isInstanceOf(IOException.class);
    }

    @Test
    void checksTheNameItIsTold() throws Exception {
        Path ca = rsa.certificateFile(folder);
        assertThatThrownBy(() -> get("127.0.0.1", tls(ca, null, null, "", false)))
                .as("the certificate is not for this address")
                .isInstanceOf(IOException.class);
        assertThat(get("127.0.0.1", tls(ca, null, null, "localhost", false))).isEqualTo(204);
        assertThat(get("127.0.0.1", tls(ca, null, null, "a.other.example", false)))
                .isEqualTo(204);
        assertThatThrownBy(() -> get("127.0.0.1", tls(ca, null, null, "a.b.other.example", false)))
                .hasMessageContaining("not valid for a.b.other.example");
    }

    @Test
    void trustsAnyoneIfToldTo() throws Exception {
        assertThat(get("127.0.0.1", tls(null, null, null, "", true))).isEqualTo(204);
    }

    @Test
    void showsItsCertificateWithAKeyOfEitherForm() throws Exception {
        needsClient = true;
        Path ca = rsa.certificateFile(folder);
        assertThatThrownBy(() -> get("localhost", tls(ca, null, null, "", false)))
                .isInstanceOf(IOException.class);
        assertThat(get("localhost", tls(ca, ca, rsa.pkcs8File(folder), "", false)))
                .isEqualTo(204);
        assertThat(get("localhost", tls(ca, ca, rsa.traditionalFile(folder), "", false)))
                .isEqualTo(204);
    }

    @Test
    void readsKeysOfEllipticCurves() throws Exception {
        TestCertificate ec = new TestCertificate(folder, "EC", "dns:localhost");
        // Equal as numbers: the encoding may name the curve once more.
        BigInteger secret = ((ECPrivateKey) ec.key).getS();
        for (Path file : List.of(ec.pkcs8File(folder), ec.traditionalFile(folder))) {
            assertThat(((ECPrivateKey) Pem.privateKey(Pem.Source.of("key", Secret.in(file)))).getS())
                    .isEqualTo(secret);
        }
    }

    @Test
    void namesTheFileThatIsBad() throws Exception {
        Path missing = folder.resolve("missing.pem");
        assertThatThrownBy(() -> get("localhost", tls(missing, null, null, "", false)))
                .hasMessageContaining("missing.pem");
        Path junk = Files.writeString(folder.resolve("junk.pem"), "no PEM at all");
        assertThatThrownBy(() -> get("localhost", tls(junk, null, null, "", false)))
                .hasMessage(junk + ": holds no certificate");
        Path cert = rsa.certificateFile(folder);
        assertThatThrownBy(() -> get("localhost", tls(null, cert, junk, "", false)))
                .hasMessage(junk + ": holds no private key");
        assertThatThrownBy(() -> get("localhost", tls(null, cert, null, "", false)))
                .hasMessageContaining("needs both");
    }

    @Test
    void takesPemInPlace() throws Exception {
        needsClient = true;
        String certificate = Files.readString(rsa.certificateFile(folder));
        String key = Files.readString(rsa.pkcs8File(folder));
        HttpClientConfig.Tls inPlace = new HttpClientConfig.Tls(
                Optional.of(Secret.of(certificate)),
                Optional.of(Secret.of(certificate)),
                Optional.of(Secret.of(key)),
                "",
                false,
                "",
                "");
        assertThat(get("localhost", inPlace)).isEqualTo(204);
        HttpClientConfig.Tls junk = new HttpClientConfig.Tls(
                Optional.of(Secret.of("junk")), Optional.empty(), Optional.empty(), "", false, "", "");
        assertThatThrownBy(() -> get("localhost", junk)).hasMessage("ca: holds no certificate");
    }

    @Test
    void speaksTheVersionsItIsToldTo() {
        assertThat(versions("", "")).containsExactly("TLSv1.2", "TLSv1.3");
        assertThat(versions("TLS13", "")).containsExactly("TLSv1.3");
        assertThat(versions("", "TLS12")).containsExactly("TLSv1.2");
        assertThat(versions("TLS10", "TLS12")).containsExactly("TLSv1", "TLSv1.1", "TLSv1.2");
        assertThat(versions("", "TLS11")).containsExactly("TLSv1.1");
    }

    private static String[] versions(String min, String max) {
        return TlsContext.parameters(new HttpClientConfig.Tls(
                        Optional.empty(), Optional.empty(), Optional.empty(), "", false, min, max))
                .getProtocols();
    }
}
