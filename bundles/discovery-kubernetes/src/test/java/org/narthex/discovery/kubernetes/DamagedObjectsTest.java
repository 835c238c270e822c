package org.narthex.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.Json;
import org.narthex.testkit.DamagedInput;

/** Objects that are not as they should be make a group, or are refused as no JSON; nothing else happens. */
class DamagedObjectsTest {
    private static final String META =
            "\"metadata\":{\"namespace\":\"d\",\"name\":\"x\",\"uid\":\"u\",\"labels\":{\"a/b\":\"c\"},"
                    + "\"annotations\":{\"e\":\"f\"},\"ownerReferences\":[{\"controller\":true,\"kind\":\"ReplicaSet\",\"name\":\"x-1\"}]}";
    private static final String POD = "{" + META
            + ",\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"ports\":[{\"name\":\"p\",\"containerPort\":80,\"protocol\":\"TCP\"}]}]},"
            + "\"status\":{\"podIP\":\"10.0.0.1\",\"hostIP\":\"10.0.0.2\",\"phase\":\"Running\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],"
            + "\"containerStatuses\":[{\"name\":\"c\",\"containerID\":\"k\"}]}}";

    private static String object(String role) {
        return switch (role) {
            case "pod" -> POD;
            case "service" ->
                "{" + META
                        + ",\"spec\":{\"type\":\"ClusterIP\",\"clusterIP\":\"10.1.1.1\",\"ports\":[{\"name\":\"p\",\"port\":80,\"protocol\":\"TCP\"}]}}";
            case "endpoints" ->
                "{" + META
                        + ",\"subsets\":[{\"addresses\":[{\"ip\":\"10.0.0.1\",\"nodeName\":\"n\",\"targetRef\":{\"kind\":\"Pod\",\"namespace\":\"d\",\"name\":\"x\"}}],"
                        + "\"notReadyAddresses\":[{\"ip\":\"10.0.0.3\"}],\"ports\":[{\"name\":\"p\",\"port\":80,\"protocol\":\"TCP\"}]}]}";
            case "endpointslice" ->
                "{" + META
                        + ",\"addressType\":\"IPv4\",\"endpoints\":[{\"addresses\":[\"10.0.0.1\"],\"conditions\":{\"ready\":true},\"zone\":\"z\","
                        + "\"targetRef\":{\"kind\":\"Pod\",\"namespace\":\"d\",\"name\":\"x\"}}],\"ports\":[{\"name\":\"p\",\"port\":80,\"protocol\":\"TCP\"}]}";
            case "ingress" ->
                "{" + META
                        + ",\"spec\":{\"ingressClassName\":\"i\",\"tls\":[{\"hosts\":[\"*.a.b\"]}],\"rules\":[{\"host\":\"h.a.b\",\"http\":{\"paths\":[{\"path\":\"/p\"}]}}]},"
                        + "\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"1.2.3.4\"}]}}}";
            default ->
                "{\"metadata\":{\"name\":\"x\",\"labels\":{\"a\":\"b\"}},\"spec\":{\"providerID\":\"q\"},\"status\":{\"addresses\":[{\"type\":\"InternalIP\",\"address\":\"10.0.0.2\"}],"
                        + "\"daemonEndpoints\":{\"kubeletEndpoint\":{\"Port\":10250}},\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}";
        };
    }

    private static ConfigNode section(String role) {
        Map<String, ConfigNode> keys = new LinkedHashMap<>();
        keys.put("role", ConfigNode.scalar("t", 1, "", role));
        keys.put("api_server", ConfigNode.scalar("t", 1, "", "http://127.0.0.1:1"));
        ConfigNode on = ConfigNode.scalar("t", 1, "", "true");
        keys.put(
                "attach_metadata",
                ConfigNode.mapping(
                        "t", 1, "", Map.of("node", on, "namespace", on, "deployment", on, "job", on, "cronjob", on)));
        return ConfigNode.mapping("t", 1, "", keys);
    }

    @ParameterizedTest
    @CsvSource({"pod", "service", "endpoints", "endpointslice", "ingress", "node"})
    void areTakenOrRefused(String role) throws Exception {
        KubernetesSettings settings = KubernetesSettings.of(section(role));
        Json sound = Json.parse(object(role));
        Cluster whole = new Cluster();
        assertThat(new Groups(whole, settings).group(Cluster.key(sound), sound).targets())
                .isNotEmpty();
        DamagedInput.isTakenOrRefused(2_000, object(role), IOException.class, bytes -> {
            Json object = Json.parse(bytes);
            Cluster cluster = new Cluster();
            Json pod = role.equals("pod") ? object : Json.parse(POD);
            cluster.all(Resource.PODS).put(Cluster.key(pod), pod);
            cluster.all(settings.role().resource()).put(Cluster.key(object), object);
            assertThat(new Groups(cluster, settings).group(Cluster.key(object), object))
                    .isNotNull();
            // And beside what is well.
            cluster.all(settings.role().resource()).put("other", sound);
            assertThat(new Groups(cluster, settings).group("other", sound)).isNotNull();
        });
    }
}
