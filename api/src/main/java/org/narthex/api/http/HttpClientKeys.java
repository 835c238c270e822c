package org.narthex.api.http;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig.Assertion;
import org.narthex.api.http.HttpClientConfig.Authorization;
import org.narthex.api.http.HttpClientConfig.AwsSigning;
import org.narthex.api.http.HttpClientConfig.BasicAuth;
import org.narthex.api.http.HttpClientConfig.OAuth2;
import org.narthex.api.http.HttpClientConfig.Proxy;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClientConfig.Tls;

/**
 * Reads Prometheus' HTTP client keys, which stand inline in many sections and in {@code http_config}. Names of files are relative to the folder of
 * the configuration file. Keys that are not among {@link #NAMES} are left to the caller.
 */
public final class HttpClientKeys {
    /** The keys that are read. */
    public static final List<String> NAMES = List.of(
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
            "http_headers");

    private static final String[] TLS = {
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
    private static final String[] OAUTH2 = {
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
        "proxy_connect_header"
    };
    private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    private HttpClientKeys() {}

    /**
     * Reads the keys of a section.
     *
     * @throws ConfigException if what is given does not go together
     */
    public static HttpClientConfig read(ConfigNode section) throws ConfigException {
        return read(section, HttpClientConfig.DEFAULT);
    }

    /** The same, where absent switches mean those of the given settings. */
    public static HttpClientConfig read(ConfigNode section, HttpClientConfig defaults) throws ConfigException {
        checkExclusive(section);
        return new HttpClientConfig(
                has(section, "basic_auth") ? Optional.of(basicAuth(map(section, "basic_auth"))) : Optional.empty(),
                authorization(section),
                has(section, "oauth2") ? Optional.of(oauth2(map(section, "oauth2"))) : Optional.empty(),
                tls(map(section, "tls_config")),
                section.bool("follow_redirects", defaults.followRedirects()),
                section.bool("enable_http2", defaults.enableHttp2()),
                proxy(section),
                headers(map(section, "http_headers")));
    }

    /** Like {@link #read}, for a section that holds nothing else. */
    public static HttpClientConfig readOnly(ConfigNode section) throws ConfigException {
        refuseOthers(section);
        return read(section);
    }

    /**
     * Refuses keys that are neither among {@link #NAMES} nor the section's own.
     *
     * @throws ConfigException with a suggestion for a misspelt one
     */
    public static void refuseOthers(ConfigNode section, String... own) throws ConfigException {
        List<String> known = new ArrayList<>(NAMES);
        known.addAll(List.of(own));
        section.onlyKeys(known.toArray(String[]::new));
    }

    /**
     * Reads a section {@code sigv4}.
     *
     * @param service the name of the service that is called, as signatures have it, unless the section names another
     */
    public static AwsSigning sigv4(ConfigNode section, String service) throws ConfigException {
        section.onlyKeys(
                "region",
                "access_key",
                "secret_key",
                "profile",
                "role_arn",
                "external_id",
                "use_fips_sts_endpoint",
                "service_name");
        if (has(section, "access_key") != has(section, "secret_key")) {
            throw section.error(
                    "must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config");
        }
        String named = section.string("service_name", "");
        return new AwsSigning(
                named.isEmpty() ? service : named,
                section.string("region", ""),
                section.string("access_key", ""),
                Secret.of(section.string("secret_key", "")),
                section.string("profile", ""),
                section.string("role_arn", ""),
                section.string("external_id", ""),
                section.bool("use_fips_sts_endpoint", false));
    }

    private static boolean has(ConfigNode node, String key) throws ConfigException {
        return node.given(key).isPresent();
    }

    private static int count(ConfigNode node, String... keys) throws ConfigException {
        int n = 0;
        for (String key : keys) {
            n += has(node, key) ? 1 : 0;
        }
        return n;
    }

    /** A nested map; empty where absent. */
    private static ConfigNode map(ConfigNode node, String key) throws ConfigException {
        return node.given(key).orElseGet(() -> ConfigNode.mapping(node.file(), node.line(), node.path(), Map.of()));
    }

    private static ConfigException errorAt(ConfigNode node, String key, String reason) throws ConfigException {
        return node.get(key).orElse(node).error(reason);
    }

    private static void checkExclusive(ConfigNode section) throws ConfigException {
        int bearer = count(section, "bearer_token", "bearer_token_file");
        if (bearer > 1) {
            throw section.error("at most one of bearer_token & bearer_token_file must be configured");
        }
        if (bearer > 0 && count(section, "basic_auth", "oauth2") > 0) {
            throw section.error(
                    "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured");
        }
        if (bearer > 0 && has(section, "authorization")) {
            throw section.error("authorization is not compatible with bearer_token & bearer_token_file");
        }
        if (count(section, "basic_auth", "oauth2", "authorization") > 1) {
            throw section.error("at most one of basic_auth, oauth2 & authorization must be configured");
        }
    }

    private static BasicAuth basicAuth(ConfigNode basic) throws ConfigException {
        basic.onlyKeys("username", "username_file", "username_ref", "password", "password_file", "password_ref");
        if (count(basic, "username", "username_file", "username_ref") > 1) {
            throw basic.error("at most one of basic_auth username, username_file & username_ref must be configured");
        }
        if (count(basic, "password", "password_file", "password_ref") > 1) {
            throw basic.error("at most one of basic_auth password, password_file & password_ref must be configured");
        }
        return new BasicAuth(secret(basic, "username"), secret(basic, "password"));
    }

    private static Optional<Authorization> authorization(ConfigNode section) throws ConfigException {
        if (count(section, "bearer_token", "bearer_token_file") > 0) {
            return Optional.of(new Authorization("Bearer", secret(section, "bearer_token")));
        }
        if (!has(section, "authorization")) {
            return Optional.empty();
        }
        ConfigNode authorization = map(section, "authorization");
        authorization.onlyKeys("type", "credentials", "credentials_file", "credentials_ref");
        if (count(authorization, "credentials", "credentials_file", "credentials_ref") > 1) {
            throw authorization.error("at most one of authorization credentials & credentials_file must be configured");
        }
        String type = authorization.string("type", "").strip();
        if (type.equalsIgnoreCase("basic")) {
            throw errorAt(
                    authorization, "type", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
        }
        return Optional.of(new Authorization(type.isEmpty() ? "Bearer" : type, secret(authorization, "credentials")));
    }

    /** The value of the key, of the file which the key with {@code _file} names, or what that with {@code _ref} refers to. */
    private static Secret secret(ConfigNode node, String key) throws ConfigException {
        Optional<ConfigNode> reference = node.given(key + "_ref");
        if (reference.isPresent()) {
            return Secret.referenced(reference.get().text());
        }
        Optional<ConfigNode> file = node.given(key + "_file");
        return file.isPresent() ? Secret.in(path(file.get())) : Secret.of(node.string(key, ""));
    }

    private static Optional<Secret> optional(ConfigNode node, String key) throws ConfigException {
        return count(node, key, key + "_file", key + "_ref") == 0 ? Optional.empty() : Optional.of(secret(node, key));
    }

    /** A file named in a configuration file stands relative to that. */
    public static Path path(ConfigNode name) throws ConfigException {
        Path file = Path.of(name.text());
        Path folder = Path.of(name.file()).getParent();
        return folder == null ? file : folder.resolve(file);
    }

    /** Reads what stands under {@code tls_config}. */
    public static Tls tls(ConfigNode tls) throws ConfigException {
        tls.onlyKeys(TLS);
        for (String kind : new String[] {"ca", "cert", "key"}) {
            if (count(tls, kind, kind + "_file", kind + "_ref") > 1) {
                throw tls.error("at most one of " + kind + ", " + kind + "_file & " + kind + "_ref must be configured");
            }
        }
        boolean cert = count(tls, "cert", "cert_file", "cert_ref") > 0;
        boolean key = count(tls, "key", "key_file", "key_ref") > 0;
        if (cert && !key) {
            throw tls.error(
                    "exactly one of key or key_file must be configured when a client certificate is configured");
        }
        if (key && !cert) {
            throw tls.error("exactly one of cert or cert_file must be configured when a client key is configured");
        }
        String min = version(tls, "min_version");
        String max = version(tls, "max_version");
        if (!min.isEmpty() && !max.isEmpty() && max.compareTo(min) < 0) {
            throw tls.error(
                    "tls_config.max_version must be greater than or equal to tls_config.min_version if both are "
                            + "specified");
        }
        return new Tls(
                optional(tls, "ca"),
                optional(tls, "cert"),
                optional(tls, "key"),
                tls.string("server_name", ""),
                tls.bool("insecure_skip_verify", false),
                min,
                max);
    }

    private static String version(ConfigNode tls, String key) throws ConfigException {
        String version = tls.string(key, "");
        return switch (version) {
            case "", "TLS10", "TLS11", "TLS12", "TLS13" -> version;
            default -> throw errorAt(tls, key, "unknown TLS version: " + version);
        };
    }

    private static OAuth2 oauth2(ConfigNode oauth2) throws ConfigException {
        oauth2.onlyKeys(OAUTH2);
        if (!has(oauth2, "client_id")) {
            throw oauth2.error("oauth2 client_id must be configured");
        }
        if (!has(oauth2, "token_url")) {
            throw oauth2.error("oauth2 token_url must be configured");
        }
        checkUrl(oauth2, "token_url");
        if (count(oauth2, "client_secret", "client_secret_file", "client_secret_ref") > 1) {
            throw oauth2.error(
                    "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured");
        }
        if (count(oauth2, "client_certificate_key", "client_certificate_key_file", "client_certificate_key_ref") > 1) {
            throw oauth2.error("at most one of oauth2 client_certificate_key, client_certificate_key_file & "
                    + "client_certificate_key_ref must be configured using "
                    + "grant-type=urn:ietf:params:oauth:grant-type:jwt-bearer");
        }
        String algorithm = oauth2.string("signature_algorithm", "");
        switch (algorithm) {
            case "", "RS256", "RS384", "RS512" -> {}
            default ->
                throw errorAt(oauth2, "signature_algorithm", "valid signature algorithms are RS256, RS384 and RS512");
        }
        String grantType = oauth2.string("grant_type", "");
        switch (grantType) {
            case "", "client_credentials", JWT_BEARER -> {}
            default ->
                throw errorAt(oauth2, "grant_type", "valid grant types are client_credentials and " + JWT_BEARER);
        }
        return new OAuth2(
                oauth2.string("client_id", ""),
                secret(oauth2, "client_secret"),
                grantType.equals(JWT_BEARER) ? Optional.of(assertion(oauth2, algorithm)) : Optional.empty(),
                oauth2.strings("scopes"),
                oauth2.string("token_url", ""),
                oauth2.stringMap("endpoint_params"),
                tls(map(oauth2, "tls_config")),
                proxy(oauth2));
    }

    private static Assertion assertion(ConfigNode oauth2, String algorithm) throws ConfigException {
        Map<String, String> claims = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigNode> claim :
                map(oauth2, "claims").entries().entrySet()) {
            claims.put(claim.getKey(), json(claim.getValue()));
        }
        String issuer = oauth2.string("iss", "");
        String audience = oauth2.string("audience", "");
        return new Assertion(
                secret(oauth2, "client_certificate_key"),
                oauth2.string("client_certificate_key_id", ""),
                algorithm.isEmpty() ? "RS256" : algorithm,
                issuer.isEmpty() ? oauth2.string("client_id", "") : issuer,
                audience.isEmpty() ? oauth2.string("token_url", "") : audience,
                claims);
    }

    private static String json(ConfigNode node) throws ConfigException {
        StringBuilder out = new StringBuilder();
        if (node.isSequence()) {
            for (ConfigNode item : node.items()) {
                out.append(out.isEmpty() ? "" : ",").append(json(item));
            }
            return "[" + out + "]";
        }
        if (node.isMapping()) {
            for (Map.Entry<String, ConfigNode> entry : node.entries().entrySet()) {
                out.append(out.isEmpty() ? "" : ",")
                        .append(quoted(entry.getKey()))
                        .append(':')
                        .append(json(entry.getValue()));
            }
            return "{" + out + "}";
        }
        String text = node.text();
        // What YAML takes for a number or a truth value.
        return text.matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?") ? text : quoted(text);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }

    /** Reads the keys that say the way through a proxy. */
    public static Proxy proxy(ConfigNode section) throws ConfigException {
        boolean environment = section.bool("proxy_from_environment", false);
        if (has(section, "proxy_connect_header") && !environment && !has(section, "proxy_url")) {
            throw section.error(
                    "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured");
        }
        if (environment && has(section, "proxy_url")) {
            throw section.error("if proxy_from_environment is configured, proxy_url must not be configured");
        }
        if (environment && has(section, "no_proxy")) {
            throw section.error("if proxy_from_environment is configured, no_proxy must not be configured");
        }
        if (has(section, "no_proxy") && !has(section, "proxy_url")) {
            throw section.error("if no_proxy is configured, proxy_url must also be configured");
        }
        checkUrl(section, "proxy_url");
        Map<String, List<Secret>> connect = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigNode> header :
                map(section, "proxy_connect_header").entries().entrySet()) {
            List<Secret> values = new ArrayList<>();
            for (ConfigNode value : header.getValue().items()) {
                values.add(Secret.of(value.text()));
            }
            connect.put(header.getKey(), List.copyOf(values));
        }
        return new Proxy(section.string("proxy_url", ""), section.string("no_proxy", ""), environment, connect);
    }

    private static void checkUrl(ConfigNode section, String key) throws ConfigException {
        if (!UrlText.isValid(section.string(key, ""))) {
            // Not the text: it may hold a password.
            throw errorAt(section, key, "not a valid URL");
        }
    }

    private static Map<String, List<Secret>> headers(ConfigNode headers) throws ConfigException {
        Map<String, List<Secret>> all = new LinkedHashMap<>();
        for (Map.Entry<String, ConfigNode> entry : headers.entries().entrySet()) {
            ConfigNode header = entry.getValue();
            checkHeader(entry.getKey(), header);
            header.onlyKeys("values", "secrets", "files");
            List<Secret> values = new ArrayList<>();
            header.strings("values").forEach(value -> values.add(Secret.of(value)));
            header.strings("secrets").forEach(value -> values.add(Secret.of(value)));
            for (ConfigNode file : header.list("files")) {
                values.add(Secret.in(path(file)));
            }
            all.put(entry.getKey(), List.copyOf(values));
        }
        return all;
    }

    /** Headers that the client itself sets may not be given. */
    private static void checkHeader(String name, ConfigNode where) throws ConfigException {
        switch (name.toLowerCase(Locale.ROOT)) {
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
