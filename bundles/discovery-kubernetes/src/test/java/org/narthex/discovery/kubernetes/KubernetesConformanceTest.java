package org.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

/**
 * Upstream's own cases, but for those that lost what changes, or the namespaces of their objects, when they were extracted; a floor is the
 * number that passes today: the six others expect labels that none of their objects has.
 */
class KubernetesConformanceTest {
    @TempDir
    Path folder;

    @Test
    void findsWhatUpstreamFinds() throws Exception {
        String dir = System.getProperty("conformance.dir", "");
        Assumptions.assumeFalse(dir.isEmpty(), "-Dconformance.dir is not given");
        Json cases = Json.parse(Files.readAllBytes(Path.of(dir, "config/discovery/kubernetes/cases.json")));
        Files.writeString(folder.resolve("namespace"), "own-ns");
        int good = 0;
        int incomplete = 0;
        List<String> bad = new ArrayList<>();
        for (Map.Entry<String, Json> one : cases.get("tests").entries().entrySet()) {
            if (lacksWhatChanges(one.getValue())) {
                incomplete++;
                continue;
            }
            String difference = run(one.getKey(), one.getValue());
            if (difference.isEmpty()) {
                good++;
            } else {
                bad.add(one.getKey() + ": " + difference);
            }
        }
        System.out.println(
                "kubernetes cases: " + good + " good, " + bad.size() + " bad, " + incomplete + " incomplete");
        assertThat(good).as(() -> String.join("\n", bad)).isGreaterThanOrEqualTo(FLOOR);
    }

    private static final int FLOOR = 38;

    /** Whether an event brings nothing new, or the result names objects that never were. */
    private static boolean lacksWhatChanges(Json test) {
        Map<String, Json> objects = new LinkedHashMap<>();
        for (Json object : test.items("initial_objects")) {
            objects.put(object.text("kind") + Cluster.key(object), object);
        }
        for (Json event : test.items("events_after_start")) {
            Json object = event.get("object");
            if (event.text("action").equals("delete")) {
                continue;
            }
            boolean misplaced = !plural(object.text("kind")).equals(event.text("resource"));
            if (misplaced || object.equals(objects.put(object.text("kind") + Cluster.key(object), object))) {
                return true;
            }
        }
        List<String> keys = objects.values().stream().map(Cluster::key).toList();
        return test.get("expected").entries().keySet().stream()
                .anyMatch(source -> !keys.contains(source.substring(source.indexOf('/') + 1)));
    }

    private String run(String name, Json test) throws Exception {
        try (FakeApiServer server = new FakeApiServer()) {
            for (Json object : test.items("initial_objects")) {
                put(server, plural(object.text("kind")), object);
            }
            KubernetesDiscoveryProvider provider = new KubernetesDiscoveryProvider(
                    new PlainHttpClients(), new Access.Surroundings(variable -> null, folder));
            Map<String, Map<Labels, Labels>> wanted = wanted(test.get("expected"));
            DiscoveryContract.Groups groups = new DiscoveryContract.Groups();
            KubernetesSettings settings = KubernetesSettings.of(section(name, test, server.url()));
            try (DiscoveryProvider.Discovery running = provider.start(settings.section(), groups)) {
                assertThat(running).isNotNull();
                groups.await(all -> all.updates() > 0);
                for (Json event : test.items("events_after_start")) {
                    Json object = event.get("object");
                    if (event.text("action").equals("delete")) {
                        server.delete(event.text("resource"), object.isText() ? object.text() : Cluster.key(object));
                    } else {
                        put(server, event.text("resource"), object);
                    }
                }
                long deadline = System.nanoTime() + 700_000_000L;
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

    private static String plural(String kind) {
        return switch (kind) {
            case "Endpoints" -> "endpoints";
            case "Ingress" -> "ingresses";
            default -> kind.toLowerCase(Locale.ROOT) + "s";
        };
    }

    private static void put(FakeApiServer server, String plural, Json object) {
        server.put(
                plural,
                object.get("metadata", "namespace").text(),
                object.get("metadata", "name").text(),
                json(object));
    }

    private static String json(Json value) {
        if (value.isMap()) {
            StringBuilder out = new StringBuilder();
            value.entries().forEach((key, entry) -> out.append(out.isEmpty() ? "" : ",")
                    .append(quoted(key))
                    .append(':')
                    .append(json(entry)));
            return "{" + out + "}";
        }
        if (value.isList()) {
            return "["
                    + String.join(
                            ",",
                            value.items().stream()
                                    .map(KubernetesConformanceTest::json)
                                    .toList()) + "]";
        }
        return !value.isPresent() ? "null" : value.isText() ? quoted(value.text()) : value.text();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
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
        // The cases do not say it of nodes.
        if (name.contains("NodeMetadata") || name.contains("NodeSelector")) {
            attach.put("node", scalar("true"));
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
