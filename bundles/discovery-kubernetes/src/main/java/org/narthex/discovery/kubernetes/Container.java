package org.narthex.discovery.kubernetes;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;

/**
 * A container of a pod.
 *
 * @param id as the runtime names it; empty before it runs
 * @param init whether it is one of those that start first
 */
record Container(Json spec, String id, boolean init) {
    /** Those of a pod, the ones that start first at the end. */
    static List<Container> of(Json pod) {
        List<Container> all = new ArrayList<>();
        add(pod, "containers", "containerStatuses", false, all);
        add(pod, "initContainers", "initContainerStatuses", true, all);
        return all;
    }

    private static void add(Json pod, String key, String statuses, boolean init, List<Container> into) {
        for (Json spec : pod.get("spec").items(key)) {
            String id = pod.get("status").items(statuses).stream()
                    .filter(status -> status.text("name").equals(spec.text("name")))
                    .map(status -> status.text("containerID"))
                    .findFirst()
                    .orElse("");
            into.add(new Container(spec, id, init));
        }
    }

    List<Json> ports() {
        return spec.items("ports");
    }

    /** With its id, as the role for pods has it. */
    MetaLabels labels() {
        return MetaLabels.of(ObjectLabels.PREFIX)
                .set("pod_container_name", spec.get("name"))
                .set("pod_container_id", id)
                .set("pod_container_image", spec.get("image"))
                .set("pod_container_init", Boolean.toString(init));
    }

    MetaLabels labels(Json port) {
        return addPort(labels(), port);
    }

    /** Without its id, as the roles for endpoints have it. */
    void addTo(MetaLabels labels, Json port) {
        labels.set("pod_container_name", spec.get("name"))
                .set("pod_container_image", spec.get("image"))
                .set("pod_container_init", Boolean.toString(init));
        addPort(labels, port);
    }

    private static MetaLabels addPort(MetaLabels labels, Json port) {
        return labels.set("pod_container_port_number", port.get("containerPort"))
                .set("pod_container_port_name", port.get("name"))
                .set("pod_container_port_protocol", port.get("protocol"));
    }
}
