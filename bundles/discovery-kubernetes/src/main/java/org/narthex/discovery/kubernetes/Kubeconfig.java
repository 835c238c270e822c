package org.narthex.discovery.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Authorization;
import org.narthex.api.http.HttpClientConfig.BasicAuth;
import org.narthex.api.http.HttpClientConfig.Proxy;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClientConfig.Tls;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

/** Reads the file that {@code kubectl} uses: cluster and user of the current context. */
final class Kubeconfig {
    /** What a credential plug-in may be told. */
    private static final List<String> CLUSTER_INFO =
            List.of("server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url");

    private final Path file;
    private final Map<?, ?> root;

    private Kubeconfig(Path file, Map<?, ?> root) {
        this.file = file;
        this.root = root;
    }

    static Access read(Path file) throws IOException {
        Object root;
        try {
            LoadSettings settings =
                    LoadSettings.builder().setSchema(new FailsafeSchema()).build();
            root = new Load(settings).loadFromString(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file", e);
        } catch (YamlEngineException e) {
            throw new IOException(file + ": " + e.getMessage().replaceAll("\\s+", " "), e);
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw new IOException(file + ": no kubeconfig");
        }
        return new Kubeconfig(file, map).access();
    }

    private Access access() throws IOException {
        Map<?, ?> context = named("contexts", text(root, "current-context"), "context");
        Map<?, ?> cluster = named("clusters", text(context, "cluster"), "cluster");
        Map<?, ?> user = text(context, "user").isEmpty() ? Map.of() : named("users", text(context, "user"), "user");
        if (user.containsKey("auth-provider")) {
            throw new IOException(file + ": auth-provider is no longer known, use exec");
        }
        Tls tls = new Tls(
                pem(cluster, "certificate-authority"),
                pem(user, "client-certificate"),
                pem(user, "client-key"),
                text(cluster, "tls-server-name"),
                text(cluster, "insecure-skip-tls-verify").equals("true"),
                "",
                "");
        Optional<Secret> token = !text(user, "tokenFile").isEmpty()
                ? Optional.of(Secret.in(path(text(user, "tokenFile"))))
                : Optional.of(text(user, "token"))
                        .filter(text -> !text.isEmpty())
                        .map(Secret::of);
        Optional<BasicAuth> basic = token.isPresent() || text(user, "username").isEmpty()
                ? Optional.empty()
                : Optional.of(new BasicAuth(Secret.of(text(user, "username")), Secret.of(text(user, "password"))));
        HttpClientConfig http = new HttpClientConfig(
                basic,
                token.map(secret -> new Authorization("Bearer", secret)),
                Optional.empty(),
                tls,
                true,
                true,
                Proxy.of(text(cluster, "proxy-url")),
                Map.of());
        Access.Login login = user.get("exec") instanceof Map<?, ?> exec
                ? new ExecLogin(plugin(exec, cluster), http, InstantSource.system())
                : () -> http;
        return new Access(Access.uri(text(cluster, "server")), login, text(context, "namespace"));
    }

    private ExecLogin.Plugin plugin(Map<?, ?> exec, Map<?, ?> cluster) throws IOException {
        String version = text(exec, "apiVersion");
        if (!ExecLogin.isKnown(version)) {
            throw new IOException(file + ": exec.apiVersion \"" + version + "\" is not known");
        }
        if (text(exec, "command").isEmpty()) {
            throw new IOException(file + ": exec.command is missing");
        }
        if (text(exec, "interactiveMode").equals("Always")) {
            throw new IOException(file + ": exec.interactiveMode: there is nobody to answer");
        }
        Map<String, String> environment = new LinkedHashMap<>();
        for (Object variable : list(exec, "env")) {
            if (variable instanceof Map<?, ?> map) {
                environment.put(text(map, "name"), text(map, "value"));
            }
        }
        return new ExecLogin.Plugin(
                file.toAbsolutePath().getParent(),
                version,
                text(exec, "command"),
                list(exec, "args").stream().map(String::valueOf).toList(),
                environment,
                text(exec, "provideClusterInfo").equals("true") ? clusterInfo(cluster) : "");
    }

    private static List<?> list(Map<?, ?> map, String key) {
        return map.get(key) instanceof List<?> list ? list : List.of();
    }

    private static String clusterInfo(Map<?, ?> cluster) {
        StringBuilder json = new StringBuilder();
        for (String key : CLUSTER_INFO) {
            String text = text(cluster, key);
            if (!text.isEmpty()) {
                boolean quoted = !key.equals("insecure-skip-tls-verify");
                json.append(json.isEmpty() ? "" : ",").append('"').append(key).append("\":");
                json.append(quoted ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : text);
            }
        }
        return "{" + json + "}";
    }

    private Map<?, ?> named(String list, String name, String key) throws IOException {
        if (root.get(list) instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> map
                        && name.equals(map.get("name"))
                        && map.get(key) instanceof Map<?, ?> found) {
                    return found;
                }
            }
        }
        throw new IOException(file + ": " + list + " has no \"" + name + "\"");
    }

    private static String text(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? "" : String.valueOf(value);
    }

    /** In place in base64, or in a file. */
    private Optional<Secret> pem(Map<?, ?> map, String key) throws IOException {
        String data = text(map, key + "-data");
        if (!data.isEmpty()) {
            try {
                return Optional.of(
                        Secret.of(new String(Base64.getMimeDecoder().decode(data), StandardCharsets.ISO_8859_1)));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ": " + key + "-data is no base64", e);
            }
        }
        String name = text(map, key);
        return name.isEmpty() ? Optional.empty() : Optional.of(Secret.in(path(name)));
    }

    private Path path(String name) {
        return file.toAbsolutePath().resolveSibling(name);
    }
}
