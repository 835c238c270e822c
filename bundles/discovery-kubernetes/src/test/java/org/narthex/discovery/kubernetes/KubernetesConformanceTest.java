package org.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.Json;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.testkit.DiscoveryContract;
import org.narthex.testkit.PlainHttpClients;

/** Upstream's own cases: all but those of which the extraction lost an object that {@link RepairedCase} cannot put back. */
class KubernetesConformanceTest {
    /** What the extraction lost; {@link KubernetesChangesTest} has the like of them. */
    private static final Map<String, String> UNREADABLE = Map.ofEntries(
            Map.entry("service_test.go:TestServiceDiscoveryAdd", "three of the four services: all are the first"),
            Map.entry("endpointslice_test.go:TestEndpointSliceDiscoveryAdd", "the slice: a pod stands in its place"),
            Map.entry("endpointslice_test.go:TestEndpointSliceDiscoveryUpdate", "the new slice: it is the old one"),
            Map.entry(
                    "endpointslice_test.go:TestEndpointSliceDiscoveryEmptyEndpoints",
                    "the new slice: it is the old one"),
            Map.entry("endpoints_test.go:TestEndpointsDiscoveryAdd", "the endpoints: a pod stands in their place"),
            Map.entry("endpoints_test.go:TestEndpointsDiscoveryUpdatePod", "the new pod: it is the old one"),
            Map.entry(
                    "endpoints_test.go:TestEndpointsDiscoveryEmptyPodStatus",
                    "that only the own namespace is looked into"),
            Map.entry("pod_test.go:TestPodDiscoveryInitContainer", "the pod: one of another case stands in its place"),
            Map.entry("pod_test.go:TestPodDiscoveryUpdate", "the new pod: it is the old one"),
            Map.entry("pod_test.go:TestPodDiscoveryUpdateEmptyPodIP", "that the new pod has no address"),
            Map.entry("pod_test.go:TestPodDiscoveryWithNodeMetadata", "the labels of the node in what is expected"),
            Map.entry(
                    "pod_test.go:TestPodDiscoveryWithNodeMetadataUpdateNode",
                    "the labels of the node in what is expected"),
            Map.entry(
                    "pod_test.go:TestPodDiscoveryWithNodeSelector",
                    "both pods: one of another case stands in their place"),
            Map.entry("pod_test.go:TestPodDiscoveryWithCronJobUpdate", "that the job belongs to the cron job"),
            Map.entry("node_test.go:TestNodeDiscoveryUpdate", "the capital of the label's name"));

    @TempDir
    Path folder;

    @Test
    void findsWhatUpstreamFinds() throws Exception {
        String dir = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(dir.isEmpty(), "-Dconformance.dir is not given");
        Json cases = Json.parse(Files.readAllBytes(Path.of(dir, "config/discovery/kubernetes/cases.json")));
        Files.writeString(folder.resolve("namespace"), "own-ns");
        Map<String, Json> tests = new TreeMap<>(cases.get("tests").entries());
        assertThat(tests.keySet()).containsAll(UNREADABLE.keySet());
        tests.keySet().removeAll(UNREADABLE.keySet());
        List<String> differences = new ArrayList<>();
        for (Map.Entry<String, Json> one : tests.entrySet()) {
            String difference = run(one.getKey(), new RepairedCase(one.getValue()));
            if (!difference.isEmpty()) {
                differences.add(one.getKey() + ": " + difference);
            }
        }
        assertThat(differences).isEmpty();
    }

    private String run(String name, RepairedCase repaired) throws Exception {
        Json test = repaired.test();
        try (FakeApiServer server = new FakeApiServer()) {
            for (Json object : repaired.objects()) {
                put(server, RepairedCase.plural(object), object);
            }
            KubernetesDiscoveryProvider provider = new KubernetesDiscoveryProvider(
                    new PlainHttpClients(), new Access.Surroundings(variable -> null, folder));
            Map<String, Map<Labels, Labels>> wanted = wanted(test.get("expected"));
            DiscoveryContract.Groups groups = new DiscoveryContract.Groups();
            KubernetesSettings settings = KubernetesSettings.of(section(name, test, server.url()));
            try (DiscoveryProvider.Discovery running = provider.start(settings.section(), groups)) {
                assertThat(running).isNotNull();
                groups.await(all -> all.updates() > 0);
                for (Json event : repaired.events()) {
                    Json object = event.get("object");
                    if (event.text("action").equals("delete")) {
                        server.delete(event.text("resource"), object.isText() ? object.text() : Cluster.key(object));
                    } else {
                        put(server, event.text("resource"), object);
                    }
                }
                long deadline = System.nanoTime() + 10_000_000_000L;
                while (!found(groups.all()).equals(wanted) && System.nanoTime() < deadline) {
                    synchronized (groups) {
                        groups.wait(50);
                    }
                }
                Map<String, Map<Labels, Labels>> found = found(groups.all());
                return found.equals(wanted) ? "" : "found " + found + "\n   wanted " + wanted;
            } finally {
                provider.stop();
            }
        }
    }

    private static void put(FakeApiServer server, String plural, Json object) {
        server.put(
                plural,
                object.get("metadata", "namespace").text(),
                object.get("metadata", "name").text(),
                JsonText.of(object));
    }

    private static ConfigNode section(String name, Json test, String url) {
        Map<String, ConfigNode> keys = new LinkedHashMap<>();
        keys.put("role", scalar(test.text("role")));
        keys.put("api_server", scalar(url));
        Map<String, ConfigNode> namespaces = new LinkedHashMap<>();
        List<ConfigNode> names = test.items("namespaces").stream()
                .map(item -> scalar(item.text()))
                .toList();
        namespaces.put("names", ConfigNode.sequence("t", 1, "", names));
        namespaces.put("own_namespace", scalar(Boolean.toString(name.contains("OwnNamespace"))));
        keys.put("namespaces", ConfigNode.mapping("t", 1, "", namespaces));
        Map<String, ConfigNode> attach = new LinkedHashMap<>();
        test.get("attach_metadata").entries().forEach((kind, on) -> attach.put(kind, scalar(on.text())));
        // Not all cases say it.
        if (name.contains("NodeMetadata") || name.contains("NodeSelector")) {
            attach.put("node", scalar("true"));
        }
        if (name.contains("NamespaceMetadata")) {
            attach.put("namespace", scalar("true"));
        }
        keys.put("attach_metadata", ConfigNode.mapping("t", 1, "", attach));
        return ConfigNode.mapping("t", 1, "", keys);
    }

    private static ConfigNode scalar(String text) {
        return ConfigNode.scalar("t", 1, "", text);
    }

    private static Map<String, Map<Labels, Labels>> wanted(Json expected) {
        Map<String, Map<Labels, Labels>> wanted = new TreeMap<>();
        expected.entries().forEach((source, group) -> {
            Map<Labels, Labels> targets = new LinkedHashMap<>();
            Labels common = labels(group.get("Labels"));
            group.items("Targets").forEach(target -> targets.put(labels(target), common));
            if (!targets.isEmpty()) {
                wanted.put(source, targets);
            }
        });
        return wanted;
    }

    private static Labels labels(Json texts) {
        Labels.Builder labels = Labels.builder();
        texts.texts().forEach(labels::set);
        return labels.build();
    }

    /** Targets in any order: upstream's are in that of a hash table. */
    private static Map<String, Map<Labels, Labels>> found(List<TargetGroup> groups) {
        Map<String, Map<Labels, Labels>> found = new TreeMap<>();
        for (TargetGroup group : groups) {
            Map<Labels, Labels> targets = new LinkedHashMap<>();
            group.targets().forEach(target -> targets.put(target, group.labels()));
            found.put(group.source(), targets);
        }
        return found;
    }
}
