package org.narthex.discovery.cloud.azure;

import java.time.Clock;
import java.time.InstantSource;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.HttpClients;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Discovers machines of Microsoft Azure, {@code azure_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=azure",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class AzureDiscoveryProvider extends RefreshingProvider {
    private static final long REFRESH_MS = 300_000;

    private final HttpClients clients;
    private final AzureCloud.Places places;
    private final InstantSource clock;

    @Activate
    public AzureDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        this(clients, AzureCloud.Places.ofProcess(), Clock.systemUTC());
    }

    AzureDiscoveryProvider(HttpClients clients, AzureCloud.Places places, InstantSource clock) {
        super("azure");
        this.clients = clients;
        this.places = places;
        this.clock = clock;
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    public synchronized void collect(MetricSink sink) throws Exception {
        super.collect(sink);
        sink.counter(
                "prometheus_sd_azure_failures_total", "Number of Azure service discovery refresh failures.", (double)
                        failures());
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(
                section,
                "environment",
                "subscription_id",
                "tenant_id",
                "client_id",
                "client_secret",
                "authentication_method",
                "resource_group",
                "refresh_interval",
                "port");
        if (section.string("subscription_id", "").isEmpty()) {
            throw section.error("azure SD configuration requires a subscription_id");
        }
        AzureToken.Method method = AzureToken.Method.of(section);
        ConfigNode environment = section.given("environment").orElse(section);
        AzureCloud cloud = AzureCloud.named(section.string("environment", "AzurePublicCloud"))
                .orElseThrow(() -> environment.error("there is no cloud configuration matching that name"));
        long refreshMs = section.durationMs("refresh_interval", REFRESH_MS);
        HttpQuestion question = new HttpQuestion(clients, HttpClientKeys.read(section), refreshMs);
        AzureCloud at = places.override().orElse(cloud);
        return new AzureMachines(
                section.string("subscription_id", ""),
                section.string("tenant_id", ""),
                section.string("resource_group", ""),
                section.integer("port", 80),
                refreshMs,
                at,
                question,
                new AzureToken(section, method, at, places, question, clock));
    }
}
