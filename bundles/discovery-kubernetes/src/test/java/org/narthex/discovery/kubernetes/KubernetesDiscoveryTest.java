package org.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientConfig.Secret;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.testkit.DiscoveryContract;
import org.narthex.testkit.PlainHttpClients;

class KubernetesDiscoveryTest extends DiscoveryContract {
    @TempDir
    Path folder;

    private FakeApiServer server;
    private KubernetesDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer();
        provider =
                new KubernetesDiscoveryProvider(new PlainHttpClients(), new Access.Surroundings(name -> null, folder));
    }

    @AfterEach
    void stop() {
        provider.stop();
        server.close();
    }

    @Override
    protected DiscoveryProvider provider() {
        return provider;
    }

    private ConfigNode with(String... more) {
        Map<String, String> keys = new LinkedHashMap<>(Map.of("role", "pod", "api_server", server.url()));
        for (int i = 0; i < more.length; i += 2) {
            keys.put(more[i], more[i + 1]);
        }
        return ConfigNode.of(keys);
    }

    @Override
    protected ConfigNode section() {
        return with();
    }

    @Override
    protected ConfigNode badSection() {
        return with("role", "container");
    }

    private static String pod(String address) {
        int colon = address.indexOf(':');
        return "{\"metadata\":{\"namespace\":\"default\",\"name\":\"" + address.replace(':', '-')
                + "\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"ports\":[{\"containerPort\":"
                + address.substring(colon + 1) + "}]}]},\"status\":{\"podIP\":\"" + address.substring(0, colon)
                + "\"}}";
    }

    @Override
    protected void publish(List<String> addresses) {
        for (String address : List.of("a:1", "b:2", "c:3")) {
            if (addresses.contains(address)) {
                server.put("pods", "default", address.replace(':', '-'), pod(address));
            } else {
                server.delete("pods", "default/" + address.replace(':', '-'));
            }
        }
    }

    @Test
    void keepsTheLastTargetsWhileTheServerIsAway() throws Exception {
        publish(List.of("a:1"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1");
            server.awaitWatches(1);
            server.fail(503);
            assertThat(groups.addresses()).containsExactly("a:1");
            publish(List.of("b:2"));
            server.fail(200);
            groups.awaitAddresses("b:2");
        }
    }

    @Test
    void listsAnewWhenTheServerForgotWhereTheWatchWas() throws Exception {
        publish(List.of("a:1"));
        Groups groups = new Groups();
        try (DiscoveryProvider.Discovery running = provider.start(section(), groups)) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("a:1");
            server.awaitWatches(1);
            server.forget();
            publish(List.of("b:2", "c:3"));
            groups.awaitAddresses("b:2", "c:3");
        }
    }

    @Test
    void readsAKubeconfig() throws Exception {
        String pem = Base64.getEncoder().encodeToString("a certificate".getBytes(StandardCharsets.UTF_8));
        Path file = Files.writeString(
                folder.resolve("config"),
                "current-context: me@here\n"
                        + "contexts: [{name: me@here, context: {cluster: here, user: me}}]\n"
                        + "clusters: [{name: here, cluster: {server: 'https://h:6443', certificate-authority-data: "
                        + pem
                        + "}}]\n"
                        + "users: [{name: me, user: {token: t0k3n}}, {name: x, user: {exec: {command: y}}}]\n");
        Access access = Kubeconfig.read(file);
        assertThat(access.server()).hasToString("https://h:6443/");
        assertThat(access.login().http().authorization())
                .contains(new HttpClientConfig.Authorization("Bearer", Secret.of("t0k3n")));
        assertThat(access.login().http().tls().ca()).contains(Secret.of("a certificate"));
        Files.writeString(file, Files.readString(file).replace("user: me}", "user: x}"));
        assertThatThrownBy(() -> Kubeconfig.read(file)).hasMessageContaining("exec.apiVersion \"\" is not known");
        Path none = file.resolveSibling("none");
        assertThatThrownBy(() -> Kubeconfig.read(none)).hasMessage(none + ": no such file");
        Files.writeString(file, Files.readString(file).replace("user: x}", "user: z}"));
        assertThatThrownBy(() -> Kubeconfig.read(file)).hasMessageContaining("users has no \"z\"");
    }

    @Test
    void readsAUserThatRunsAProgramForItsCredentials() throws Exception {
        Path file = Files.writeString(
                folder.resolve("config"),
                "current-context: c\n"
                        + "contexts: [{name: c, context: {cluster: here, user: me}}]\n"
                        + "clusters: [{name: here, cluster: {server: 'https://h:6443', insecure-skip-tls-verify: true}}]\n"
                        + "users: [{name: me, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, "
                        + "args: [-c, 'printf %s \"$KUBERNETES_EXEC_INFO$A\" > " + folder.resolve("told")
                        + "; echo {\\\"kind\\\":\\\"ExecCredential\\\",\\\"apiVersion\\\":\\\"client.authentication.k8s.io/v1\\\","
                        + "\\\"status\\\":{\\\"token\\\":\\\"t\\\"}}'], env: [{name: A, value: b}], provideClusterInfo: true}}}]\n");
        assertThat(Kubeconfig.read(file).login().http().authorization())
                .contains(new HttpClientConfig.Authorization("Bearer", Secret.of("t")));
        assertThat(Files.readString(folder.resolve("told")))
                .endsWith("\"cluster\":{\"server\":\"https://h:6443\",\"insecure-skip-tls-verify\":true}}}b");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("k8s.io/v1,", "k8s.io/v1alpha1,"));
        assertThatThrownBy(() -> Kubeconfig.read(file)).hasMessageContaining("v1alpha1\" is not known");
        Files.writeString(file, text.replace("command: sh,", ""));
        assertThatThrownBy(() -> Kubeconfig.read(file)).hasMessageContaining("exec.command is missing");
        Files.writeString(file, text.replace("command: sh,", "command: sh, interactiveMode: Always,"));
        assertThatThrownBy(() -> Kubeconfig.read(file)).hasMessageContaining("nobody to answer");
    }

    @Test
    void findsItsClusterWhereItRunsInOne() throws Exception {
        Files.writeString(folder.resolve("namespace"), "own\n");
        Map<String, String> environment =
                Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBERNETES_SERVICE_PORT", "443");
        ConfigNode section = ConfigNode.of(Map.of("role", "pod"));
        Access access = Access.of(section, new Access.Surroundings(environment::get, folder));
        assertThat(access.server()).hasToString("https://10.0.0.1:443/");
        assertThat(access.ownNamespace()).isEqualTo("own");
        assertThat(access.login().http().authorization())
                .contains(new HttpClientConfig.Authorization("Bearer", Secret.in(folder.resolve("token"))));
        assertThatThrownBy(() -> Access.of(section, new Access.Surroundings(name -> null, folder)))
                .hasMessageContaining("not in a cluster");
    }

    @Test
    void watchesNoMoreThanTheRoleNeeds() throws Exception {
        assertThat(KubernetesSettings.of(section()).resources()).containsExactly(Resource.PODS);
        assertThat(Set.copyOf(
                        KubernetesSettings.of(with("role", "endpointslice")).resources()))
                .isEqualTo(Set.of(Resource.ENDPOINT_SLICES, Resource.SERVICES, Resource.PODS));
    }
}
