package org.narthex.discovery.kubernetes;

/** Kinds of objects that are watched. */
enum Resource {
    PODS("api/v1", "pods", "pod", true),
    SERVICES("api/v1", "services", "service", true),
    ENDPOINTS("api/v1", "endpoints", "endpoints", true),
    ENDPOINT_SLICES("apis/discovery.k8s.io/v1", "endpointslices", "endpointslice", true),
    INGRESSES("apis/networking.k8s.io/v1", "ingresses", "ingress", true),
    NODES("api/v1", "nodes", "node", false),
    NAMESPACES("api/v1", "namespaces", "namespace", false),
    REPLICA_SETS("apis/apps/v1", "replicasets", "replicaset", true),
    JOBS("apis/batch/v1", "jobs", "job", true);

    private final String group;
    private final String plural;
    private final String role;
    private final boolean namespaced;

    Resource(String group, String plural, String role, boolean namespaced) {
        this.group = group;
        this.plural = plural;
        this.role = role;
        this.namespaced = namespaced;
    }

    /** What selectors and metrics call it. */
    String role() {
        return role;
    }

    boolean isNamespaced() {
        return namespaced;
    }

    /** @param namespace empty for all */
    String path(String namespace) {
        return group + (namespace.isEmpty() || !namespaced ? "" : "/namespaces/" + namespace) + "/" + plural;
    }
}
