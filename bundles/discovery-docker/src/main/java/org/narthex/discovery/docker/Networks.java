package org.narthex.discovery.docker;

import java.util.HashMap;
import java.util.Map;

import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.model.Labels;

/** The labels of networks, by their ids. */
final class Networks {
    private final Map<String, Labels> labels = new HashMap<>();

    /** @param prefix what the labels' names begin with */
    Networks(String prefix, Json networks) {
        for (Json network : networks.items()) {
            labels.put(
                    network.text("Id"),
                    MetaLabels.of(prefix)
                            .set("network_id", network.get("Id"))
                            .set("network_name", network.get("Name"))
                            .set("network_scope", network.get("Scope"))
                            .set("network_internal", network.get("Internal"))
                            .set("network_ingress", network.get("Ingress"))
                            .setAll("network_label_", network.get("Labels").texts())
                            .build());
        }
    }

    Labels labels(String id) {
        return labels.getOrDefault(id, Labels.EMPTY);
    }
}
