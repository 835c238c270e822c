package org.narthex.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigException;
import org.narthex.config.YamlFiles;
import org.narthex.testkit.DamagedInput;

class ModuleFileTest {
    @TempDir
    private Path folder;

    private static final ModuleFile FILE = new ModuleFile(() -> null);

    private static Map<String, Module> read(String yaml) throws ConfigException {
        return FILE.read(new YamlFiles().parse("probe.yml", yaml));
    }

    private static void refuses(String yaml, String reason) {
        assertThatThrownBy(() -> read(yaml)).isInstanceOf(ConfigException.class).hasMessageContaining(reason);
    }

    /** A module whose section stands on the lines from the fourth on. */
    private static String module(String prober, String section) {
        return "modules:\n  m:\n    prober: " + prober + "\n    " + prober + ":\n" + section.indent(6);
    }

    @Test
    void theCommonModulesAreThereWithoutAFile() {
        Modules modules = new Modules(new YamlFiles(), FILE, "");
        for (String name : new String[] {"http_2xx", "http_post_2xx", "tcp_connect", "smtp_starttls", "icmp"}) {
            assertThat(modules.named(name)).as(name).isPresent();
        }
        assertThat(modules.named("none")).isEmpty();
    }

    @Test
    void readsTheUsersFile() throws Exception {
        Path file = folder.resolve("probe.yml");
        Files.writeString(file, "modules: { mine: { prober: tcp, timeout: 3s } }");
        Modules modules = new Modules(new YamlFiles(), FILE, file.toString());
        assertThat(modules.named("mine"))
                .hasValueSatisfying(mine -> assertThat(mine.timeoutMs()).isEqualTo(3000));
        assertThat(modules.named("http_2xx")).isEmpty();
        Files.delete(file);
        assertThatThrownBy(modules::read).hasMessage(file + ": there is no such file");
    }

    @Test
    void readsTheModulesThatComeWithBlackboxExporter() throws Exception {
        assertThat(read("""
                modules:
                  http_2xx: {prober: http, http: {preferred_ip_protocol: ip4}}
                  socket: {prober: unix, unix: {query_response: [{expect: ok}], tls: true, tls_config: {server_name: a}}}
                  grpc: {prober: grpc, grpc: {tls: true, preferred_ip_protocol: ip4}}
                  grpc_plain: {prober: grpc, grpc: {tls: false, service: service1}}
                  ssh_banner: {prober: tcp, tcp: {query_response: [{expect: "^SSH-2.0-"}, {send: SSH-2.0-blackbox-ssh-check}]}}
                  icmp_ttl5: {prober: icmp, timeout: 5s, icmp: {ttl: 5}}
                  http_2xx_plain: {prober: http, timeout: 5s, http: }
                  pop3s_banner: {prober: tcp, tcp: {query_response: [{expect: "^+OK"}], tls: true, tls_config: {insecure_skip_verify: false}}}
                  irc_banner:
                    prober: tcp
                    tcp:
                      query_response:
                      - {send: "NICK prober"}
                      - {expect: "PING :([^ ]+)", send: "PONG ${1}"}
                      - {expect_bytes: "\\x00ok"}
                  dns:
                    prober: dns
                    dns: {query_name: a.b, query_type: NSEC3, query_class: CH, transport_protocol: tcp, dns_over_tls: true, recursion_desired: false, valid_rcodes: [BADVERS, NXDOMAIN], source_ip_address: "::1"}
                """)).hasSize(10);
    }

    @Test
    void takesEveryKeyOfHttp() throws Exception {
        assertThat(read("""
                modules:
                  everything:
                    prober: http
                    timeout: 1m30s
                    http:
                      valid_status_codes: [200]
                      valid_http_versions: ["HTTP/1.1", "HTTP/2.0"]
                      preferred_ip_protocol: ip6
                      ip_protocol_fallback: false
                      skip_resolve_phase_with_proxy: true
                      no_follow_redirects: false
                      follow_redirects: true
                      fail_if_ssl: false
                      fail_if_not_ssl: true
                      method: ""
                      headers: {Accept-Encoding: "br;q=1.0, gzip;q=0.9"}
                      compression: gzip
                      body_size_limit: 1.5MB
                      fail_if_body_matches_regexp: [a]
                      fail_if_body_not_matches_regexp: [b]
                      fail_if_header_matches: [{header: A, regexp: a, allow_missing: true}]
                      fail_if_header_not_matches: [{header: B, regexp: b}]
                      body_file: body.txt
                      oauth2: {client_id: a, client_secret_file: secret, token_url: "https://a/token", scopes: [b], endpoint_params: {c: d}, tls_config: {ca_file: ca.pem}, proxy_url: "http://p:1"}
                      http_headers: {X-A: {values: [a]}}
                      tls_config: {ca_file: ca.pem, cert_file: c.pem, key_file: k.pem, server_name: a, min_version: TLS12, max_version: TLS13}
                      proxy_url: "socks5://p:1"
                      no_proxy: "a,b"
                      proxy_connect_header: {X-Tenant: [a]}
                      enable_http2: true
                      enable_http3: false
                """)).containsOnlyKeys("everything");
    }

    @Test
    void namesThePlaceOfAMistake() {
        refuses(module("http", "metod: GET"), "probe.yml:5: unknown key metod in modules.m.http, did you mean method?");
        refuses(module("tcp", "query_response:\n- expect: '('"), "probe.yml:6: ");
        refuses("modules: { m: { prober: ftp } }", "prober \"ftp\" is not valid");
        refuses("module: {}", "unknown key module, did you mean modules?");
        refuses(module("http", "valid_status_codes: [ok]"), "expected a status code");
        refuses(module("http", "fail_if_header_matches: [{ regexp: x }]"), "header name must be set");
        refuses(module("http", "enable_http3: true"), "HTTP/3 is not supported");
        refuses(module("http", "fail_if_body_json_matches_cel: 'body.a == 1'"), "CEL expressions are not supported");
        refuses(
                module("http", "proxy_from_environment: true\nproxy_url: http://a:1"),
                "proxy_url must not be configured");
        refuses(module("http", "no_proxy: a"), "if no_proxy is configured");
        refuses(module("http", "oauth2: { client_id: a }"), "oauth2 token_url must be configured");
        refuses(module("http", "body: a\nbody_file: b"), "setting body and body_file both are not allowed");
        refuses(module("http", "compression: zip"), "expected br, gzip, deflate or identity");
        refuses(
                module("http", "compression: gzip\nheaders: { accept-encoding: 'gzip;q=0, *' }"),
                "invalid configuration");
        refuses(
                module("http", "compression: gzip\nheaders: { accept-encoding: 'br, *;q=0' }"),
                "invalid configuration");
        refuses(module("http", "compression: gzip\nheaders: { Accept-Encoding: identity }"), "invalid configuration");
        refuses(module("http", "body_size_limit: lots"), "expected a size such as 10MB");
        refuses(module("http", "preferred_ip_protocol: ip5"), "expected ip4 or ip6");
        refuses(module("dns", "query_type: A"), "query name must be set for DNS module");
        refuses(module("dns", "query_name: a\nquery_type: QQ"), "query type \"QQ\" is not valid");
        refuses(module("dns", "query_name: a\nvalid_rcodes: [FINE]"), "rcode \"FINE\" is not valid");
        refuses(module("dns", "query_name: a\ntransport_protocol: tls"), "expected udp or tcp");
        refuses(module("icmp", "ttl: 256"), "\"ttl\" must be between 0 and 255");
        refuses(module("unix", "preferred_ip_protocol: ip4"), "probe.yml:5: unknown key preferred_ip_protocol");
        refuses(module("unix", "query_response: [{ starttsl: true }]"), "did you mean starttls?");
        refuses(module("tcp", "source_ip_address: localhost"), "is no IP address");
        // In the section of another prober too.
        refuses("modules: { m: { prober: tcp, http: { metod: GET } } }", "unknown key metod");
    }

    @Test
    void secretsAreMasked() throws Exception {
        String yaml =
                module("http", "basic_auth: { username: u, password: geheim }\nheaders: { Authorization: geheim }");
        assertThat(read(yaml).get("m").text()).contains("username: \"u\"").doesNotContain("geheim");
        String proxy = module(
                "http",
                "proxy_url: http://u:geheim@proxy:1/\nproxy_connect_header: { X-A: [geheim] }\n"
                        + "oauth2: { client_id: a, client_secret: geheim, token_url: 'http://b/' }");
        assertThat(read(proxy).get("m").text())
                .contains("http://<secret>@proxy:1/")
                .doesNotContain("geheim");
    }

    @Test
    void damagedFilesAreTakenOrRefused() throws Exception {
        String sound = """
                modules:
                  web:
                    prober: http
                    timeout: 5s
                    http:
                      valid_status_codes: [200, 204]
                      valid_http_versions: ["HTTP/1.1"]
                      preferred_ip_protocol: ip4
                      headers: {Accept-Language: en, Host: example.org}
                      compression: gzip
                      body_size_limit: 10MB
                      fail_if_body_matches_regexp: ["Could not (connect|reach)"]
                      fail_if_header_matches: [{header: Set-Cookie, allow_missing: true, regexp: '.*'}]
                      basic_auth: {username: u, password: hidden}
                      tls_config: {insecure_skip_verify: true, min_version: TLS12}
                  mail:
                    prober: tcp
                    tcp:
                      query_response:
                      - {expect: '^220 ([^ ]+) ESMTP$', labels: [{name: host, value: '${1}'}]}
                      - {send: "STARTTLS\r", starttls: true}
                  names: {prober: dns, dns: {query_name: a.b, query_type: MX, valid_rcodes: [NOERROR], validate_answer_rrs: {fail_if_matches_regexp: ['.*x']}}}
                  ping: {prober: icmp, icmp: {ttl: 5, payload_size: 64, source_ip_address: 127.0.0.1}}
                """;
        DamagedInput.isTakenOrRefused(1_500, sound, ConfigException.class, bytes -> {
            Path file = Files.write(folder.resolve("probe.yml"), bytes);
            try {
                for (Module module : FILE.read(new YamlFiles().read(file)).values()) {
                    assertThat(module.text()).doesNotContain("hidden");
                }
            } catch (ConfigException e) {
                assertThat(e.getMessage()).contains("probe.yml").doesNotContain("hidden");
                throw e;
            }
        });
    }
}
