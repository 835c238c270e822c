package org.narthex.discovery.cloud.openstack;

import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.HttpClients;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Discovers hypervisors, instances or load balancers of OpenStack, {@code openstack_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=openstack",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class OpenStackDiscoveryProvider extends RefreshingProvider {
    private static final long REFRESH_MS = 60_000;

    private final HttpClients clients;
    private final java.util.function.UnaryOperator<String> environment;
    private final InstantSource clock;

    @Activate
    public OpenStackDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        this(clients, System::getenv, Clock.systemUTC());
    }

    /** @param environment gives the value of an environment variable, or null */
    OpenStackDiscoveryProvider(
            HttpClients clients, java.util.function.UnaryOperator<String> environment, InstantSource clock) {
        super("openstack");
        this.clients = clients;
        this.environment = environment;
        this.clock = clock;
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        List<String> keys = new ArrayList<>(Keystone.KEYS);
        keys.addAll(List.of("role", "region", "refresh_interval", "port", "all_tenants", "tls_config", "availability"));
        section.onlyKeys(keys.toArray(String[]::new));
        ConfigNode role = section.given("role")
                .orElseThrow(() -> section.error("role missing (one of: instance, hypervisor, loadbalancer)"));
        switch (role.text()) {
            case "hypervisor", "instance", "loadbalancer" -> {}
            default -> throw role.error("unknown OpenStack SD role " + role.text());
        }
        String region = section.string("region", "");
        if (region.isEmpty()) {
            throw section.error("openstack SD configuration requires a region");
        }
        HttpClientConfig http = section.given("tls_config").isPresent()
                ? HttpClientConfig.DEFAULT.withTls(HttpClientKeys.tls(section.require("tls_config")))
                : HttpClientConfig.DEFAULT;
        long refreshMs = section.durationMs("refresh_interval", REFRESH_MS);
        HttpQuestion question = new HttpQuestion(clients, http, refreshMs);
        return new OpenStackTargets(
                role.text(),
                region,
                section.integer("port", 80),
                section.bool("all_tenants", false),
                refreshMs,
                new Keystone(section, region, environment, question, clock));
    }
}
