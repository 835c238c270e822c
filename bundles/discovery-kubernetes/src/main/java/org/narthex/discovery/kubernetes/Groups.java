package org.narthex.discovery.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;

/** Makes the group of an object: pods, services, ingresses and nodes here, what endpoints are made of in {@link EndpointGroups}. */
final class Groups {
    private static final List<String> NODE_ADDRESSES =
            List.of("InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "LegacyHostIP", "Hostname");

    private final Cluster cluster;
    private final KubernetesSettings settings;
    private final EndpointGroups endpoints;

    Groups(Cluster cluster, KubernetesSettings settings) {
        this.cluster = cluster;
        this.settings = settings;
        endpoints = new EndpointGroups(cluster, settings);
    }

    /** @param object absent if it is gone: then the group is empty */
    TargetGroup group(String key, Json object) {
        String source = settings.role().source(key);
        cluster.begin(key);
        if (!object.isPresent()) {
            return new TargetGroup(source, List.of(), Labels.EMPTY);
        }
        return switch (settings.role()) {
            case POD -> pod(source, object);
            case SERVICE -> service(source, object);
            case INGRESS -> ingress(source, object);
            case NODE -> node(source, object);
            case ENDPOINTS -> endpoints.endpoints(source, object);
            case ENDPOINT_SLICE -> endpoints.slice(source, object);
        };
    }

    private MetaLabels common(Json object) {
        String namespace = object.get("metadata", "namespace").text();
        MetaLabels labels = MetaLabels.of(ObjectLabels.PREFIX).set("namespace", namespace);
        ObjectLabels.namespace(labels, cluster, settings, namespace);
        return labels;
    }

    private TargetGroup pod(String source, Json pod) {
        String ip = pod.get("status", "podIP").text();
        String node = pod.get("spec", "nodeName").text();
        MetaLabels labels = common(pod);
        boolean elsewhere =
                settings.selectsNodes() && !cluster.look(Resource.NODES, node).isPresent();
        // A pod that is about to start, or was evicted, has no address.
        if (ip.isEmpty() || elsewhere) {
            return new TargetGroup(source, List.of(), Labels.EMPTY);
        }
        ObjectLabels.pod(labels, cluster, settings, pod);
        ObjectLabels.node(labels, cluster, settings, node);
        List<Labels> targets = new ArrayList<>();
        for (Container container : Container.of(pod)) {
            if (container.ports().isEmpty()) {
                targets.add(container.labels().address(ip).build());
            }
            for (Json port : container.ports()) {
                targets.add(container
                        .labels(port)
                        .address(ip, port.get("containerPort").integer(0))
                        .build());
            }
        }
        return new TargetGroup(source, targets, labels.build());
    }

    private TargetGroup service(String source, Json service) {
        MetaLabels labels = common(service);
        ObjectLabels.service(labels, service);
        Json spec = service.get("spec");
        String host = service.get("metadata", "name").text() + "."
                + service.get("metadata", "namespace").text() + ".svc";
        List<Labels> targets = new ArrayList<>();
        for (Json port : spec.items("ports")) {
            MetaLabels target = MetaLabels.of(ObjectLabels.PREFIX)
                    .set("service_port_name", port.get("name"))
                    .set("service_port_number", port.get("port"))
                    .set("service_port_protocol", port.get("protocol"))
                    .set("service_type", spec.get("type"))
                    .address(host, port.get("port").integer(0));
            if (spec.text("type").equals("ExternalName")) {
                target.set("service_external_name", spec.get("externalName"));
            } else {
                target.set("service_cluster_ip", spec.get("clusterIP"));
            }
            if (spec.text("type").equals("LoadBalancer")) {
                target.set("service_loadbalancer_ip", loadBalancerIps(service));
            }
            targets.add(target.build());
        }
        return new TargetGroup(source, targets, labels.build());
    }

    /** Those the balancer was given, or else the one that was wished for. */
    private static String loadBalancerIps(Json service) {
        String given = service.get("status", "loadBalancer").items("ingress").stream()
                .map(ingress -> ingress.text("ip"))
                .filter(ip -> !ip.isEmpty())
                .collect(Collectors.joining(","));
        return given.isEmpty() ? service.get("spec").text("loadBalancerIP") : given;
    }

    private TargetGroup ingress(String source, Json ingress) {
        MetaLabels labels = common(ingress)
                .set("ingress_name", ingress.get("metadata", "name"))
                .set("ingress_class_name", ingress.get("spec", "ingressClassName"));
        ObjectLabels.metadata(labels, "ingress", ingress);
        List<String> secured = new ArrayList<>();
        for (Json tls : ingress.get("spec").items("tls")) {
            tls.items("hosts").forEach(host -> secured.add(host.text()));
        }
        List<Labels> targets = new ArrayList<>();
        for (Json rule : ingress.get("spec").items("rules")) {
            String host = rule.text("host");
            String scheme = secured.stream().anyMatch(pattern -> matches(pattern, host)) ? "https" : "http";
            for (String path : paths(rule)) {
                targets.add(MetaLabels.of(ObjectLabels.PREFIX)
                        .set("ingress_scheme", scheme)
                        .set("ingress_host", host)
                        .set("ingress_path", path)
                        .address(host)
                        .build());
            }
        }
        return new TargetGroup(source, targets, labels.build());
    }

    private static List<String> paths(Json rule) {
        if (!rule.get("http").isPresent()) {
            return List.of("/");
        }
        return rule.get("http").items("paths").stream()
                .map(path -> path.text("path").isEmpty() ? "/" : path.text("path"))
                .toList();
    }

    /** A star stands for the first label of a host's name. */
    private static boolean matches(String pattern, String host) {
        if (pattern.equals(host)) {
            return true;
        }
        int dot = host.indexOf('.');
        return pattern.startsWith("*.") && dot > 0 && host.substring(dot).equals(pattern.substring(1));
    }

    private TargetGroup node(String source, Json node) {
        String name = node.get("metadata", "name").text();
        MetaLabels labels = MetaLabels.of(ObjectLabels.PREFIX)
                .set("node_name", name)
                .set("node_provider_id", node.get("spec", "providerID"));
        ObjectLabels.metadata(labels, "node", node);
        Map<String, String> addresses = new LinkedHashMap<>();
        for (Json address : node.get("status").items("addresses")) {
            addresses.putIfAbsent(address.text("type"), address.text("address"));
        }
        for (String type : NODE_ADDRESSES) {
            if (addresses.containsKey(type)) {
                MetaLabels target = MetaLabels.of(ObjectLabels.PREFIX)
                        .setAll("node_address_", addresses)
                        .addAll(Labels.of("instance", name))
                        .address(
                                addresses.get(type),
                                node.get("status", "daemonEndpoints", "kubeletEndpoint", "Port")
                                        .integer(node.get("status", "daemonEndpoints", "kubeletEndpoint", "port")
                                                .integer(0)));
                for (Json condition : node.get("status").items("conditions")) {
                    target.set(
                            "node_condition_" + MetaLabels.sanitized(condition.text("type")),
                            condition.text("status").toLowerCase(Locale.ROOT));
                }
                return new TargetGroup(source, List.of(target.build()), labels.build());
            }
        }
        return new TargetGroup(source, List.of(), Labels.EMPTY);
    }
}
