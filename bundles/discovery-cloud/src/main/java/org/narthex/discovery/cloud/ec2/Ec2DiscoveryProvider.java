package org.narthex.discovery.cloud.ec2;

import java.time.Clock;
import java.time.InstantSource;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.http.HttpClients;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Discovers machines of Amazon EC2, {@code ec2_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=ec2",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class Ec2DiscoveryProvider extends RefreshingProvider {
    private final HttpClients clients;
    private final CredentialChain.Places places;
    private final InstantSource clock;

    @Activate
    public Ec2DiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        this(clients, CredentialChain.Places.ofProcess(), Clock.systemUTC());
    }

    Ec2DiscoveryProvider(HttpClients clients, CredentialChain.Places places, InstantSource clock) {
        super("ec2");
        this.clients = clients;
        this.places = places;
        this.clock = clock;
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        Ec2Settings settings = Ec2Settings.of(section);
        HttpQuestion question = new HttpQuestion(clients, settings.http(), settings.refreshMs());
        return new Ec2Instances(
                settings, new CredentialChain(settings, places, question, clock), places, question, clock);
    }
}
