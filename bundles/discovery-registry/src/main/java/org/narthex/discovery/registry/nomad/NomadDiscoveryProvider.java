package org.narthex.discovery.registry.nomad;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
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

/** Discovers targets in Nomad, {@code nomad_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=nomad",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class NomadDiscoveryProvider extends RefreshingProvider {
    private static final long REFRESH_MS = 60_000;

    private final HttpClients clients;

    @Activate
    public NomadDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        super("nomad");
        this.clients = clients;
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(
                section, "server", "namespace", "region", "allow_stale", "tag_separator", "refresh_interval");
        String server = section.string("server", "").strip();
        if (server.isEmpty()) {
            throw section.error("nomad SD configuration requires a server address");
        }
        String query = "?namespace=" + encoded(section.string("namespace", "default")) + "&region="
                + encoded(section.string("region", "global")) + (section.bool("allow_stale", true) ? "&stale=" : "");
        long refreshMs = section.durationMs("refresh_interval", REFRESH_MS);
        return new Services(
                server.replaceAll("/$", ""),
                query,
                section.string("tag_separator", ","),
                refreshMs,
                new HttpQuestion(clients, HttpClientKeys.read(section), refreshMs));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private record Services(String server, String query, String separator, long refreshMs, HttpQuestion question)
            implements Source {
        @Override
        public List<TargetGroup> fetch() throws IOException, InterruptedException {
            List<Labels> targets = new ArrayList<>();
            for (Json namespace :
                    question.json(URI.create(server + "/v1/services" + query)).items()) {
                for (Json service : namespace.items("Services")) {
                    String name = encoded(service.text("ServiceName")).replace("+", "%20");
                    for (Json instance : question.json(URI.create(server + "/v1/service/" + name + query))
                            .items()) {
                        targets.add(target(instance));
                    }
                }
            }
            return List.of(new TargetGroup("Nomad", targets, Labels.EMPTY));
        }

        private Labels target(Json instance) {
            List<String> tags = instance.items("Tags").stream().map(Json::text).toList();
            return MetaLabels.of("__meta_nomad_")
                    .set("address", MetaLabels.hostAndPort(instance.text("Address"), instance.text("Port")))
                    .set("dc", instance.get("Datacenter"))
                    .set("node_id", instance.get("NodeID"))
                    .set("namespace", instance.get("Namespace"))
                    .set("service", instance.get("ServiceName"))
                    .set("service_address", instance.get("Address"))
                    .set("service_id", instance.get("ID"))
                    .set("service_port", instance.get("Port"))
                    .set("tags", tags.isEmpty() ? "" : separator + String.join(separator, tags) + separator)
                    .address(instance.text("Address"), instance.get("Port").integer(0))
                    .build();
        }
    }
}
