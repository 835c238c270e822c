package org.narthex.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientKeys;

/** The rules of {@code kubernetes_sd_configs}. */
final class KubernetesSection {
    private static final String POD = "pod";
    private static final String SERVICE = "service";
    private static final String NODE = "node";

    private KubernetesSection() {}

    static void check(Section section) throws ConfigException {
        String role = section.text("role", "");
        if (role.isEmpty()) {
            throw section.error("role", "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)");
        }
        if (!selectable().containsKey(role)) {
            throw section.error("role", "unknown Kubernetes SD role \"" + role + "\"");
        }
        Section namespaces = section.section("namespaces");
        namespaces.only("own_namespace", "names");
        namespaces.texts("names");
        checkAccess(section, namespaces.bool("own_namespace", false));
        Section metadata = section.section("attach_metadata");
        String[] kinds = {"node", "namespace", "deployment", "job", "cronjob"};
        metadata.only(kinds);
        for (String kind : kinds) {
            metadata.bool(kind, false);
        }
        checkSelectors(section, role, metadata.bool("node", false));
    }

    private static void checkAccess(Section section, boolean ownNamespace) throws ConfigException {
        boolean server = !section.text("api_server", "").isEmpty();
        boolean file = !section.text("kubeconfig_file", "").isEmpty();
        boolean http = !HttpClientKeys.read(section.node()).equals(HttpClientConfig.DEFAULT);
        if (server && file) {
            throw section.error("cannot use 'kubeconfig_file' and 'api_server' simultaneously");
        }
        if (file && http) {
            throw section.error("cannot use a custom HTTP client configuration together with 'kubeconfig_file'");
        }
        if (!server && http) {
            throw section.error(
                    "to use custom HTTP client configuration please provide the 'api_server' URL explicitly");
        }
        if (server && ownNamespace) {
            throw section.error("cannot use 'api_server' and 'namespaces.own_namespace' simultaneously");
        }
        if (file && ownNamespace) {
            throw section.error("cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
        }
    }

    /** Which objects each role can select. */
    private static Map<String, List<String>> selectable() {
        Map<String, List<String>> roles = new LinkedHashMap<>();
        roles.put(POD, List.of(POD, NODE));
        roles.put(SERVICE, List.of(SERVICE));
        roles.put("endpointslice", List.of(POD, SERVICE, "endpointslice"));
        roles.put("endpoints", List.of(POD, SERVICE, "endpoints"));
        roles.put(NODE, List.of(NODE));
        roles.put("ingress", List.of("ingress"));
        return roles;
    }

    private static void checkSelectors(Section section, String role, boolean withNodes) throws ConfigException {
        List<String> allowed = new ArrayList<>(selectable().get(role));
        if (withNodes && role.startsWith("endpoint")) {
            allowed.add(NODE);
        }
        Set<String> seen = new HashSet<>();
        for (ConfigNode item : section.list("selectors", "empty or null selector")) {
            Section selector = Section.of(item);
            selector.only("role", "label", "field");
            String selected = selector.text("role", "");
            if (!selectable().containsKey(selected)) {
                throw selector.error("role", "unknown Kubernetes SD role \"" + selected + "\"");
            }
            if (!seen.add(selected)) {
                throw selector.error("role", "duplicated selector role: " + selected);
            }
            if (!allowed.contains(selected)) {
                throw selector.error("role", role + " role supports only " + String.join(", ", allowed) + " selectors");
            }
            checkFieldSelector(selector);
            checkLabelSelector(selector);
        }
    }

    private static void checkFieldSelector(Section selector) throws ConfigException {
        String field = selector.text("field", "");
        for (String part : field.split(",", -1)) {
            if (!part.isEmpty() && part.indexOf('=') < 1) {
                throw selector.error("field", "invalid selector: '" + field + "'; can't understand '" + part + "'");
            }
        }
    }

    /** Requirements such as {@code a=b}, {@code a!=b}, {@code a in (b,c)}, {@code a notin (b)}, {@code a}, {@code !a}. */
    private static void checkLabelSelector(Section selector) throws ConfigException {
        String label = selector.text("label", "");
        String key = "[A-Za-z0-9]([A-Za-z0-9._/-]*[A-Za-z0-9])?";
        String value = "[A-Za-z0-9._-]*";
        String values = "\\(\\s*" + value + "(\\s*,\\s*" + value + ")*\\s*\\)";
        String requirement = "\\s*(!\\s*" + key + "|" + key + "(\\s*(==?|!=|>|<)\\s*" + value + "|\\s+(in|notin)\\s*"
                + values + ")?)\\s*";
        if (!label.isBlank() && !label.matches(requirement + "(," + requirement + ")*")) {
            throw selector.error("label", "unable to parse requirement: \"" + label + "\"");
        }
    }
}
