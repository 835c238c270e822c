package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes of a server of HTTP/2 that others made: that of Node. */
class Http2ProberTest {
    private static final String SERVER = "http2-server.js";

    @TempDir
    private static Path folder;

    private static ServerKey key;
    private static Process server;
    private static BufferedReader said;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        key = new ServerKey(folder);
        Path script = folder.resolve(SERVER);
        try (InputStream in = Objects.requireNonNull(Http2ProberTest.class.getResourceAsStream(SERVER))) {
            Files.copy(in, script);
        }
        try {
            server = new ProcessBuilder("node", script.toString(), key.store.toString(), ServerKey.PASSWORD)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "there is no node: " + e.getMessage());
        }
        said = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        port = Integer.parseInt(said.readLine());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.destroyForcibly();
        }
    }

    private static String probe(String section, String path) throws IOException {
        return Probes.probe(
                "http",
                "tls_config: { ca_file: " + key.certificate + " }\n" + section,
                "https://localhost:" + port + path);
    }

    @Test
    void speaksHttp2WhereTheServerDoes() throws Exception {
        assertThat(probe(
                        "valid_http_versions: [HTTP/2.0]\nfail_if_body_not_matches_regexp: ['^all is well$']",
                        "/ok?q=1"))
                .contains(
                        "probe_success 1\n",
                        "probe_http_version 2\n",
                        "probe_http_status_code 200\n",
                        "probe_http_content_length 11\n",
                        "probe_http_uncompressed_body_length 11\n",
                        "probe_http_ssl 1\n",
                        "probe_tls_version_info{version=\"TLS 1.3\"} 1\n",
                        "probe_ssl_earliest_cert_expiry 1")
                .doesNotContainPattern("phase=\"(connect|tls|processing|transfer)\"} 0\n");
        assertThat(said.readLine()).isEqualTo("2.0 GET /ok?q=1 localhost:" + port + " 0 -");
        assertThat(probe(
                        "fail_if_header_not_matches: [{ header: X-Long, regexp: '^(abcdefgh0123456789){50}$' }]",
                        "/ok?q=1"))
                .contains("probe_success 1\n");
        assertThat(said.readLine()).startsWith("2.0 ");
    }

    @Test
    void speaksHttp1WhereTheModuleSaysSo() throws Exception {
        assertThat(probe("enable_http2: false", "/ok?q=1"))
                .contains("probe_success 1\n", "probe_http_version 1.1\n", "probe_http_content_length 11\n");
        assertThat(said.readLine()).startsWith("1.1 GET ");
        assertThat(probe("enable_http2: false\nvalid_http_versions: [HTTP/2, HTTP/2.0]", "/ok?q=1"))
                .contains("probe_success 0\n", "Invalid HTTP version number version=HTTP/1.1");
        assertThat(said.readLine()).startsWith("1.1 GET ");
    }

    @Test
    void followsRedirects() throws Exception {
        assertThat(probe("", "/again"))
                .contains("probe_success 1\n", "probe_http_redirects 1\n", "probe_http_version 2\n");
        assertThat(said.readLine()).isEqualTo("2.0 GET /again localhost:" + port + " 0 -");
        assertThat(said.readLine()).isEqualTo("2.0 GET /ok?q=1 localhost:" + port + " 0 session=s1");
    }

    @Test
    void takesBodiesOfAnyLength() throws Exception {
        assertThat(probe("", "/large"))
                .contains(
                        "probe_success 1\n",
                        "probe_http_content_length -1\n",
                        "probe_http_uncompressed_body_length 6.291456e+06\n");
        assertThat(probe("body_size_limit: 1MB", "/large"))
                .contains("probe_success 0\n", "probe_http_status_code 200\n", "more than 1048576 bytes");
        assertThat(probe("", "/none"))
                .contains("probe_success 1\n", "probe_http_status_code 204\n", "probe_http_content_length 0\n");
        assertThat(probe("method: HEAD", "/ok?q=1"))
                .contains("probe_success 1\n", "probe_http_content_length 11\n", "body_length 0\n");
        assertThat(probe("", "/hints")).contains("probe_success 1\n", "probe_http_uncompressed_body_length 6\n");
        for (String path : new String[] {"/large", "/large", "/none", "/ok?q=1", "/hints"}) {
            assertThat(said.readLine()).contains(" " + path + " ");
        }
    }

    @Test
    void sendsBodiesOfAnyLength() throws Exception {
        Path body = folder.resolve("body");
        Files.write(body, new byte[300_000]);
        assertThat(probe("method: POST\nbody_file: " + body, "/ok?q=1")).contains("probe_success 1\n");
        assertThat(said.readLine()).isEqualTo("2.0 POST /ok?q=1 localhost:" + port + " 300000 -");
    }

    @Test
    void failsWhereTheAnswerBreaksOff() throws Exception {
        assertThat(probe("", "/broken"))
                .contains(
                        "probe_success 0\n",
                        "probe_http_status_code 200\n",
                        "Failed to read HTTP response body: the server reset the stream, code 2");
        assertThat(said.readLine()).contains("/broken");
        assertThat(probe("", "/else")).contains("probe_success 0\n", "probe_http_status_code 404\n");
        assertThat(said.readLine()).contains("/else");
    }

    @Test
    void gRpcGoesOverItToo() throws Exception {
        String section = "tls: true\ntls_config: { ca_file: " + key.certificate + " }";
        assertThat(Probes.probe("grpc", section, "localhost:" + port))
                .contains("probe_success 1\n", "probe_grpc_status_code 0\n", "serving_status=\"SERVING\"} 1\n");
        assertThat(said.readLine()).startsWith("2.0 POST /grpc.health.v1.Health/Check ");
    }
}
