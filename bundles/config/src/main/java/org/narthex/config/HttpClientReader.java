package org.narthex.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Authorization;
import org.narthex.api.http.HttpClientConfig.BasicAuth;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClientConfig.Tls;

/** Reads Prometheus' HTTP client keys, which stand inline in many sections. */
final class HttpClientReader {
    static final String[] KEYS = {
        "basic_auth",
        "authorization",
        "oauth2",
        "bearer_token",
        "bearer_token_file",
        "follow_redirects",
        "enable_http2",
        "tls_config",
        "proxy_url",
        "no_proxy",
        "proxy_from_environment",
        "proxy_connect_header",
        "http_headers"
    };
    private static final String[] TLS_KEYS = {
        "ca",
        "ca_file",
        "ca_ref",
        "cert",
        "cert_file",
        "cert_ref",
        "key",
        "key_file",
        "key_ref",
        "server_name",
        "insecure_skip_verify",
        "min_version",
        "max_version"
    };

    private final Path folder;
    private final Diagnostics diagnostics;

    /** @param folder what relative file names are relative to */
    HttpClientReader(Path folder, Diagnostics diagnostics) {
        this.folder = folder;
        this.diagnostics = diagnostics;
    }

    HttpClientConfig read(Section section) throws ConfigException {
        checkExclusive(section);
        Optional<BasicAuth> basic =
                section.has("basic_auth") ? Optional.of(basicAuth(section.section("basic_auth"))) : Optional.empty();
        diagnostics.notInForce(section, "oauth2", "no_proxy", "proxy_connect_header");
        diagnostics.notInForceWhenOn(section, "proxy_from_environment");
        if (section.has("oauth2")) {
            checkOauth2(section.section("oauth2"));
        }
        checkProxy(section);
        return new HttpClientConfig(
                basic,
                authorization(section),
                tls(section.section("tls_config")),
                section.bool("follow_redirects", true),
                section.bool("enable_http2", true),
                section.text("proxy_url", ""),
                headers(section.section("http_headers")));
    }

    private static void checkExclusive(Section section) throws ConfigException {
        if (section.count("bearer_token", "bearer_token_file") > 1) {
            throw section.error("at most one of bearer_token & bearer_token_file must be configured");
        }
        boolean bearer = section.count("bearer_token", "bearer_token_file") > 0;
        if (bearer && section.count("basic_auth", "oauth2") > 0) {
            throw section.error(
                    "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured");
        }
        if (bearer && section.has("authorization")) {
            throw section.error("authorization is not compatible with bearer_token & bearer_token_file");
        }
        if (section.count("basic_auth", "oauth2", "authorization") > 1) {
            throw section.error("at most one of basic_auth, oauth2 & authorization must be configured");
        }
    }

    private BasicAuth basicAuth(Section basic) throws ConfigException {
        basic.only("username", "username_file", "username_ref", "password", "password_file", "password_ref");
        if (basic.count("username", "username_file", "username_ref") > 1) {
            throw basic.error("at most one of basic_auth username, username_file & username_ref must be configured");
        }
        if (basic.count("password", "password_file", "password_ref") > 1) {
            throw basic.error("at most one of basic_auth password, password_file & password_ref must be configured");
        }
        diagnostics.notInForce(basic, "username_ref", "password_ref");
        return new BasicAuth(secret(basic, "username"), secret(basic, "password"));
    }

    private Optional<Authorization> authorization(Section section) throws ConfigException {
        if (section.count("bearer_token", "bearer_token_file") > 0) {
            return Optional.of(new Authorization("Bearer", secret(section, "bearer_token")));
        }
        if (!section.has("authorization")) {
            return Optional.empty();
        }
        Section authorization = section.section("authorization");
        authorization.only("type", "credentials", "credentials_file", "credentials_ref");
        if (authorization.count("credentials", "credentials_file", "credentials_ref") > 1) {
            throw authorization.error("at most one of authorization credentials & credentials_file must be configured");
        }
        diagnostics.notInForce(authorization, "credentials_ref");
        String type = authorization.text("type", "").strip();
        if (type.equalsIgnoreCase("basic")) {
            throw authorization.error(
                    "type", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
        }
        return Optional.of(new Authorization(type.isEmpty() ? "Bearer" : type, secret(authorization, "credentials")));
    }

    /** The value of the key, or that of the file which the key with {@code _file} names. */
    private Secret secret(Section section, String key) throws ConfigException {
        Optional<Path> file = file(section, key + "_file");
        return file.isPresent() ? Secret.in(file.get()) : Secret.of(section.text(key, ""));
    }

    private Optional<Path> file(Section section, String key) throws ConfigException {
        return section.has(key) ? Optional.of(folder.resolve(section.text(key, ""))) : Optional.empty();
    }

    private Tls tls(Section tls) throws ConfigException {
        tls.only(TLS_KEYS);
        for (String kind : new String[] {"ca", "cert", "key"}) {
            if (tls.count(kind, kind + "_file", kind + "_ref") > 1) {
                throw tls.error("at most one of " + kind + ", " + kind + "_file & " + kind + "_ref must be configured");
            }
        }
        boolean cert = tls.count("cert", "cert_file", "cert_ref") > 0;
        boolean key = tls.count("key", "key_file", "key_ref") > 0;
        if (cert != key) {
            throw tls.error("a client certificate and its key must be configured together");
        }
        for (String bound : new String[] {"min_version", "max_version"}) {
            switch (tls.text(bound, "")) {
                case "", "TLS10", "TLS11", "TLS12", "TLS13" -> {}
                default -> throw tls.error(bound, "unknown TLS version: " + tls.text(bound, ""));
            }
        }
        if (tls.has("min_version")
                && tls.has("max_version")
                && tls.text("max_version", "").compareTo(tls.text("min_version", "")) < 0) {
            throw tls.error(
                    "tls_config.max_version must be greater than or equal to tls_config.min_version if both are specified");
        }
        diagnostics.notInForce(tls, "ca", "ca_ref", "cert", "cert_ref", "key", "key_ref", "min_version", "max_version");
        return new Tls(
                file(tls, "ca_file"),
                file(tls, "cert_file"),
                file(tls, "key_file"),
                tls.text("server_name", ""),
                tls.bool("insecure_skip_verify", false));
    }

    private static void checkOauth2(Section oauth2) throws ConfigException {
        oauth2.only(
                "client_id",
                "client_secret",
                "client_secret_file",
                "client_secret_ref",
                "client_certificate_key",
                "client_certificate_key_file",
                "client_certificate_key_ref",
                "client_certificate_key_id",
                "signature_algorithm",
                "grant_type",
                "iss",
                "audience",
                "claims",
                "scopes",
                "token_url",
                "endpoint_params",
                "tls_config",
                "proxy_url",
                "no_proxy",
                "proxy_from_environment",
                "proxy_connect_header");
        if (!oauth2.has("client_id")) {
            throw oauth2.error("oauth2 client_id must be configured");
        }
        if (!oauth2.has("token_url")) {
            throw oauth2.error("oauth2 token_url must be configured");
        }
        if (oauth2.count("client_secret", "client_secret_file", "client_secret_ref") > 1) {
            throw oauth2.error(
                    "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured");
        }
        if (oauth2.count("client_certificate_key", "client_certificate_key_file", "client_certificate_key_ref") > 1) {
            throw oauth2.error("at most one of oauth2 client_certificate_key, client_certificate_key_file & "
                    + "client_certificate_key_ref must be configured using "
                    + "grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer");
        }
        checkProxy(oauth2);
    }

    private static void checkProxy(Section section) throws ConfigException {
        boolean environment = section.bool("proxy_from_environment", false);
        if (section.has("proxy_connect_header") && !environment && !section.has("proxy_url")) {
            throw section.error(
                    "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured");
        }
        if (environment && section.has("proxy_url")) {
            throw section.error("if proxy_from_environment is configured, proxy_url must not be configured");
        }
        if (environment && section.has("no_proxy")) {
            throw section.error("if proxy_from_environment is configured, no_proxy must not be configured");
        }
        if (section.has("no_proxy") && !section.has("proxy_url")) {
            throw section.error("if no_proxy is configured, proxy_url must also be configured");
        }
    }

    private Map<String, List<String>> headers(Section headers) throws ConfigException {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigNode> entry : headers.node().entries().entrySet()) {
            Section header = Section.of(entry.getValue());
            header.only("values", "secrets", "files");
            diagnostics.notInForce(header, "files");
            List<String> values = new ArrayList<>(header.texts("values"));
            values.addAll(header.texts("secrets"));
            checkHeader(entry.getKey(), entry.getValue());
            all.put(entry.getKey(), List.copyOf(values));
        }
        return all;
    }

    /** Headers that the client itself sets may not be given. */
    private static void checkHeader(String name, ConfigNode where) throws ConfigException {
        switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "authorization",
                    "host",
                    "content-encoding",
                    "content-length",
                    "content-type",
                    "user-agent",
                    "connection",
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "www-authenticate",
                    "accept-encoding",
                    "x-prometheus-remote-write-version",
                    "x-prometheus-remote-read-version",
                    "x-prometheus-scrape-timeout-seconds",
                    "x-amz-date",
                    "x-amz-security-token",
                    "x-amz-content-sha256" -> throw where.error("setting header \"" + name + "\" is not allowed");
            default -> {}
        }
    }
}
