package org.narthex.discovery.docker;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.Json;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.HttpClients;

/** Asks the daemon, by HTTP or by the socket on this host, in the version of the API that it offers. */
final class DockerApi {
    /** An answer with the version the daemon names. */
    record Reply(String version, String body) {}

    /** Carries one request. */
    private interface Transport {
        Reply get(String target) throws IOException, InterruptedException;
    }

    private final Transport transport;
    private final String filters;

    private DockerApi(Transport transport, String filters) {
        this.transport = transport;
        this.filters = filters;
    }

    static DockerApi of(ConfigNode section, HttpClients clients, long timeoutMs) throws ConfigException {
        ConfigNode host = section.given("host").orElseThrow(() -> section.error("host missing"));
        URI uri;
        try {
            uri = new URI(host.text());
        } catch (URISyntaxException e) {
            throw host.error("not a valid URL");
        }
        Transport transport;
        switch (String.valueOf(uri.getScheme())) {
            case "unix" -> {
                UnixSocket socket = new UnixSocket(Path.of(uri.getPath()));
                transport = socket::get;
            }
            case "http", "https", "tcp" -> {
                HttpQuestion question = new HttpQuestion(clients, HttpClientKeys.read(section), timeoutMs);
                String base = host.text().replaceFirst("^tcp:", "http:").replaceAll("/$", "");
                transport = target -> {
                    HttpResponse<byte[]> response = question.get(URI.create(base + target));
                    return new Reply(
                            response.headers().firstValue("Api-Version").orElse(""),
                            new String(response.body(), StandardCharsets.UTF_8));
                };
            }
            default -> throw host.error("unix://, http://, https:// or tcp:// expected");
        }
        return new DockerApi(transport, filters(section));
    }

    /** As the API takes them: a map of maps. */
    private static String filters(ConfigNode section) throws ConfigException {
        Map<String, Set<String>> all = new LinkedHashMap<>();
        for (ConfigNode filter : section.list("filters")) {
            filter.onlyKeys("name", "values");
            all.computeIfAbsent(filter.string("name", ""), name -> new LinkedHashSet<>())
                    .addAll(filter.strings("values"));
        }
        StringBuilder json = new StringBuilder();
        all.forEach((name, values) -> {
            StringBuilder map = new StringBuilder();
            values.forEach(value ->
                    map.append(map.isEmpty() ? "" : ",").append(quoted(value)).append(":true"));
            json.append(json.isEmpty() ? "" : ",")
                    .append(quoted(name))
                    .append(":{")
                    .append(map)
                    .append('}');
        });
        return json.isEmpty() ? "" : "?filters=" + URLEncoder.encode("{" + json + "}", StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** The API at the version offered now: a daemon may be updated. */
    Session begin() throws IOException, InterruptedException {
        String version = transport.get("/_ping").version();
        return new Session(version.isEmpty() ? "" : "/v" + version);
    }

    /** Questions that belong together. */
    final class Session {
        private final String prefix;

        private Session(String prefix) {
            this.prefix = prefix;
        }

        /** Those of a kind that pass the section's filters. */
        Json filtered(String path) throws IOException, InterruptedException {
            return Json.parse(transport.get(prefix + path + filters).body());
        }

        Json all(String path) throws IOException, InterruptedException {
            return Json.parse(transport.get(prefix + path).body());
        }
    }
}
