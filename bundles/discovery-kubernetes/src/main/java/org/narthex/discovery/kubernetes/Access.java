package org.narthex.discovery.kubernetes;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Authorization;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.http.HttpClientConfig.Tls;
import org.narthex.api.http.HttpClientKeys;

/**
 * How the API server is reached.
 *
 * @param server ends in a slash
 * @param ownNamespace the namespace this process runs in; empty outside a cluster
 */
record Access(URI server, Login login, String ownNamespace) {
    /** Where the settings of requests come from. Thread-safe. */
    interface Login {
        /** As of now; may take a while. */
        HttpClientConfig http() throws IOException;

        /** The server did not take the credentials: they are not to be given again. */
        default void refused() {}
    }

    private static final String ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

    /** What is found where a pod runs. */
    record Surroundings(UnaryOperator<String> environment, Path serviceAccount) {
        static Surroundings ofProcess() {
            return new Surroundings(System::getenv, Path.of(ACCOUNT));
        }

        String ownNamespace() {
            try {
                return Files.readString(serviceAccount.resolve("namespace")).strip();
            } catch (IOException e) {
                return "";
            }
        }
    }

    /** By the section's keys, by a kubeconfig file, or, where there is neither, as a pod of the cluster. */
    static Access of(ConfigNode section, Surroundings surroundings) throws ConfigException, IOException {
        Optional<ConfigNode> server = section.given("api_server");
        if (server.isPresent()) {
            return fixed(uri(server.get().text()), HttpClientKeys.read(section), surroundings.ownNamespace());
        }
        Optional<ConfigNode> file = section.given("kubeconfig_file");
        if (file.isPresent()) {
            return Kubeconfig.read(HttpClientKeys.path(file.get()));
        }
        String host = surroundings.environment().apply("KUBERNETES_SERVICE_HOST");
        String port = surroundings.environment().apply("KUBERNETES_SERVICE_PORT");
        if (host == null || port == null) {
            throw new IOException("not in a cluster (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set), "
                    + "and neither api_server nor kubeconfig_file is given");
        }
        Tls tls = new Tls(
                Optional.of(Secret.in(surroundings.serviceAccount().resolve("ca.crt"))),
                Optional.empty(),
                Optional.empty(),
                "",
                false,
                "",
                "");
        Secret token = Secret.in(surroundings.serviceAccount().resolve("token"));
        return fixed(
                uri("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port),
                HttpClientConfig.DEFAULT.withTls(tls).withAuthorization(new Authorization("Bearer", token)),
                surroundings.ownNamespace());
    }

    /** With credentials that stay. */
    static Access fixed(URI server, HttpClientConfig http, String ownNamespace) {
        return new Access(server, () -> http, ownNamespace);
    }

    static URI uri(String text) throws IOException {
        try {
            return URI.create(text.endsWith("/") ? text : text + "/");
        } catch (IllegalArgumentException e) {
            throw new IOException("the API server's address is no URL", e);
        }
    }
}
