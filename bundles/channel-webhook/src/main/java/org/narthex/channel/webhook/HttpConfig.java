package org.narthex.channel.webhook;

import java.nio.file.Path;
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

/** Reads {@code http_config}. A key that cannot be honoured is an error, so that nobody believes in a protection that is not there. */
final class HttpConfig {
    private HttpConfig() {}

    static HttpClientConfig of(ConfigNode node) throws ConfigException {
        node.onlyKeys(
                "basic_auth",
                "authorization",
                "tls_config",
                "follow_redirects",
                "enable_http2",
                "proxy_url",
                "http_headers");
        Optional<ConfigNode> basicAuth = node.get("basic_auth");
        Optional<ConfigNode> authorization = node.get("authorization");
        Optional<ConfigNode> tls = node.get("tls_config");
        if (basicAuth.isPresent() && authorization.isPresent()) {
            throw node.error("at most one of basic_auth and authorization may be given");
        }
        return new HttpClientConfig(
                basicAuth.isPresent() ? Optional.of(basicAuth(basicAuth.get())) : Optional.empty(),
                authorization.isPresent() ? Optional.of(authorization(authorization.get())) : Optional.empty(),
                tls.isPresent() ? tls(tls.get()) : Tls.DEFAULT,
                node.bool("follow_redirects", true),
                node.bool("enable_http2", true),
                node.string("proxy_url", ""),
                headers(node));
    }

    private static BasicAuth basicAuth(ConfigNode node) throws ConfigException {
        node.onlyKeys("username", "username_file", "password", "password_file");
        return new BasicAuth(secret(node, "username"), secret(node, "password"));
    }

    private static Authorization authorization(ConfigNode node) throws ConfigException {
        node.onlyKeys("type", "credentials", "credentials_file");
        String type = node.string("type", "Bearer").strip();
        if (type.equalsIgnoreCase("basic")) {
            throw node.error("type cannot be \"basic\", use basic_auth instead");
        }
        return new Authorization(type, secret(node, "credentials"));
    }

    private static Tls tls(ConfigNode node) throws ConfigException {
        node.onlyKeys("ca_file", "cert_file", "key_file", "server_name", "insecure_skip_verify");
        if (node.get("cert_file").isPresent() != node.get("key_file").isPresent()) {
            throw node.error("cert_file and key_file must be given together");
        }
        return new Tls(
                file(node, "ca_file"),
                file(node, "cert_file"),
                file(node, "key_file"),
                node.string("server_name", ""),
                node.bool("insecure_skip_verify", false));
    }

    private static Map<String, List<String>> headers(ConfigNode node) throws ConfigException {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        Optional<ConfigNode> given = node.get("http_headers");
        if (given.isPresent()) {
            for (Map.Entry<String, ConfigNode> header : given.get().entries().entrySet()) {
                header.getValue().onlyKeys("values");
                headers.put(header.getKey(), header.getValue().strings("values"));
            }
        }
        return headers;
    }

    private static Secret secret(ConfigNode node, String key) throws ConfigException {
        Optional<Path> file = file(node, key + "_file");
        if (file.isPresent() && node.get(key).isPresent()) {
            throw node.error("at most one of " + key + " and " + key + "_file may be given");
        }
        return file.isPresent() ? Secret.in(file.get()) : Secret.of(node.string(key, ""));
    }

    private static Optional<Path> file(ConfigNode node, String key) throws ConfigException {
        Optional<ConfigNode> value = node.get(key);
        return value.isPresent() ? Optional.of(path(value.get())) : Optional.empty();
    }

    /** A file named in a configuration file stands relative to that. */
    static Path path(ConfigNode node) throws ConfigException {
        return Path.of(node.file()).toAbsolutePath().resolveSibling(node.text()).normalize();
    }
}
