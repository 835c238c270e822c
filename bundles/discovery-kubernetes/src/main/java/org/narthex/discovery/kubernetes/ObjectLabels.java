package org.narthex.discovery.kubernetes;

import java.util.Locale;
import java.util.Optional;

import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;

/** The labels that objects give, whatever the role. */
final class ObjectLabels {
    static final String PREFIX = "__meta_kubernetes_";

    private ObjectLabels() {}

    /** Labels and annotations of an object. */
    static void metadata(MetaLabels into, String kind, Json object) {
        Json metadata = object.get("metadata");
        into.setAll(
                kind + "_label_",
                kind + "_labelpresent_",
                metadata.get("labels").texts());
        into.setAll(
                kind + "_annotation_",
                kind + "_annotationpresent_",
                metadata.get("annotations").texts());
    }

    static void service(MetaLabels into, Json service) {
        into.set("service_name", service.get("metadata", "name"));
        into.set("namespace", service.get("metadata", "namespace"));
        metadata(into, "service", service);
    }

    /** Those of the namespace, if they are asked for. */
    static void namespace(MetaLabels into, Cluster cluster, KubernetesSettings settings, String name) {
        if (settings.attaches("namespace")) {
            metadata(into, "namespace", cluster.look(Resource.NAMESPACES, name));
        }
    }

    /** Name and labels of a node, if they are asked for and it is known. */
    static void node(MetaLabels into, Cluster cluster, KubernetesSettings settings, String name) {
        if (!settings.attaches("node") || name.isEmpty()) {
            return;
        }
        Json node = cluster.look(Resource.NODES, name);
        if (node.isPresent()) {
            into.set("node_name", name);
            into.setAll(
                    "node_label_",
                    "node_labelpresent_",
                    node.get("metadata", "labels").texts());
        }
    }

    static void pod(MetaLabels into, Cluster cluster, KubernetesSettings settings, Json pod) {
        into.set("pod_name", pod.get("metadata", "name"));
        into.set("pod_ip", pod.get("status", "podIP"));
        into.set("pod_ready", condition(pod, "Ready").orElse("unknown"));
        into.set("pod_phase", pod.get("status", "phase"));
        into.set("pod_node_name", pod.get("spec", "nodeName"));
        into.set("pod_host_ip", pod.get("status", "hostIP"));
        into.set("pod_uid", pod.get("metadata", "uid"));
        Json controller = controller(pod);
        into.set("pod_controller_kind", controller.get("kind"));
        into.set("pod_controller_name", controller.get("name"));
        owners(into, cluster, settings, pod.get("metadata", "namespace").text(), controller);
        metadata(into, "pod", pod);
    }

    /** What the pod's controller itself belongs to. */
    private static void owners(
            MetaLabels into, Cluster cluster, KubernetesSettings settings, String namespace, Json controller) {
        String key = Cluster.key(namespace, controller.text("name"));
        switch (controller.text("kind")) {
            case "ReplicaSet" -> {
                if (settings.attaches("deployment")) {
                    Json owner = controller(cluster.look(Resource.REPLICA_SETS, key));
                    if (owner.text("kind").equals("Deployment")) {
                        into.set("pod_deployment_name", owner.get("name"));
                    }
                }
            }
            case "Job" -> {
                if (settings.attaches("job")) {
                    into.set("pod_job_name", controller.get("name"));
                }
                if (settings.attaches("cronjob")) {
                    Json owner = controller(cluster.look(Resource.JOBS, key));
                    if (owner.text("kind").equals("CronJob")) {
                        into.set("pod_cronjob_name", owner.get("name"));
                    }
                }
            }
            default -> {}
        }
    }

    private static Json controller(Json object) {
        for (Json owner : object.get("metadata").items("ownerReferences")) {
            if (owner.get("controller").isTrue()) {
                return owner;
            }
        }
        return Json.ABSENT;
    }

    /** The state of a condition, in lower case. */
    static Optional<String> condition(Json object, String type) {
        return object.get("status").items("conditions").stream()
                .filter(condition -> condition.text("type").equals(type))
                .map(condition -> condition.text("status").toLowerCase(Locale.ROOT))
                .findFirst();
    }
}
