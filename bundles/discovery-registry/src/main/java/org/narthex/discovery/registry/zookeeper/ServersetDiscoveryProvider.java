package org.narthex.discovery.registry.zookeeper;

import java.util.Optional;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Discovers members of serversets in ZooKeeper, {@code serverset_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=serverset",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class ServersetDiscoveryProvider extends RefreshingProvider {
    @Activate
    public ServersetDiscoveryProvider() {
        super("serverset");
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        return ZooKeeperTree.of("serverset", section, ServersetDiscoveryProvider::target);
    }

    private static Optional<Labels> target(String path, Json member) {
        Json endpoint = member.get("serviceEndpoint");
        String port = Long.toString(endpoint.get("port").integer(0));
        MetaLabels labels = MetaLabels.of("__meta_serverset_")
                .set("path", path)
                .set("endpoint_host", endpoint.get("host"))
                .set("endpoint_port", port)
                .set("status", member.get("status"))
                .set("shard", Long.toString(member.get("shard").integer(0)))
                .address(MetaLabels.hostAndPort(endpoint.text("host"), port));
        member.get("additionalEndpoints").entries().forEach((name, more) -> {
            labels.set("endpoint_host_" + MetaLabels.sanitized(name), more.get("host"));
            labels.set("endpoint_port_" + MetaLabels.sanitized(name), more.get("port"));
        });
        return Optional.of(labels.build());
    }
}
