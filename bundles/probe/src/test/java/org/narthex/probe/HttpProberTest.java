package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.testkit.DamagedInput;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

class HttpProberTest {
    private static final String SKIP = "\nskip_resolve_phase_with_proxy: true";

    @TempDir
    private static Path folder;

    private static ServerKey key;

    private final ConcurrentLinkedQueue<Headers> asked = new ConcurrentLinkedQueue<>();
    private final AtomicReference<String> received = new AtomicReference<>("");
    private HttpServer server;
    private HttpsServer secure;

    @BeforeAll
    static void makeKey() throws Exception {
        key = new ServerKey(folder);
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        secure = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(key.context));
        for (HttpServer each : List.of(server, secure)) {
            answer(each, "/ok", 200, Map.of("X-Kind", "fine"), "all is well");
            answer(each, "/bad", 503, Map.of(), "");
            answer(each, "/dated", 200, Map.of("Last-Modified", "Tue, 14 Nov 2023 22:13:20 GMT"), "");
            answer(each, "/again", 302, Map.of("Location", "/ok"), "");
            answer(each, "/loop", 301, Map.of("Location", "/loop"), "");
            for (String encoding : List.of("gzip", "br", "zlib", "deflate")) {
                answer(each, "/packed/" + encoding, 200, Map.of(), packed(encoding));
            }
            each.start();
        }
        answer(server, "/cookie", 302, Map.of("Location", "/ok", "Set-Cookie", "session=s1; Path=/"), "");
        answer(server, "/moved", 303, Map.of("Location", "/ok"), "");
        answer(server, "/kept", 308, Map.of("Location", "/ok"), "");
        answer(server, "/dead", 302, Map.of("Location", "http://127.0.0.1:1/"), "");
        answer(server, "/none", 204, Map.of(), "");
        answer(server, "/token", 200, Map.of(), "{\"access_token\":\"t1\",\"token_type\":\"bearer\"}");
        answer(server, "/away", 307, Map.of("Location", "http://localhost:" + port(server) + "/ok"), "");
    }

    @AfterEach
    void stop() {
        server.stop(0);
        secure.stop(0);
    }

    private static int port(HttpServer server) {
        return server.getAddress().getPort();
    }

    private void answer(HttpServer on, String path, int status, Map<String, String> headers, String body) {
        answer(on, path, status, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(HttpServer on, String path, int status, Map<String, String> headers, byte[] body) {
        on.createContext(path, exchange -> {
            asked.add(exchange.getRequestHeaders());
            received.set(exchange.getRequestMethod() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            headers.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    /** A text, packed in several ways. */
    private static byte[] packed(String encoding) throws IOException {
        if (encoding.equals("br")) {
            return HexFormat.of().parseHex("0b05807061636b6564207465787403");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, encoding.equals("deflate"));
        try (OutputStream packed =
                encoding.equals("gzip") ? new GZIPOutputStream(out) : new DeflaterOutputStream(out, deflater)) {
            packed.write("packed text".getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private String probe(String section, String path) throws IOException {
        return Probes.probe("http", section, "127.0.0.1:" + port(server) + path);
    }

    private String probeSecurely(String section) throws IOException {
        return Probes.probe("http", section, "https://127.0.0.1:" + port(secure) + "/ok");
    }

    @Test
    void tellsAboutAGoodAnswer() throws Exception {
        assertThat(probe("", "/ok"))
                .contains(
                        "probe_success 1\n",
                        "probe_http_status_code 200\n",
                        "probe_http_content_length 11\n",
                        "probe_http_uncompressed_body_length 11\n",
                        "probe_http_redirects 0\n",
                        "probe_http_ssl 0\n",
                        "probe_http_version 1.1\n",
                        "probe_ip_protocol 4\n",
                        // FNV-1a of 7f 00 00 01
                        "probe_ip_addr_hash 3.668918509e+09\n",
                        "probe_http_duration_seconds{phase=\"connect\"} ",
                        "probe_http_duration_seconds{phase=\"processing\"} ",
                        "probe_http_duration_seconds{phase=\"resolve\"} ",
                        "probe_http_duration_seconds{phase=\"tls\"} 0\n",
                        "probe_http_duration_seconds{phase=\"transfer\"} ",
                        "probe_dns_lookup_time_seconds ",
                        "probe_duration_seconds ")
                .contains("probe_failed_due_to_regex 0\n")
                .doesNotContain("probe_ssl_");
        assertThat(probe("", "/dated")).contains("probe_http_last_modified_timestamp_seconds 1.7e+09\n");
    }

    @Test
    void judgesTheStatusCode() throws Exception {
        assertThat(probe("", "/bad")).contains("probe_success 0\n", "probe_http_status_code 503\n");
        assertThat(probe("valid_status_codes: [503]", "/bad")).contains("probe_success 1\n");
        assertThat(probe("valid_http_versions: [HTTP/2.0]", "/ok")).contains("probe_success 0\n");
        assertThat(probe("valid_http_versions: [HTTP/1.1]", "/ok")).contains("probe_success 1\n");
    }

    @Test
    void followsRedirects() throws Exception {
        assertThat(probe("", "/again")).contains("probe_success 1\n", "probe_http_redirects 1\n");
        assertThat(probe("follow_redirects: false", "/again"))
                .contains("probe_success 0\n", "probe_http_status_code 302\n", "probe_http_redirects 1\n");
        assertThat(probe("follow_redirects: false\nvalid_status_codes: [302]", "/again"))
                .contains("probe_success 1\n");
        assertThat(probe("no_follow_redirects: true\nvalid_status_codes: [302]", "/again"))
                .contains("probe_success 1\n");
        assertThat(probe("no_follow_redirects: false\nfollow_redirects: false", "/again"))
                .contains("probe_success 1\n", "probe_http_redirects 1\n");
        assertThat(probe("", "/loop"))
                .contains("probe_success 0\n", "probe_http_redirects 11\n", "probe_http_status_code 301\n");
        assertThat(probe("", "/dead"))
                .contains("probe_success 0\n", "probe_http_redirects 1\n", "probe_http_status_code 0\n", "refused");
    }

    @Test
    void redirectsKeepOrChangeTheRequest() throws Exception {
        String section = "method: POST\nbody: a body";
        assertThat(probe(section, "/moved")).contains("probe_success 1\n");
        assertThat(received).hasValue("GET ");
        assertThat(probe(section, "/kept")).contains("probe_success 1\n");
        assertThat(received).hasValue("POST a body");
        asked.clear();
        probe("headers: { Host: other.example, Cookie: a=b }", "/cookie");
        assertThat(asked.poll().getFirst("Cookie")).isEqualTo("a=b");
        Headers second = asked.poll();
        assertThat(second.getFirst("Cookie")).isEqualTo("a=b; session=s1");
        assertThat(second.getFirst("Host")).isEqualTo("other.example");
    }

    @Test
    void answersThatMayHaveNoBodyHaveNone() throws Exception {
        assertThat(probe("", "/none"))
                .contains("probe_success 1\n", "probe_http_content_length 0\n", "body_length 0\n");
        assertThat(probe("method: HEAD", "/bad")).contains("probe_http_status_code 503\n");
    }

    @Test
    void sendsCredentialsAndHeadersFromFiles() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "geheim\n");
        probe("basic_auth: { username: u, password_file: " + secret + " }", "/ok");
        assertThat(asked.poll().getFirst("Authorization"))
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString("u:geheim".getBytes(StandardCharsets.UTF_8)));
        probe("authorization: { type: Token, credentials_file: " + secret + " }", "/ok");
        assertThat(asked.poll().getFirst("Authorization")).isEqualTo("Token geheim");
        probe("bearer_token_file: " + secret, "/ok");
        assertThat(asked.poll().getFirst("Authorization")).isEqualTo("Bearer geheim");
        probe("bearer_token: other", "/ok");
        assertThat(asked.poll().getFirst("Authorization")).isEqualTo("Bearer other");
        probe("http_headers: { X-Kind: { values: [a], secrets: [b], files: [" + secret + "] } }", "/ok");
        assertThat(asked.poll().get("X-Kind")).containsExactly("a", "b", "geheim");
        assertThat(probe("bearer_token_file: " + folder.resolve("nowhere"), "/ok"))
                .contains("probe_success 0\n", "nowhere");
    }

    @Test
    void userAndPasswordOfTheUrlCount() throws Exception {
        assertThat(Probes.probe("http", "", "http://u:p%40@127.0.0.1:" + port(server) + "/ok"))
                .contains("probe_success 1\n", "url=http://127.0.0.1:" + port(server) + "/ok");
        Headers headers = asked.poll();
        assertThat(headers.getFirst("Authorization"))
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString("u:p@".getBytes(StandardCharsets.UTF_8)));
        assertThat(headers.getFirst("Host")).isEqualTo("127.0.0.1:" + port(server));
        Probes.probe("http", "bearer_token: t", "http://u:p@127.0.0.1:" + port(server) + "/ok");
        assertThat(asked.poll().getFirst("Authorization")).isEqualTo("Bearer t");
    }

    @Test
    void asksForAnAccessToken() throws Exception {
        Path secret = Files.writeString(folder.resolve("client"), "geheim\n");
        String section = "oauth2: { client_id: me, client_secret_file: " + secret
                + ", scopes: [a, b], token_url: 'http://127.0.0.1:" + port(server) + "/token' }";
        assertThat(probe(section, "/away")).contains("probe_success 1\n", "probe_http_redirects 1\n");
        assertThat(asked.poll().getFirst("Authorization"))
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString("me:geheim".getBytes(StandardCharsets.UTF_8)));
        assertThat(asked.poll().getFirst("Authorization")).isEqualTo("Bearer t1");
        assertThat(asked.poll().getFirst("Authorization")).as("on another host").isNull();
        probe(section, "/ok");
        assertThat(asked.poll().getFirst("Authorization")).as("kept").isEqualTo("Bearer t1");
        assertThat(probe(section.replace("/token", "/bad"), "/ok"))
                .contains("probe_success 0\n", "127.0.0.1 gave no token: HTTP status 503");
    }

    @Test
    void credentialsDoNotGoToAnotherHost() throws Exception {
        String section = "basic_auth: { username: u, password: p }\nheaders: { Cookie: c, X-Plain: x }";
        assertThat(probe(section, "/away")).contains("probe_success 1\n").doesNotContain("password: \"p\"");
        Headers first = asked.poll();
        assertThat(first.getFirst("Authorization")).isEqualTo("Basic dTpw");
        assertThat(first.getFirst("Cookie")).isEqualTo("c");
        Headers second = asked.poll();
        assertThat(second.getFirst("Authorization")).isNull();
        assertThat(second.getFirst("Cookie")).isNull();
        assertThat(second.getFirst("X-Plain")).isEqualTo("x");
    }

    @Test
    void sendsWhatTheModuleSays() throws Exception {
        probe("method: POST\nbody: a body\nheaders: { Host: other.example }", "/ok");
        assertThat(received).hasValue("POST a body");
        assertThat(asked.poll().getFirst("Host")).isEqualTo("other.example");
        Map<String, String> parameters =
                Map.of("module", "m", "target", "127.0.0.1:" + port(server) + "/ok", "hostname", "named.example");
        Probes.ask("modules: { m: { prober: http, http: { preferred_ip_protocol: ip4 } } }", parameters);
        assertThat(asked.poll().getFirst("Host")).isEqualTo("named.example");
    }

    @Test
    void looksAtTheBody() throws Exception {
        assertThat(probe("fail_if_body_matches_regexp: [well]", "/ok"))
                .contains("probe_success 0\n", "probe_failed_due_to_regex 1\n");
        assertThat(probe("fail_if_body_matches_regexp: [ill]", "/ok"))
                .contains("probe_success 1\n", "probe_failed_due_to_regex 0\n");
        assertThat(probe("fail_if_body_not_matches_regexp: [all, '^nothing']", "/ok"))
                .contains("probe_success 0\n", "Body did not match regular expression regexp=^nothing");
        assertThat(probe("body_size_limit: 5B", "/ok"))
                .contains("probe_success 0\n", "more than 5 bytes", "probe_http_status_code 200\n");
    }

    @Test
    void unpacksWhatTheModuleSaysIsPacked() throws Exception {
        String matches = "\nfail_if_body_not_matches_regexp: ['^packed text$']";
        for (String encoding : new String[] {"gzip", "br", "zlib", "deflate"}) {
            String compression = encoding.equals("zlib") ? "deflate" : encoding;
            assertThat(probe("compression: " + compression + matches, "/packed/" + encoding))
                    .as(encoding)
                    .contains("probe_success 1\n", "probe_http_uncompressed_body_length 11\n");
            assertThat(asked.poll().getFirst("Accept-Encoding")).isEqualTo(compression);
        }
        probe("compression: br\nheaders: { Accept-Encoding: 'gzip, br;q=0.5' }", "/packed/br");
        assertThat(asked.poll().get("Accept-Encoding")).containsExactly("gzip, br;q=0.5");
        assertThat(probe("compression: identity" + matches, "/packed/br")).contains("probe_success 0\n");
        assertThat(probe("compression: br", "/ok"))
                .contains(
                        "probe_success 0\n",
                        "Failed to decompress HTTP response body as br",
                        "probe_http_content_length 11\n",
                        "probe_http_uncompressed_body_length 0\n");
        assertThat(probe("compression: gzip", "/packed/br")).contains("probe_success 0\n");
        assertThat(probe("compression: gzip\nbody_size_limit: 5B", "/packed/gzip"))
                .contains("probe_success 0\n", "more than 5 bytes");
        assertThat(probe("", "/packed/gzip")).contains("probe_success 1\n");
    }

    @Test
    void damagedPackedBodiesAreTakenOrRefused() throws Exception {
        for (String encoding : new String[] {"gzip", "br", "zlib", "deflate"}) {
            DamagedInput.isTakenOrRefused(2_000, packed(encoding), IOException.class, bytes -> assertThat(
                            new HttpText(bytes).unpacked(encoding.equals("zlib") ? "deflate" : encoding, 1 << 20))
                    .isNotNull());
        }
    }

    @Test
    void looksAtHeaders() throws Exception {
        assertThat(probe("fail_if_header_matches: [{ header: x-kind, regexp: fine }]", "/ok"))
                .contains("probe_success 0\n", "probe_failed_due_to_regex 1\n");
        assertThat(probe("fail_if_header_matches: [{ header: x-none, regexp: fine }]", "/ok"))
                .contains("probe_success 0\n", "Missing required header");
        assertThat(probe("fail_if_header_matches: [{ header: x-none, regexp: fine, allow_missing: true }]", "/ok"))
                .contains("probe_success 1\n");
        assertThat(probe("fail_if_header_not_matches: [{ header: X-Kind, regexp: '^fine$' }]", "/ok"))
                .contains("probe_success 1\n");
        assertThat(probe("fail_if_header_not_matches: [{ header: X-Kind, regexp: other }]", "/ok"))
                .contains("probe_success 0\n");
    }

    @Test
    void trustsOnlyWhatItIsToldTo() throws Exception {
        assertThat(probeSecurely("")).contains("probe_success 0\n", "probe_http_status_code 0\n");
        assertThat(probeSecurely("tls_config: { insecure_skip_verify: true }"))
                .contains(
                        "probe_success 1\n",
                        "probe_http_ssl 1\n",
                        "probe_ssl_earliest_cert_expiry 1",
                        "probe_tls_version_info{version=\"TLS 1.3\"} 1\n",
                        "probe_tls_cipher_info{cipher=\"TLS_AES_",
                        "issuer=\"CN=test\"",
                        "subjectalternative=\"localhost\"");
        assertThat(probeSecurely("tls_config: { ca_file: " + key.certificate + " }"))
                .contains("probe_success 1\n");
        assertThat(probeSecurely("tls_config: { server_name: localhost, ca_file: " + key.certificate + " }"))
                .contains("probe_success 1\n");
        assertThat(probeSecurely("tls_config: { server_name: other.example, ca_file: " + key.certificate + " }"))
                .contains("probe_success 0\n");
        assertThat(probeSecurely("headers: { Host: other.example }\ntls_config: { ca_file: " + key.certificate + " }"))
                .contains("probe_success 0\n");
        assertThat(probeSecurely("headers: { Host: 'localhost:1' }\ntls_config: { ca_file: " + key.certificate + " }"))
                .contains("probe_success 1\n");
        assertThat(probeSecurely("fail_if_ssl: true\ntls_config: { insecure_skip_verify: true }"))
                .contains("probe_success 0\n", "over SSL");
        assertThat(probe("fail_if_not_ssl: true", "/ok")).contains("probe_success 0\n", "was not over SSL");
    }

    @Test
    void goesThroughAProxy() throws Exception {
        // The server itself plays the proxy: it is asked for the whole URL, and looks at its path alone.
        String proxy = "proxy_url: http://127.0.0.1:" + port(server);
        assertThat(Probes.probe("http", proxy + SKIP, "http://nowhere.invalid/ok"))
                .contains("probe_success 1\n")
                .doesNotContain("probe_ip_protocol", "probe_dns_lookup_time_seconds");
        assertThat(asked.poll().getFirst("Host")).isEqualTo("nowhere.invalid");
        assertThat(Probes.probe("http", proxy + SKIP, "http://no_where.invalid:7/ok"))
                .as("a host that the JDK does not see")
                .contains("probe_success 1\n");
        assertThat(asked.poll().getFirst("Host")).isEqualTo("no_where.invalid:7");
        assertThat(Probes.probe("http", proxy, "http://nowhere.invalid/ok"))
                .contains("probe_success 0\n", "unknown host");
        assertThat(Probes.probe("http", proxy, "http://localhost:1/ok"))
                .contains("probe_success 1\n", "probe_ip_protocol 4\n", "to=127.0.0.1:1\n");
        assertThat(asked.poll().getFirst("Host")).isEqualTo("localhost:1");
    }

    @Test
    void goesStraightWhereNoProxySaysSo() throws Exception {
        String proxy = "proxy_url: http://127.0.0.1:1\n";
        assertThat(probe(proxy + "no_proxy: 'example.org,127.0.0.1'", "/ok")).contains("probe_success 1\n");
        assertThat(probe(proxy + "no_proxy: 'example.org,127.0.0.0/8'", "/ok")).contains("probe_success 1\n");
        assertThat(probe(proxy, "/ok")).contains("probe_success 0\n", "refused");
        String around = "proxy_url: http://127.0.0.1:" + port(server) + "\nno_proxy: nowhere.invalid";
        assertThat(Probes.probe("http", around + SKIP, "http://nowhere.invalid/ok"))
                .contains("probe_success 0\n", "unknown host");
        assertThat(Probes.probe("http", around + SKIP, "http://elsewhere.invalid/ok"))
                .contains("probe_success 1\n");
    }

    /** The build runs tests with {@code HTTP_PROXY}, see pom.xml. */
    @Test
    void takesTheProxyOfTheEnvironment() throws Exception {
        String section = "proxy_from_environment: true" + SKIP;
        assertThat(Probes.probe("http", section, "http://nowhere.example/"))
                .contains("probe_success 0\n", "unknown host: proxy.invalid");
        assertThat(probe(section, "/ok")).contains("probe_success 1\n", "probe_ip_protocol 4\n");
    }

    @Test
    void tunnelsThroughAProxy() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<String> connect = CompletableFuture.supplyAsync(() -> {
                try (Socket client = proxy.accept();
                        Socket server = new Socket("127.0.0.1", port(secure))) {
                    StringBuilder head = new StringBuilder();
                    for (String line = HttpBody.line(client.getInputStream());
                            !line.isEmpty();
                            line = HttpBody.line(client.getInputStream())) {
                        head.append(line).append('\n');
                    }
                    client.getOutputStream().write("HTTP/1.1 200 Fine\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    // The common pool may have one thread, which is the one here.
                    CompletableFuture<Void> forth =
                            CompletableFuture.runAsync(() -> pump(client, server), task -> new Thread(task).start());
                    pump(server, client);
                    forth.join();
                    return head.toString();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            String section = "proxy_url: http://u:p@127.0.0.1:" + proxy.getLocalPort() + SKIP
                    + "\nproxy_connect_header: { X-Tenant: [blue, green] }\ntls_config: { insecure_skip_verify: true }";
            assertThat(Probes.probe("http", section, "https://nowhere.invalid/ok"))
                    .contains("probe_success 1\n", "probe_http_ssl 1\n");
            assertThat(connect.get(10, TimeUnit.SECONDS))
                    .startsWith("CONNECT nowhere.invalid:443 HTTP/1.1\n")
                    .contains("Proxy-Authorization: Basic dTpw\n", "X-Tenant: blue\n", "X-Tenant: green\n");
            assertThat(asked.poll()).doesNotContainKeys("Proxy-Authorization", "X-Tenant", "X-tenant");
        }
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // One of them has closed, which ends both directions.
        }
    }

    @Test
    void endsInTimeWhenTheServerDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Map<String, String> parameters = Map.of(
                    "module",
                    "m",
                    "target",
                    "127.0.0.1:" + silent.getLocalPort(),
                    "debug",
                    "true",
                    "scrape-timeout",
                    "0.7");
            assertThat(Probes.ask("modules: { m: { prober: http } }", parameters)
                            .body())
                    .contains(
                            "timeout_seconds=0.2",
                            "probe_success 0\n",
                            "probe_http_duration_seconds{phase=\"connect\"}");
        }
    }

    @Test
    void saysWhyThereIsNoAnswer() throws Exception {
        server.stop(0);
        assertThat(probe("", "/ok")).contains("probe_success 0\n", "refused");
        assertThat(Probes.probe("http", "", "http://nowhere.invalid/")).contains("probe_success 0\n", "unknown host");
        assertThat(Probes.probe("http", "", "http://a b/")).contains("probe_success 0\n", "could not parse target URL");
        assertThat(Probes.probe("http", "ip_protocol_fallback: false", "http://[::1]:1/"))
                .contains("probe_success 0\n", "no fallback is allowed");
    }
}
