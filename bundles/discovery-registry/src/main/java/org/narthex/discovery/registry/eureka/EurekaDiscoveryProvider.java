package org.narthex.discovery.registry.eureka;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.HttpClients;
import org.narthex.api.http.UrlHost;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.TargetGroup;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Discovers targets in Eureka, {@code eureka_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=eureka",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class EurekaDiscoveryProvider extends RefreshingProvider {
    private static final long REFRESH_MS = 30_000;

    private final HttpClients clients;

    @Activate
    public EurekaDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        super("eureka");
        this.clients = clients;
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(section, "server", "refresh_interval");
        ConfigNode server =
                section.given("server").orElseThrow(() -> section.error("eureka_sd: empty or null eureka server"));
        URI uri;
        try {
            uri = UrlHost.parse(server.text() + "/apps");
        } catch (URISyntaxException e) {
            throw server.error("eureka_sd: invalid eureka server URL");
        }
        if (uri.getScheme() == null || uri.getHost() == null) {
            throw server.error("eureka_sd: invalid eureka server URL");
        }
        long refreshMs = section.durationMs("refresh_interval", REFRESH_MS);
        HttpQuestion question =
                new HttpQuestion(clients, HttpClientKeys.read(section), refreshMs).header("Accept", "application/xml");
        return new Applications(server.text(), uri, refreshMs, question);
    }

    private record Applications(String server, URI uri, long refreshMs, HttpQuestion question) implements Source {
        @Override
        public List<TargetGroup> fetch() throws IOException, InterruptedException {
            return List.of(new TargetGroup(
                    server, EurekaInstances.read(question.get(uri).body()), Labels.EMPTY));
        }
    }
}
