package org.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.testkit.DiscoveryContract;
import org.narthex.testkit.PlainHttpClients;

/** What becomes of targets when objects come and change after the start. */
class KubernetesChangesTest {
    private static final String READY = "\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]";

    @TempDir
    Path folder;

    private final DiscoveryContract.Groups groups = new DiscoveryContract.Groups();
    private FakeApiServer server;
    private KubernetesDiscoveryProvider provider;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(folder.resolve("namespace"), "own");
        server = new FakeApiServer();
        provider =
                new KubernetesDiscoveryProvider(new PlainHttpClients(), new Access.Surroundings(name -> null, folder));
    }

    @AfterEach
    void stop() {
        provider.stop();
        server.close();
    }

    /** @param more names of maps and of what is on in them */
    private DiscoveryProvider.Discovery discover(String role, String... more) throws Exception {
        Map<String, ConfigNode> keys = new LinkedHashMap<>();
        keys.put("role", scalar(role));
        keys.put("api_server", scalar(server.url()));
        Map<String, Map<String, ConfigNode>> maps = new LinkedHashMap<>();
        for (int i = 0; i < more.length; i += 2) {
            maps.computeIfAbsent(more[i], any -> new LinkedHashMap<>()).put(more[i + 1], scalar("true"));
        }
        maps.forEach((name, map) -> keys.put(name, ConfigNode.mapping("t", 1, "", map)));
        DiscoveryProvider.Discovery running = provider.start(ConfigNode.mapping("t", 1, "", keys), groups);
        groups.await(all -> all.updates() > 0);
        return running;
    }

    private static ConfigNode scalar(String text) {
        return ConfigNode.scalar("t", 1, "", text);
    }

    private void put(String plural, String namespace, String name, String rest) {
        server.put(
                plural,
                namespace,
                name,
                "{\"metadata\":{\"namespace\":\"" + namespace + "\",\"name\":\"" + name + "\"}," + rest + "}");
    }

    private static String pod(String image, String phase, String ip, String more) {
        return "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"" + image
                + "\",\"ports\":[{\"name\":\"main\",\"containerPort\":9000,\"protocol\":\"TCP\"}]}]"
                + "},\"status\":{\"phase\":\"" + phase + "\",\"podIP\":\"" + ip + "\"" + more + "}";
    }

    private void awaitLabel(String name, String... values) throws InterruptedException {
        groups.await(all -> all.all().stream()
                .flatMap(group -> group.targets().stream().map(target -> value(group.labels(), target, name)))
                .sorted()
                .toList()
                .equals(List.of(values)));
    }

    private static String value(Labels common, Labels target, String name) {
        String own = target.get(ObjectLabels.PREFIX + name);
        return own.isEmpty() ? common.get(ObjectLabels.PREFIX + name) : own;
    }

    @Test
    void aLoadBalancersAddressesAreThoseItWasGivenRatherThanTheOneWishedFor() throws Exception {
        try (DiscoveryProvider.Discovery running = discover("service")) {
            assertThat(running).isNotNull();
            String spec =
                    "\"spec\":{\"type\":\"LoadBalancer\",\"loadBalancerIP\":\"127.0.0.1\",\"ports\":[{\"port\":1}]}";
            put("services", "default", "s", spec);
            awaitLabel("service_loadbalancer_ip", "127.0.0.1");
            put(
                    "services",
                    "default",
                    "s",
                    spec + ",\"status\":{\"loadBalancer\":{\"ingress\":["
                            + "{\"ip\":\"192.168.1.15\"},{\"hostname\":\"h\"},{\"ip\":\"2001:db8::1\"}]}}");
            awaitLabel("service_loadbalancer_ip", "192.168.1.15,2001:db8::1");
        }
    }

    @Test
    void servicesOfAllTypesAreTargets() throws Exception {
        try (DiscoveryProvider.Discovery running = discover("service")) {
            assertThat(running).isNotNull();
            put(
                    "services",
                    "default",
                    "a",
                    "\"spec\":{\"type\":\"ClusterIP\",\"clusterIP\":\"10.0.0.1\",\"ports\":[{\"port\":1}]}");
            put(
                    "services",
                    "default",
                    "b",
                    "\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"e\",\"ports\":[{\"port\":2}]}");
            awaitLabel("service_type", "ClusterIP", "ExternalName");
            awaitLabel("service_external_name", "", "e");
            awaitLabel("service_cluster_ip", "", "10.0.0.1");
            groups.awaitAddresses("a.default.svc:1", "b.default.svc:2");
        }
    }

    @Test
    void aPodThatGetsReadyAndAnAddressIsATarget() throws Exception {
        put("pods", "default", "p", pod("c:1", "Pending", "", ""));
        try (DiscoveryProvider.Discovery running = discover("pod")) {
            assertThat(running).isNotNull();
            assertThat(groups.addresses()).isEmpty();
            put("pods", "default", "p", pod("c:2", "Running", "1.2.3.4", "," + READY));
            groups.awaitAddresses("1.2.3.4:9000");
            awaitLabel("pod_ready", "true");
            awaitLabel("pod_container_image", "c:2");
            put("pods", "default", "p", pod("c:2", "Running", "", "," + READY));
            groups.awaitAddresses();
            put("pods", "default", "p", pod("c:2", "Running", "1.2.3.5", "," + READY));
            groups.awaitAddresses("1.2.3.5:9000");
            put("pods", "default", "p", pod("c:2", "Failed", "", ""));
            groups.awaitAddresses();
        }
    }

    @Test
    void endpointsThatComeAfterTheirPodHaveItsLabelsAndItsOtherPorts() throws Exception {
        put("pods", "default", "p", pod("c:1", "Pending", "4.3.2.1", ""));
        try (DiscoveryProvider.Discovery running = discover("endpoints")) {
            assertThat(running).isNotNull();
            put(
                    "endpoints",
                    "default",
                    "e",
                    "\"subsets\":[{\"addresses\":[{\"ip\":\"4.3.2.1\",\"targetRef\":{\"kind\":\"Pod\",\"namespace\":\"default\","
                            + "\"name\":\"p\"}}],\"ports\":[{\"port\":9001}]}]");
            groups.awaitAddresses("4.3.2.1:9000", "4.3.2.1:9001");
            awaitLabel("pod_phase", "Pending", "Pending");
            put("pods", "default", "p", pod("c:1", "Running", "4.3.2.1", "," + READY));
            awaitLabel("pod_phase", "Running", "Running");
            put("endpoints", "default", "e", "\"subsets\":[]");
            groups.awaitAddresses();
        }
    }

    @Test
    void aSliceFollowsItsPodAndItsNextVersion() throws Exception {
        put("pods", "default", "p", pod("c:1", "Running", "4.3.2.1", ""));
        try (DiscoveryProvider.Discovery running = discover("endpointslice")) {
            assertThat(running).isNotNull();
            String slice =
                    "\"addressType\":\"IPv4\",\"ports\":[{\"port\":9000}],\"endpoints\":[{\"addresses\":[\"4.3.2.1\"],"
                            + "\"targetRef\":{\"kind\":\"Pod\",\"namespace\":\"default\",\"name\":\"p\"}}";
            put("endpointslices", "default", "s", slice + "]");
            groups.awaitAddresses("4.3.2.1:9000");
            awaitLabel("pod_container_name", "c");
            put("endpointslices", "default", "s", slice + ",{\"addresses\":[\"5.5.5.5\"]}]");
            groups.awaitAddresses("4.3.2.1:9000", "5.5.5.5:9000");
            put(
                    "endpointslices",
                    "default",
                    "s",
                    "\"addressType\":\"IPv4\",\"ports\":[{\"port\":9000}],\"endpoints\":[]");
            groups.awaitAddresses();
        }
    }

    @Test
    void theOwnNamespaceAloneIsLookedIntoWhereThatIsAskedFor() throws Exception {
        put("pods", "default", "p", pod("c:1", "Running", "1.1.1.1", ""));
        put("pods", "own", "p", pod("c:1", "Running", "2.2.2.2", ""));
        try (DiscoveryProvider.Discovery running = discover("pod", "namespaces", "own_namespace")) {
            assertThat(running).isNotNull();
            groups.awaitAddresses("2.2.2.2:9000");
            put("pods", "default", "q", pod("c:1", "Running", "3.3.3.3", ""));
            put("pods", "own", "q", pod("c:1", "Running", "4.4.4.4", ""));
            groups.awaitAddresses("2.2.2.2:9000", "4.4.4.4:9000");
        }
    }

    @Test
    void aPodHasTheLabelsOfItsNodeAndTheNamesOfWhatItsJobBelongsTo() throws Exception {
        String owner = "\"ownerReferences\":[{\"kind\":\"%s\",\"name\":\"%s\",\"controller\":true}]";
        server.put(
                "pods",
                "default",
                "p",
                "{\"metadata\":{\"namespace\":\"default\",\"name\":\"p\"," + String.format(owner, "Job", "j") + "},"
                        + pod("c:1", "Running", "1.1.1.1", "").replace("\"spec\":{", "\"spec\":{\"nodeName\":\"n\",")
                        + "}");
        server.put("nodes", "", "n", "{\"metadata\":{\"name\":\"n\",\"labels\":{\"Zone\":\"a\"}}}");
        server.put(
                "jobs",
                "default",
                "j",
                "{\"metadata\":{\"namespace\":\"default\",\"name\":\"j\"," + String.format(owner, "CronJob", "daily")
                        + "}}");
        try (DiscoveryProvider.Discovery running =
                discover("pod", "attach_metadata", "node", "attach_metadata", "cronjob")) {
            assertThat(running).isNotNull();
            awaitLabel("pod_cronjob_name", "daily");
            awaitLabel("pod_job_name", "");
            awaitLabel("node_label_Zone", "a");
            server.put("nodes", "", "n", "{\"metadata\":{\"name\":\"n\",\"labels\":{\"Zone\":\"b\"}}}");
            awaitLabel("node_label_Zone", "b");
        }
    }
}
