package org.narthex.discovery.kubernetes;

import java.util.Arrays;
import java.util.Optional;

/** What is discovered. */
enum Role {
    POD("pod", "pod", Resource.PODS),
    SERVICE("service", "svc", Resource.SERVICES),
    ENDPOINTS("endpoints", "endpoints", Resource.ENDPOINTS),
    ENDPOINT_SLICE("endpointslice", "endpointslice", Resource.ENDPOINT_SLICES),
    INGRESS("ingress", "ingress", Resource.INGRESSES),
    NODE("node", "node", Resource.NODES);

    private final String name;
    private final String sourcePrefix;
    private final Resource resource;

    Role(String name, String sourcePrefix, Resource resource) {
        this.name = name;
        this.sourcePrefix = sourcePrefix;
        this.resource = resource;
    }

    static Optional<Role> of(String name) {
        return Arrays.stream(values()).filter(role -> role.name.equals(name)).findFirst();
    }

    Resource resource() {
        return resource;
    }

    /** The source of the group made of the object of the key. */
    String source(String key) {
        return sourcePrefix + "/" + key;
    }
}
