package org.narthex.discovery.registry.consul;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.BasicAuth;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClientKeys;

/** One element of {@code consul_sd_configs}. */
record ConsulSettings(
        String base,
        HttpClientConfig http,
        String token,
        String datacenter,
        String tagSeparator,
        long refreshMs,
        List<String> services,
        List<String> tags,
        Map<String, String> common,
        List<String> nodeMeta,
        String filter,
        String healthFilter) {
    private static final long REFRESH_MS = 30_000;
    private static final List<String> KEYS = List.of(
            "server",
            "path_prefix",
            "token",
            "datacenter",
            "namespace",
            "partition",
            "tag_separator",
            "scheme",
            "username",
            "password",
            "allow_stale",
            "refresh_interval",
            "services",
            "tags",
            "node_meta",
            "filter",
            "health_filter");

    static ConsulSettings of(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(section, KEYS.toArray(String[]::new));
        String server = section.string("server", "localhost:8500");
        if (server.isBlank()) {
            throw section.require("server").error("consul SD configuration requires a server address");
        }
        String scheme = section.string("scheme", "http");
        if (server.contains("://")) {
            scheme = server.substring(0, server.indexOf("://"));
            server = server.substring(server.indexOf("://") + 3);
        }
        String prefix = section.string("path_prefix", "").replaceAll("^/|/$", "");
        Map<String, String> common = new LinkedHashMap<>();
        put(common, "dc", section.string("datacenter", ""));
        put(common, "ns", section.string("namespace", ""));
        put(common, "partition", section.string("partition", ""));
        if (section.bool("allow_stale", true)) {
            common.put("stale", "");
        }
        List<String> nodeMeta = new ArrayList<>();
        section.stringMap("node_meta").forEach((name, value) -> nodeMeta.add(name + ":" + value));
        long refreshMs = section.durationMs("refresh_interval", REFRESH_MS);
        return new ConsulSettings(
                scheme + "://" + server + (prefix.isEmpty() ? "" : "/" + prefix),
                http(section),
                section.string("token", ""),
                section.string("datacenter", ""),
                section.string("tag_separator", ","),
                refreshMs == 0 ? REFRESH_MS : refreshMs,
                section.strings("services"),
                section.strings("tags"),
                common,
                nodeMeta,
                section.string("filter", ""),
                section.string("health_filter", ""));
    }

    private static HttpClientConfig http(ConfigNode section) throws ConfigException {
        HttpClientConfig http = HttpClientKeys.read(section);
        Optional<ConfigNode> username = section.given("username");
        Optional<ConfigNode> password = section.given("password");
        if (username.isEmpty() && password.isEmpty()) {
            return http;
        }
        if (http.basicAuth().isPresent()) {
            throw section.error(
                    "at most one of consul SD configuration username and password and basic auth can be configured");
        }
        return new HttpClientConfig(
                Optional.of(new BasicAuth(
                        Secret.of(section.string("username", "")), Secret.of(section.string("password", "")))),
                Optional.empty(),
                Optional.empty(),
                http.tls(),
                http.followRedirects(),
                http.enableHttp2(),
                http.proxy(),
                http.headers());
    }

    private static void put(Map<String, String> into, String key, String value) {
        if (!value.isEmpty()) {
            into.put(key, value);
        }
    }

    /** Whether the catalogue is asked which services there are. */
    boolean watchesCatalogue() {
        return services.isEmpty() || !tags.isEmpty();
    }

    boolean wants(String service, List<String> itsTags) {
        return (services.isEmpty() || services.contains(service)) && itsTags.containsAll(tags);
    }

    /** The catalogue, once it changed after the index; 0 for as it is. */
    URI catalogue(long index) {
        return uri("/v1/catalog/services", index, List.of(), filter);
    }

    /** The instances of a service with their health. */
    URI health(String service, long index) {
        return uri("/v1/health/service/" + encoded(service).replace("+", "%20"), index, tags, healthFilter);
    }

    URI self() {
        return URI.create(base + "/v1/agent/self");
    }

    /** Parameters in the order of their names. */
    private URI uri(String path, long index, List<String> withTags, String withFilter) {
        Map<String, List<String>> parameters = new TreeMap<>();
        common.forEach((name, value) -> parameters.put(name, List.of(value)));
        if (index > 0) {
            parameters.put("index", List.of(Long.toString(index)));
        }
        if (!withFilter.isEmpty()) {
            parameters.put("filter", List.of(withFilter));
        }
        parameters.put("node-meta", nodeMeta);
        parameters.put("tag", withTags);
        parameters.put("wait", List.of("120000ms"));
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, values) -> values.forEach(value -> query.append(query.isEmpty() ? "?" : "&")
                .append(name)
                .append('=')
                .append(encoded(value))));
        return URI.create(base + path + query);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
