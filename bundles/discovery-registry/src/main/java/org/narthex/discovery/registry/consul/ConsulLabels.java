package org.narthex.discovery.registry.consul;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;

/** Makes a group of the instances of a service. */
final class ConsulLabels {
    private ConsulLabels() {}

    static TargetGroup group(String service, String datacenter, String separator, Json instances) {
        List<Labels> targets = new ArrayList<>();
        for (Json instance : instances.items()) {
            targets.add(target(instance, separator));
        }
        Labels common = MetaLabels.of("__meta_consul_")
                .set("service", service)
                .set("dc", datacenter)
                .build();
        return new TargetGroup(service, targets, common);
    }

    private static Labels target(Json instance, String separator) {
        Json node = instance.get("Node");
        Json service = instance.get("Service");
        MetaLabels labels = MetaLabels.of("__meta_consul_")
                .set("address", node.get("Address"))
                .set("node", node.get("Node"))
                .set("namespace", service.get("Namespace"))
                .set("partition", service.get("Partition"))
                .set("tags", tags(service, separator))
                .set("service_address", service.get("Address"))
                .set("service_port", service.get("Port"))
                .set("service_id", service.get("ID"))
                .set("health", health(instance))
                .setAll("metadata_", node.get("Meta").texts())
                .setAll("service_metadata_", service.get("Meta").texts())
                .setAll("tagged_address_", node.get("TaggedAddresses").texts());
        String address = service.text("Address");
        return labels.address(
                        address.isEmpty() ? node.text("Address") : address,
                        service.get("Port").integer(0))
                .build();
    }

    /** Wrapped by the separator, so that an expression need not heed where a tag stands. */
    private static String tags(Json service, String separator) {
        List<String> tags = service.items("Tags").stream().map(Json::text).toList();
        return separator + String.join(separator, tags) + separator;
    }

    /** The worst of all checks. */
    private static String health(Json instance) {
        List<String> order = List.of("passing", "warning", "critical", "maintenance");
        Map<String, Integer> rank = Map.of("passing", 0, "warning", 1, "critical", 2);
        int worst = 0;
        for (Json check : instance.items("Checks")) {
            String id = check.text("CheckID");
            boolean maintained = id.equals("_node_maintenance") || id.startsWith("_service_maintenance:");
            worst = Math.max(worst, maintained ? 3 : rank.getOrDefault(check.text("Status"), 0));
        }
        return order.get(worst);
    }
}
