package org.narthex.http.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.AwsSigning;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClients;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/** A service that makes the signature anew of what it received, and takes nothing else. */
class SigningTest {
    private static final Map<String, String> SECRETS =
            Map.of("AK", "SK", "EK", "ES", "PK", "PS", "R1", "RS", "R2", "RS");

    @TempDir
    Path folder;

    private final List<String> taken = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private Instant now = Instant.parse("2026-11-29T02:00:00Z");
    private int roles;
    private HttpServer server;
    private HttpClientsService clients;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::take);
        server.start();
        clients = new HttpClientsService(environment::get, () -> now);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        clients.stop();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!isSigned(exchange, body)) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            String text = new String(body, UTF_8);
            taken.add(exchange.getRequestHeaders().getFirst("Authorization").replaceAll(".*Credential=([^,]*),.*", "$1")
                    + " " + text);
            byte[] answer = text.startsWith("Action=AssumeRole") ? role() : new byte[] {'o', 'k'};
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private byte[] role() {
        roles++;
        return ("<A><Credentials><AccessKeyId>R" + roles + "</AccessKeyId><SecretAccessKey>RS</SecretAccessKey>"
                        + "<SessionToken>tok</SessionToken><Expiration>" + now.plusSeconds(3600)
                        + "</Expiration></Credentials></A>")
                .getBytes(UTF_8);
    }

    /** As the documentation of the signatures says, step by step. */
    private static boolean isSigned(HttpExchange exchange, byte[] body) {
        try {
            Headers headers = exchange.getRequestHeaders();
            String authorization = headers.getFirst("Authorization");
            String[] scope =
                    authorization.replaceAll(".*Credential=([^,]*),.*", "$1").split("/");
            String names = authorization.replaceAll(".*SignedHeaders=([^,]*),.*", "$1");
            StringBuilder canonical = new StringBuilder(exchange.getRequestMethod() + "\n")
                    .append(exchange.getRequestURI().getRawPath())
                    .append("\n\n");
            for (String name : names.split(";")) {
                canonical
                        .append(name)
                        .append(':')
                        .append(headers.getFirst(name))
                        .append('\n');
            }
            canonical.append('\n').append(names).append('\n').append(hash(body));
            byte[] key = ("AWS4" + SECRETS.get(scope[0])).getBytes(UTF_8);
            for (int i = 1; i < scope.length; i++) {
                key = hmac(key, scope[i]);
            }
            String text = "AWS4-HMAC-SHA256\n" + headers.getFirst("X-Amz-Date") + "\n"
                    + String.join("/", List.of(scope).subList(1, scope.length)) + "\n"
                    + hash(canonical.toString().getBytes(UTF_8));
            return authorization.endsWith("Signature=" + HexFormat.of().formatHex(hmac(key, text)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hash(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private int send(AwsSigning signing) throws Exception {
        HttpClients.Client client = clients.client(HttpClientConfig.DEFAULT.withAws(signing));
        URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/api/v2/alerts");
        return client.http()
                .send(
                        client.request(url)
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString("[]"))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static AwsSigning signing(String region, String id, String secret, String profile, String role) {
        return new AwsSigning("aps", region, id, Secret.of(secret), profile, role, "", false);
    }

    @Test
    void signsWhatIsSent() throws Exception {
        assertThat(send(signing("eu-west-1", "AK", "SK", "", ""))).isEqualTo(200);
        assertThat(taken).containsExactly("AK/20261129/eu-west-1/aps/aws4_request []");
        assertThat(send(signing("eu-west-1", "AK", "wrong", "", ""))).isEqualTo(403);
    }

    @Test
    void takesKeysOfTheEnvironmentAndOfProfiles() throws Exception {
        environment.putAll(Map.of("AWS_ACCESS_KEY_ID", "EK", "AWS_SECRET_ACCESS_KEY", "ES", "AWS_REGION", "r1"));
        assertThat(send(signing("", "", "", "", ""))).isEqualTo(200);
        Path file = Files.writeString(folder.resolve("credentials"), """
                [default]
                aws_access_key_id = DK
                [ops]
                aws_access_key_id = PK
                aws_secret_access_key = PS
                """);
        environment.put("AWS_SHARED_CREDENTIALS_FILE", file.toString());
        assertThat(send(signing("r2", "", "", "ops", ""))).isEqualTo(200);
        assertThat(taken).containsExactly("EK/20261129/r1/aps/aws4_request []", "PK/20261129/r2/aps/aws4_request []");
        assertThatThrownBy(() -> send(signing("r2", "", "", "none", "")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no profile none with keys in " + file);
        environment.remove("AWS_REGION");
        assertThatThrownBy(() -> send(signing("", "AK", "SK", "", "")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("region not configured");
    }

    @Test
    void takesOnARoleUntilItEnds() throws Exception {
        environment.put(
                "AWS_ENDPOINT_URL_STS",
                "http://localhost:" + server.getAddress().getPort() + "/");
        AwsSigning signing = signing("r", "AK", "SK", "", "arn:aws:iam::1:role/a");
        assertThat(send(signing)).isEqualTo(200);
        assertThat(send(signing)).isEqualTo(200);
        assertThat(taken)
                .containsExactly(
                        "AK/20261129/r/sts/aws4_request Action=AssumeRole&Version=2011-06-15"
                                + "&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa&RoleSessionName=narthex",
                        "R1/20261129/r/aps/aws4_request []", "R1/20261129/r/aps/aws4_request []");
        now = now.plusSeconds(3400);
        assertThat(send(signing)).isEqualTo(200);
        assertThat(taken).last().isEqualTo("R2/20261129/r/aps/aws4_request []");
    }

    @Test
    void saysThatARoleWasRefused() {
        environment.put(
                "AWS_ENDPOINT_URL_STS",
                "http://localhost:" + server.getAddress().getPort() + "/");
        assertThatThrownBy(() -> send(signing("r", "AK", "wrong", "", "arn")))
                .hasMessageContaining("the role was refused: HTTP status 403 of localhost");
    }
}
