package org.narthex.discovery.kubernetes;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;

/**
 * Makes groups of endpoints and of slices of them. A pod behind an endpoint lends it its labels, and its container ports that no endpoint covers are
 * targets of their own.
 */
final class EndpointGroups {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final Cluster cluster;
    private final KubernetesSettings settings;

    EndpointGroups(Cluster cluster, KubernetesSettings settings) {
        this.cluster = cluster;
        this.settings = settings;
    }

    /** The targets of a group being made, and which ports of which pods they cover. */
    private final class Targets {
        private final List<Labels> all = new ArrayList<>();
        private final Map<String, Json> pods = new LinkedHashMap<>();
        private final Map<String, Set<String>> covered = new LinkedHashMap<>();

        /**
         * @param target as far as it is known without the pod
         * @param port empty if there is none
         */
        void add(MetaLabels target, Json reference, String port) {
            Json pod = pod(reference);
            if (pod.isPresent()) {
                String key = Cluster.key(pod);
                pods.put(key, pod);
                covered.computeIfAbsent(key, any -> new HashSet<>()).add(port);
                ObjectLabels.pod(target, cluster, settings, pod);
                for (Container container : Container.of(pod)) {
                    for (Json own : container.ports()) {
                        if (!port.isEmpty() && own.text("containerPort").equals(port)) {
                            container.addTo(target, own);
                            break;
                        }
                    }
                }
            }
            all.add(target.build());
        }

        private Json pod(Json reference) {
            return reference.text("kind").equals("Pod")
                    ? cluster.look(Resource.PODS, Cluster.key(reference.text("namespace"), reference.text("name")))
                    : Json.ABSENT;
        }

        void addUncovered() {
            pods.forEach((key, pod) -> {
                String ip = pod.get("status", "podIP").text();
                for (Container container : ip.isEmpty() ? List.<Container>of() : Container.of(pod)) {
                    for (Json port : container.ports()) {
                        if (!covered.get(key).contains(port.text("containerPort"))) {
                            all.add(uncovered(pod, ip, container, port));
                        }
                    }
                }
            });
        }

        private Labels uncovered(Json pod, String ip, Container container, Json port) {
            MetaLabels target = MetaLabels.of(ObjectLabels.PREFIX)
                    .address(ip, port.get("containerPort").integer(0));
            container.addTo(target, port);
            ObjectLabels.node(
                    target, cluster, settings, pod.get("spec", "nodeName").text());
            ObjectLabels.pod(target, cluster, settings, pod);
            return target.build();
        }
    }

    private MetaLabels common(Json object, String kind) {
        String namespace = object.get("metadata", "namespace").text();
        MetaLabels labels = MetaLabels.of(ObjectLabels.PREFIX)
                .set("namespace", namespace)
                .set(kind + "_name", object.get("metadata", "name"));
        ObjectLabels.metadata(labels, kind, object);
        ObjectLabels.namespace(labels, cluster, settings, namespace);
        return labels;
    }

    TargetGroup endpoints(String source, Json endpoints) {
        MetaLabels labels = common(endpoints, "endpoints");
        Json service = cluster.look(Resource.SERVICES, Cluster.key(endpoints));
        if (service.isPresent()) {
            ObjectLabels.service(labels, service);
        }
        Targets targets = new Targets();
        for (Json subset : endpoints.items("subsets")) {
            for (Json port : subset.items("ports")) {
                subset.items("addresses").forEach(address -> add(targets, address, port, "true"));
                subset.items("notReadyAddresses").forEach(address -> add(targets, address, port, "false"));
            }
        }
        targets.addUncovered();
        return new TargetGroup(source, targets.all, labels.build());
    }

    private void add(Targets targets, Json address, Json port, String ready) {
        MetaLabels target = MetaLabels.of(ObjectLabels.PREFIX)
                .set("endpoint_port_name", port.get("name"))
                .set("endpoint_port_protocol", port.get("protocol"))
                .set("endpoint_ready", ready)
                .set("endpoint_address_target_kind", address.get("targetRef", "kind"))
                .set("endpoint_address_target_name", address.get("targetRef", "name"))
                .set("endpoint_node_name", address.get("nodeName"))
                .set("endpoint_hostname", address.get("hostname"))
                .address(address.text("ip"), port.get("port").integer(0));
        ObjectLabels.node(target, cluster, settings, node(address));
        targets.add(target, address.get("targetRef"), port.text("port"));
    }

    /** The node an endpoint is, or else is on. */
    private static String node(Json endpoint) {
        Json reference = endpoint.get("targetRef");
        return reference.text("kind").equals("Node") ? reference.text("name") : endpoint.text("nodeName");
    }

    TargetGroup slice(String source, Json slice) {
        MetaLabels labels = common(slice, "endpointslice").set("endpointslice_address_type", slice.get("addressType"));
        String serviceName = slice.get("metadata", "labels", SERVICE_NAME).text();
        Json service = serviceName.isEmpty()
                ? Json.ABSENT
                : cluster.look(
                        Resource.SERVICES,
                        Cluster.key(slice.get("metadata", "namespace").text(), serviceName));
        if (service.isPresent()) {
            ObjectLabels.service(labels, service);
        }
        Targets targets = new Targets();
        if (!isSecondFamily(service, slice.text("addressType"))) {
            for (Json endpoint : slice.items("endpoints")) {
                for (Json port : slice.items("ports")) {
                    endpoint.items("addresses").forEach(address -> add(targets, address.text(), endpoint, port));
                }
            }
            targets.addUncovered();
        }
        return new TargetGroup(source, targets.all, labels.build());
    }

    /** A service of both families has a slice for each, with the same endpoints behind: those of the first family are enough. */
    private static boolean isSecondFamily(Json service, String family) {
        List<Json> families = anyCase(service.get("spec"), "ipFamilies").items();
        boolean dual = anyCase(service.get("spec"), "ipFamilyPolicy").text().endsWith("DualStack");
        return dual && families.size() > 1 && !families.get(0).text().equals(family);
    }

    /** Field names of the API are taken in any case, by its own clients too. */
    private static Json anyCase(Json map, String name) {
        return map.entries().entrySet().stream()
                .filter(entry -> entry.getKey().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(Json.ABSENT);
    }

    private void add(Targets targets, String address, Json endpoint, Json port) {
        Json conditions = endpoint.get("conditions");
        MetaLabels target = MetaLabels.of(ObjectLabels.PREFIX)
                .set("endpointslice_port_name", port.get("name"))
                .set("endpointslice_port_protocol", port.get("protocol"))
                .set("endpointslice_port", port.get("port"))
                .set("endpointslice_port_app_protocol", port.get("appProtocol"))
                .set("endpointslice_endpoint_conditions_ready", conditions.get("ready"))
                .set("endpointslice_endpoint_conditions_serving", conditions.get("serving"))
                .set("endpointslice_endpoint_conditions_terminating", conditions.get("terminating"))
                .set("endpointslice_endpoint_hostname", endpoint.get("hostname"))
                .set("endpointslice_endpoint_node_name", endpoint.get("nodeName"))
                .set("endpointslice_endpoint_zone", endpoint.get("zone"))
                .set("endpointslice_address_target_kind", endpoint.get("targetRef", "kind"))
                .set("endpointslice_address_target_name", endpoint.get("targetRef", "name"))
                .setAll(
                        "endpointslice_endpoint_topology_",
                        "endpointslice_endpoint_topology_present_",
                        endpoint.get("deprecatedTopology").texts());
        if (port.get("port").isPresent()) {
            target.address(address, port.get("port").integer(0));
        } else {
            target.address(address);
        }
        ObjectLabels.node(target, cluster, settings, node(endpoint));
        targets.add(target, endpoint.get("targetRef"), port.text("port"));
    }
}
