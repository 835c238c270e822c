package org.narthex.discovery.docker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.TargetGroup;

/** A swarm, asked for its services, tasks or nodes. */
record Swarm(DockerApi api, long refreshMs, String role, long port) implements RefreshingProvider.Source {
    private static final String PREFIX = "__meta_dockerswarm_";
    private static final String TCP = "tcp";

    @Override
    public List<TargetGroup> fetch() throws IOException, InterruptedException {
        DockerApi.Session session = api.begin();
        List<Labels> targets = new ArrayList<>();
        switch (role) {
            case "services" -> addServices(session, targets);
            case "tasks" -> addTasks(session, targets);
            default ->
                session.filtered("/nodes")
                        .items()
                        .forEach(node -> targets.add(node(node, true)
                                .address(node.get("Status", "Addr").text(), port)
                                .build()));
        }
        return List.of(new TargetGroup("DockerSwarm", targets, Labels.EMPTY));
    }

    private static MetaLabels node(Json node, boolean asTarget) {
        Json description = node.get("Description");
        MetaLabels labels = MetaLabels.of(PREFIX)
                .set("node_id", node.get("ID"))
                .set("node_role", node.get("Spec", "Role"))
                .set("node_availability", node.get("Spec", "Availability"))
                .set("node_hostname", description.get("Hostname"))
                .set("node_platform_architecture", description.get("Platform", "Architecture"))
                .set("node_platform_os", description.get("Platform", "OS"))
                .set("node_status", node.get("Status", "State"))
                .set("node_address", node.get("Status", "Addr"))
                .setAll("node_label_", node.get("Spec", "Labels").texts());
        Json manager = node.get("ManagerStatus");
        if (asTarget) {
            labels.set("node_engine_version", description.get("Engine", "EngineVersion"));
            if (manager.isPresent()) {
                labels.set(
                                "node_manager_leader",
                                Boolean.toString(manager.get("Leader").isTrue()))
                        .set("node_manager_reachability", manager.get("Reachability"))
                        .set("node_manager_address", manager.get("Addr"));
            }
        }
        return labels;
    }

    private static MetaLabels service(Json service) {
        Json mode = service.get("Spec", "Mode");
        return MetaLabels.of(PREFIX)
                .set("service_id", service.get("ID"))
                .set("service_name", service.get("Spec", "Name"))
                .set(
                        "service_mode",
                        mode.get("Global").isPresent()
                                ? "global"
                                : mode.get("Replicated").isPresent() ? "replicated" : "")
                .setAll("service_label_", service.get("Spec", "Labels").texts());
    }

    /** Without the length of its network. */
    private static String address(String cidr) {
        int slash = cidr.indexOf('/');
        return slash < 0 ? cidr : cidr.substring(0, slash);
    }

    private void addServices(DockerApi.Session session, List<Labels> into) throws IOException, InterruptedException {
        Json services = session.filtered("/services");
        Networks networks = new Networks(PREFIX, session.all("/networks"));
        for (Json service : services.items()) {
            Json container = service.get("Spec", "TaskTemplate", "ContainerSpec");
            MetaLabels common = service(service)
                    .set("service_task_container_hostname", container.get("Hostname"))
                    .set("service_task_container_image", container.get("Image"))
                    .set("service_updating_status", service.get("UpdateStatus", "State"));
            for (Json virtual : service.get("Endpoint").items("VirtualIPs")) {
                MetaLabels labels = common.copy().addAll(networks.labels(virtual.text("NetworkID")));
                String ip = address(virtual.text("Addr"));
                int before = into.size();
                for (Json endpoint : service.get("Endpoint").items("Ports")) {
                    if (endpoint.text("Protocol").equals(TCP)) {
                        into.add(labels.copy()
                                .set("service_endpoint_port_name", endpoint.get("Name"))
                                .set("service_endpoint_port_publish_mode", endpoint.get("PublishMode"))
                                .address(ip, endpoint.get("PublishedPort").integer(0))
                                .build());
                    }
                }
                if (into.size() == before) {
                    into.add(labels.address(ip, port).build());
                }
            }
        }
    }

    private void addTasks(DockerApi.Session session, List<Labels> into) throws IOException, InterruptedException {
        Json tasks = session.filtered("/tasks");
        Map<String, Json> services = new HashMap<>();
        session.all("/services").items().forEach(service -> services.put(service.text("ID"), service));
        Map<String, Labels> nodes = new HashMap<>();
        session.all("/nodes")
                .items()
                .forEach(node -> nodes.put(node.text("ID"), node(node, false).build()));
        Networks networks = new Networks(PREFIX, session.all("/networks"));
        for (Json task : tasks.items()) {
            Json service = services.getOrDefault(task.text("ServiceID"), Json.ABSENT);
            MetaLabels common = MetaLabels.of(PREFIX)
                    .set("task_id", task.get("ID"))
                    .set("task_desired_state", task.get("DesiredState"))
                    .set("task_state", task.get("Status", "State"))
                    .set("task_slot", Long.toString(task.get("Slot").integer(0)))
                    .set("task_container_id", task.get("Status", "ContainerStatus", "ContainerID"))
                    .setAll("container_label_", containerLabels(session, task))
                    .addAll(service.isPresent() ? service(service).build() : Labels.EMPTY)
                    .addAll(nodes.getOrDefault(task.text("NodeID"), Labels.EMPTY));
            addPublished(task, nodes, common, into);
            addAttached(task, service, networks, common, into);
        }
    }

    /** The labels of the image, where the daemon can look at the container, and over them those of the task. */
    private static Map<String, String> containerLabels(DockerApi.Session session, Json task)
            throws InterruptedException {
        Map<String, String> labels = new HashMap<>();
        String id = task.get("Status", "ContainerStatus", "ContainerID").text();
        if (!id.isEmpty()) {
            try {
                labels.putAll(session.all("/containers/" + id + "/json")
                        .get("Config", "Labels")
                        .texts());
            } catch (IOException e) {
                // It is on another node, or gone by now.
                labels.clear();
            }
        }
        labels.putAll(task.get("Spec", "ContainerSpec", "Labels").texts());
        return labels;
    }

    private static void addPublished(Json task, Map<String, Labels> nodes, MetaLabels common, List<Labels> into) {
        String host = nodes.getOrDefault(task.text("NodeID"), Labels.EMPTY).get(PREFIX + "node_address");
        for (Json published : task.get("Status", "PortStatus").items("Ports")) {
            if (published.text("Protocol").equals(TCP)) {
                into.add(common.copy()
                        .set("task_port_publish_mode", published.get("PublishMode"))
                        .address(
                                host == null ? "" : host,
                                published.get("PublishedPort").integer(0))
                        .build());
            }
        }
    }

    private void addAttached(Json task, Json service, Networks networks, MetaLabels common, List<Labels> into) {
        for (Json attachment : task.items("NetworksAttachments")) {
            MetaLabels labels = common.copy()
                    .addAll(networks.labels(attachment.get("Network", "ID").text()));
            for (Json cidr : attachment.items("Addresses")) {
                String ip = address(cidr.text());
                int before = into.size();
                for (Json published : service.get("Endpoint").items("Ports")) {
                    if (published.text("Protocol").equals(TCP)) {
                        into.add(labels.copy()
                                .set("task_port_publish_mode", published.get("PublishMode"))
                                .address(ip, published.get("PublishedPort").integer(0))
                                .build());
                    }
                }
                if (into.size() == before) {
                    into.add(labels.copy().address(ip, port).build());
                }
            }
        }
    }
}
