package org.narthex.discovery.docker;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.HttpClients;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Discovers services, tasks or nodes of a Docker swarm, {@code dockerswarm_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=dockerswarm",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class SwarmDiscoveryProvider extends RefreshingProvider {
    private static final long REFRESH_MS = 60_000;

    private final HttpClients clients;

    @Activate
    public SwarmDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        super("dockerswarm");
        this.clients = clients;
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(section, "host", "role", "port", "filters", "refresh_interval");
        ConfigNode role =
                section.given("role").orElseThrow(() -> section.error("role missing (one of: tasks, services, nodes)"));
        switch (role.text()) {
            case "services", "tasks", "nodes" -> {}
            default -> throw role.error("invalid role " + role.text() + ", expected tasks, services, or nodes");
        }
        long refreshMs = section.durationMs("refresh_interval", REFRESH_MS);
        return new Swarm(
                DockerApi.of(section, clients, refreshMs), refreshMs, role.text(), section.integer("port", 80));
    }
}
