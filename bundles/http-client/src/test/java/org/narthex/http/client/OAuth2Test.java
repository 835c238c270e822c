package org.narthex.http.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Assertion;
import org.narthex.api.http.HttpClientConfig.OAuth2;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClients;

import com.sun.net.httpserver.HttpServer;

class OAuth2Test {
    @TempDir
    Path folder;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private volatile int tokenStatus = 200;
    private volatile int status = 200;
    private HttpServer server;
    private HttpClientsService clients;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/token", exchange -> {
            try (exchange) {
                asked.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                        + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                byte[] answer = ("{\"access_token\":\"t" + asked.size()
                                + "\", \"token_type\": \"bearer\",\"expires_in\":3600}")
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(tokenStatus, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        server.createContext("/", exchange -> {
            try (exchange) {
                seen.add(exchange.getRequestHeaders().getFirst("Authorization"));
                exchange.sendResponseHeaders(status, -1);
            }
        });
        server.start();
        clients = new HttpClientsService(name -> null, () -> now);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        clients.stop();
    }

    private String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    private HttpClientConfig config(Secret secret, Optional<Assertion> assertion) {
        return new HttpClientConfig(
                Optional.empty(),
                Optional.empty(),
                Optional.of(new OAuth2(
                        "me",
                        secret,
                        assertion,
                        List.of("read", "write"),
                        url("/token"),
                        Map.of("audience", "a b"),
                        HttpClientConfig.Tls.DEFAULT,
                        HttpClientConfig.Proxy.NONE)),
                HttpClientConfig.Tls.DEFAULT,
                true,
                true,
                HttpClientConfig.Proxy.NONE,
                Map.of());
    }

    private int send(HttpClientConfig config) throws Exception {
        HttpClients.Client client = clients.client(config);
        return client.http()
                .send(client.request(URI.create(url("/"))).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void fetchesATokenAndKeepsItUntilItEnds() throws Exception {
        HttpClientConfig config = config(Secret.of("s&cret"), Optional.empty());
        assertThat(send(config)).isEqualTo(200);
        assertThat(send(config)).isEqualTo(200);
        assertThat(seen).containsExactly("Bearer t1", "Bearer t1");
        assertThat(asked)
                .containsExactly("Basic "
                        + Base64.getEncoder().encodeToString("me:s%26cret".getBytes(StandardCharsets.UTF_8))
                        + " grant_type=client_credentials&scope=read+write&audience=a+b");
        now = now.plusSeconds(3595);
        send(config);
        assertThat(seen).last().isEqualTo("Bearer t2");
    }

    @Test
    void fetchesAnotherTokenWhenTheSecretChangedOrTheTokenWasRefused() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "one");
        HttpClientConfig config = config(Secret.in(secret), Optional.empty());
        send(config);
        Files.writeString(secret, "two");
        send(config);
        assertThat(seen).containsExactly("Bearer t1", "Bearer t2");
        status = 401;
        assertThat(send(config)).isEqualTo(401);
        send(config);
        assertThat(seen).last().isEqualTo("Bearer t3");
    }

    @Test
    void tellsTheTokenToThoseWhoConnectThemselves() throws Exception {
        HttpClientConfig config = config(Secret.of("s"), Optional.empty());
        assertThat(clients.client(config).accessToken().get(10, TimeUnit.SECONDS))
                .hasValue("Bearer t1");
        send(config);
        assertThat(seen).as("the same").containsExactly("Bearer t1");
        assertThat(clients.client(HttpClientConfig.DEFAULT).accessToken().get()).isEmpty();
    }

    @Test
    void saysThatThereIsNoToken() throws Exception {
        tokenStatus = 400;
        assertThatThrownBy(() -> send(config(Secret.of("s"), Optional.empty())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("localhost gave no token: HTTP status 400");
        assertThat(seen).isEmpty();
        tokenStatus = 200;
        assertThat(send(config(Secret.of("s"), Optional.empty()))).isEqualTo(200);
    }

    @Test
    void provesItselfByASignedAssertion() throws Exception {
        TestCertificate rsa = new TestCertificate(folder, "RSA", "dns:localhost");
        Assertion assertion = new Assertion(
                Secret.in(rsa.pkcs8File(folder)), "k1", "RS384", "issuer", "aud", Map.of("admin", "true"));
        send(config(Secret.of(""), Optional.of(assertion)));
        assertThat(seen).containsExactly("Bearer t1");
        String form = URLDecoder.decode(asked.get(0), StandardCharsets.UTF_8);
        assertThat(form).startsWith("null grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion=");
        String token = form.substring(form.indexOf("assertion=") + 10, form.indexOf("&scope="));
        String[] parts = token.split("\\.", -1);
        Base64.Decoder base64 = Base64.getUrlDecoder();
        assertThat(new String(base64.decode(parts[0]), StandardCharsets.UTF_8))
                .isEqualTo("{\"alg\":\"RS384\",\"typ\":\"JWT\",\"kid\":\"k1\"}");
        assertThat(new String(base64.decode(parts[1]), StandardCharsets.UTF_8))
                .startsWith("{\"iss\":\"issuer\",\"sub\":\"issuer\",\"aud\":\"aud\",\"jti\":\"")
                .endsWith("\"iat\":1767225600,\"exp\":1767229200,\"scope\":\"read write\",\"admin\":true}");
        Signature check = Signature.getInstance("SHA384withRSA");
        check.initVerify(rsa.certificate.getPublicKey());
        check.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(check.verify(base64.decode(parts[2]))).isTrue();
    }
}
