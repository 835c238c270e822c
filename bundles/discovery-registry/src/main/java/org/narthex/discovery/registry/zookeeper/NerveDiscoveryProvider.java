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

/** Discovers members of Nerve in ZooKeeper, {@code nerve_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=nerve",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class NerveDiscoveryProvider extends RefreshingProvider {
    @Activate
    public NerveDiscoveryProvider() {
        super("nerve");
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        return ZooKeeperTree.of("nerve", section, NerveDiscoveryProvider::target);
    }

    private static Optional<Labels> target(String path, Json member) {
        String port = Long.toString(member.get("port").integer(0));
        return Optional.of(MetaLabels.of("__meta_nerve_")
                .set("path", path)
                .set("endpoint_host", member.get("host"))
                .set("endpoint_port", port)
                .set("endpoint_name", member.get("name"))
                .address(MetaLabels.hostAndPort(member.text("host"), port))
                .build());
    }
}
