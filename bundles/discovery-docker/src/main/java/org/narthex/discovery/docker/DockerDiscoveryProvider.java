package org.narthex.discovery.docker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.TargetGroup;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Discovers containers of a Docker daemon, {@code docker_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=docker",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class DockerDiscoveryProvider extends RefreshingProvider {
    private static final String PREFIX = "__meta_docker_";
    private static final long REFRESH_MS = 60_000;
    /** The mode of a container that shares the networks of another one. */
    private static final String CONTAINER = "container:";

    private final HttpClients clients;

    @Activate
    public DockerDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        super("docker");
        this.clients = clients;
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(
                section, "host", "port", "host_networking_host", "match_first_network", "filters", "refresh_interval");
        long refreshMs = section.durationMs("refresh_interval", REFRESH_MS);
        return new Containers(
                DockerApi.of(section, clients, refreshMs),
                refreshMs,
                section.integer("port", 80),
                section.string("host_networking_host", "localhost"),
                section.bool("match_first_network", true));
    }

    private record Containers(DockerApi api, long refreshMs, long port, String hostNetworking, boolean firstNetwork)
            implements Source {
        @Override
        public List<TargetGroup> fetch() throws IOException, InterruptedException {
            DockerApi.Session session = api.begin();
            Json containers = session.filtered("/containers/json");
            Networks networks = new Networks(PREFIX, session.all("/networks"));
            Map<String, Json> byId = new HashMap<>();
            containers.items().forEach(container -> byId.put(container.text("Id"), container));
            List<Labels> targets = new ArrayList<>();
            for (Json container : containers.items()) {
                if (!container.items("Names").isEmpty()) {
                    add(container, byId, networks, targets);
                }
            }
            return List.of(new TargetGroup("Docker", targets, Labels.EMPTY));
        }

        private void add(Json container, Map<String, Json> byId, Networks networks, List<Labels> into) {
            MetaLabels common = MetaLabels.of(PREFIX)
                    .set("container_id", container.get("Id"))
                    .set("container_name", container.items("Names").get(0))
                    .set("container_image", container.get("Image"))
                    .set("container_image_id", container.get("ImageID"))
                    .set("container_network_mode", container.get("HostConfig", "NetworkMode"))
                    .setAll("container_label_", container.get("Labels").texts());
            for (Json network : networks(container, byId)) {
                add(container, network, common.copy().addAll(networks.labels(network.text("NetworkID"))), into);
            }
        }

        /** The networks of the container, or of the one whose networks it shares. */
        private List<Json> networks(Json container, Map<String, Json> byId) {
            Set<String> seen = new HashSet<>();
            Json at = container;
            Map<String, Json> networks = at.get("NetworkSettings", "Networks").entries();
            String mode = at.get("HostConfig", "NetworkMode").text();
            while (networks.isEmpty() && mode.startsWith(CONTAINER) && seen.add(mode)) {
                at = byId.getOrDefault(mode.substring(CONTAINER.length()), Json.ABSENT);
                networks = at.get("NetworkSettings", "Networks").entries();
                mode = at.get("HostConfig", "NetworkMode").text();
            }
            List<Json> there = new TreeMap<>(networks)
                    .values().stream().filter(Json::isPresent).toList();
            return firstNetwork && there.size() > 1 ? there.subList(0, 1) : there;
        }

        private void add(Json container, Json network, MetaLabels common, List<Labels> into) {
            String ip =
                    network.text("IPAddress").isEmpty() ? network.text("GlobalIPv6Address") : network.text("IPAddress");
            common.set("network_ip", ip);
            int before = into.size();
            for (Json port : container.items("Ports")) {
                if (!port.text("Type").equals("tcp")) {
                    continue;
                }
                MetaLabels target = common.copy().set("port_private", port.get("PrivatePort"));
                if (port.get("PublicPort").integer(0) > 0) {
                    target.set("port_public", port.get("PublicPort")).set("port_public_ip", port.get("IP"));
                }
                into.add(target.address(ip, port.get("PrivatePort").integer(0)).build());
            }
            if (into.size() == before) {
                // A container on the host's network has no ports either.
                boolean host = container.get("HostConfig", "NetworkMode").text().equals("host");
                into.add((host
                                ? common.copy().address(hostNetworking)
                                : common.copy().address(ip, port))
                        .build());
            }
        }
    }
}
