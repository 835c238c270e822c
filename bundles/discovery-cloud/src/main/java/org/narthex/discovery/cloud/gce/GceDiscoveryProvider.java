package org.narthex.discovery.cloud.gce;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.MetaLabels;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.http.HttpClientConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.TargetGroup;
import org.narthex.discovery.cloud.Pages;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Discovers machines of Google Compute Engine, {@code gce_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=gce",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class GceDiscoveryProvider extends RefreshingProvider {
    private static final long REFRESH_MS = 60_000;

    private final HttpClients clients;
    private final GoogleToken.Places places;
    private final InstantSource clock;

    @Activate
    public GceDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        this(
                clients,
                new GoogleToken.Places(
                        System::getenv,
                        Path.of(System.getProperty("user.home", "/")),
                        "http://metadata.google.internal",
                        "https://compute.googleapis.com"),
                Clock.systemUTC());
    }

    GceDiscoveryProvider(HttpClients clients, GoogleToken.Places places, InstantSource clock) {
        super("gce");
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
        section.onlyKeys("project", "zone", "filter", "refresh_interval", "port", "tag_separator");
        String project = section.string("project", "");
        String zone = section.string("zone", "");
        if (project.isEmpty()) {
            throw section.error("GCE SD configuration requires a project");
        }
        if (zone.isEmpty()) {
            throw section.error("GCE SD configuration requires a zone");
        }
        long refreshMs = section.durationMs("refresh_interval", REFRESH_MS);
        HttpQuestion question = new HttpQuestion(clients, HttpClientConfig.DEFAULT, refreshMs);
        String query = section.string("filter", "").isEmpty()
                ? ""
                : "filter=" + URLEncoder.encode(section.string("filter", ""), StandardCharsets.UTF_8);
        return new Instances(
                project,
                zone,
                query,
                section.integer("port", 80),
                section.string("tag_separator", ","),
                refreshMs,
                question,
                new GoogleToken(places, question, clock));
    }

    private final class Instances implements Source {
        private final String project;
        private final String zone;
        private final String query;
        private final long port;
        private final String separator;
        private final long refreshMs;
        private final HttpQuestion question;
        private final GoogleToken token;

        Instances(
                String project,
                String zone,
                String query,
                long port,
                String separator,
                long refreshMs,
                HttpQuestion question,
                GoogleToken token) {
            this.project = project;
            this.zone = zone;
            this.query = query;
            this.port = port;
            this.separator = separator;
            this.refreshMs = refreshMs;
            this.question = question;
            this.token = token;
        }

        @Override
        public long refreshMs() {
            return refreshMs;
        }

        @Override
        public List<TargetGroup> fetch() throws IOException, InterruptedException {
            List<Labels> targets = new ArrayList<>();
            Pages pages = new Pages();
            String page = "";
            do {
                pages.next(page);
                String all = query
                        + (page.isEmpty()
                                ? ""
                                : (query.isEmpty() ? "" : "&") + "pageToken="
                                        + URLEncoder.encode(page, StandardCharsets.UTF_8));
                URI uri = URI.create(places.compute() + "/compute/v1/projects/" + project + "/zones/" + zone
                        + "/instances" + (all.isEmpty() ? "" : "?" + all));
                Json answer = Json.parse(
                        question.send("GET", uri, new byte[0], Map.of("Authorization", "Bearer " + token.get()))
                                .body());
                for (Json instance : answer.items("items")) {
                    if (!instance.items("networkInterfaces").isEmpty()) {
                        targets.add(target(instance));
                    }
                }
                page = answer.text("nextPageToken");
            } while (!page.isEmpty());
            return List.of(new TargetGroup("GCE_" + project + "_" + zone, targets, Labels.EMPTY));
        }

        private Labels target(Json instance) {
            Json card = instance.items("networkInterfaces").get(0);
            MetaLabels labels = MetaLabels.of("__meta_gce_")
                    .set("project", project)
                    .set("zone", instance.get("zone"))
                    .set("instance_id", instance.get("id"))
                    .set("instance_name", instance.get("name"))
                    .set("instance_status", instance.get("status"))
                    .set("machine_type", instance.get("machineType"))
                    .set("network", card.get("network"))
                    .set("subnetwork", card.get("subnetwork"))
                    .set("private_ip", card.get("networkIP"))
                    .setAll("label_", instance.get("labels").texts());
            for (Json each : instance.items("networkInterfaces")) {
                labels.set("interface_ipv4_" + MetaLabels.sanitized(each.text("name")), each.get("networkIP"));
            }
            List<String> tags =
                    instance.get("tags").items("items").stream().map(Json::text).toList();
            if (!tags.isEmpty()) {
                labels.set("tags", separator + String.join(separator, tags) + separator);
            }
            for (Json entry : instance.get("metadata").items("items")) {
                labels.set("metadata_" + MetaLabels.sanitized(entry.text("key")), entry.get("value"));
            }
            for (Json access : card.items("accessConfigs").stream().limit(1).toList()) {
                if (access.text("type").equals("ONE_TO_ONE_NAT")) {
                    labels.set("public_ip", access.get("natIP"));
                }
            }
            return labels.address(card.text("networkIP"), port).build();
        }
    }
}
