package org.narthex.discovery.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientKeys;

/**
 * One element of {@code kubernetes_sd_configs}.
 *
 * @param namespaces those to look into, the own one apart; all where this is empty and {@code ownNamespace} not set
 * @param selectors by role
 * @param attach kinds of objects whose metadata to attach
 */
record KubernetesSettings(
        Role role,
        ConfigNode section,
        boolean ownNamespace,
        Set<String> namespaces,
        Map<String, Selector> selectors,
        Set<String> attach) {
    /** What objects must be like; empty texts select all. */
    record Selector(String label, String field) {
        static final Selector ALL = new Selector("", "");
    }

    private static final List<String> METADATA = List.of("node", "namespace", "deployment", "job", "cronjob");

    static KubernetesSettings of(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(
                section, "api_server", "role", "kubeconfig_file", "namespaces", "selectors", "attach_metadata");
        ConfigNode role = section.given("role")
                .orElseThrow(() ->
                        section.error("role missing (one of: pod, service, endpoints, endpointslice, node, ingress)"));
        Role known = Role.of(role.text())
                .orElseThrow(() -> role.error("unknown Kubernetes SD role \"" + textOf(role) + "\""));
        ConfigNode namespaces = map(section, "namespaces");
        namespaces.onlyKeys("own_namespace", "names");
        Map<String, Selector> selectors = new LinkedHashMap<>();
        for (ConfigNode selector : section.list("selectors")) {
            selector.onlyKeys("role", "label", "field");
            selectors.put(
                    selector.string("role", ""),
                    new Selector(selector.string("label", ""), selector.string("field", "")));
        }
        ConfigNode metadata = map(section, "attach_metadata");
        metadata.onlyKeys(METADATA.toArray(String[]::new));
        Set<String> attach = new TreeSet<>();
        for (String kind : METADATA) {
            if (metadata.bool(kind, false)) {
                attach.add(kind);
            }
        }
        HttpClientKeys.read(section);
        return new KubernetesSettings(
                known,
                section,
                namespaces.bool("own_namespace", false),
                new TreeSet<>(namespaces.strings("names")),
                selectors,
                attach);
    }

    private static String textOf(ConfigNode node) {
        try {
            return node.text();
        } catch (ConfigException e) {
            return node.toString();
        }
    }

    private static ConfigNode map(ConfigNode node, String key) throws ConfigException {
        return node.given(key).orElseGet(() -> ConfigNode.mapping(node.file(), node.line(), node.path(), Map.of()));
    }

    Selector selector(Resource resource) {
        return selectors.getOrDefault(resource.role(), Selector.ALL);
    }

    boolean attaches(String kind) {
        return attach.contains(kind);
    }

    /** Whether pods count only on nodes that were selected. */
    boolean selectsNodes() {
        return selectors.containsKey(Resource.NODES.role());
    }

    /** The kinds of objects that are needed, that of the role first. */
    List<Resource> resources() {
        List<Resource> all = new ArrayList<>();
        all.add(role.resource());
        if (role == Role.ENDPOINTS || role == Role.ENDPOINT_SLICE) {
            all.add(Resource.SERVICES);
            all.add(Resource.PODS);
        }
        boolean ofPods = all.contains(Resource.PODS);
        if (role != Role.NODE && ofPods && (attaches("node") || selectsNodes())) {
            all.add(Resource.NODES);
        }
        if (role != Role.NODE && attaches("namespace")) {
            all.add(Resource.NAMESPACES);
        }
        if (ofPods && attaches("deployment")) {
            all.add(Resource.REPLICA_SETS);
        }
        if (ofPods && (attaches("job") || attaches("cronjob"))) {
            all.add(Resource.JOBS);
        }
        return all;
    }
}
