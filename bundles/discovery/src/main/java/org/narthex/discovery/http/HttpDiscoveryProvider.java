package org.narthex.discovery.http;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.discovery.HttpQuestion;
import org.narthex.api.discovery.Json;
import org.narthex.api.discovery.RefreshingProvider;
import org.narthex.api.http.HttpClientKeys;
import org.narthex.api.http.HttpClients;
import org.narthex.api.http.UrlHost;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.scrape.TargetGroup;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Discovers targets listed by a web server, {@code http_sd_configs}. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=http",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class HttpDiscoveryProvider extends RefreshingProvider {
    private static final long REFRESH_MS = 60_000;
    private static final Pattern JSON = Pattern.compile("application/json(;.*)?", Pattern.CASE_INSENSITIVE);

    private final HttpClients clients;

    @Activate
    public HttpDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        super("http");
        this.clients = clients;
    }

    @Deactivate
    void stop() {
        shutDown();
    }

    @Override
    public synchronized void collect(MetricSink sink) throws Exception {
        super.collect(sink);
        sink.counter("prometheus_sd_http_failures_total", "Number of HTTP service discovery refresh failures.", (double)
                failures());
    }

    @Override
    protected Source source(ConfigNode section) throws ConfigException {
        HttpClientKeys.refuseOthers(section, "url", "refresh_interval");
        ConfigNode given = section.given("url").orElseThrow(() -> section.error("URL is missing"));
        URI url;
        try {
            url = UrlHost.parse(given.text());
        } catch (URISyntaxException e) {
            throw given.error("not a valid URL");
        }
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw given.error("URL scheme must be 'http' or 'https'");
        }
        if (url.getHost() == null) {
            throw given.error("host is missing in URL");
        }
        long refreshMs = section.durationMs("refresh_interval", REFRESH_MS);
        HttpQuestion question = new HttpQuestion(clients, HttpClientKeys.read(section), refreshMs)
                .header("Accept", "application/json")
                .header("X-Prometheus-Refresh-Interval-Seconds", seconds(refreshMs));
        return new Page(url, refreshMs, question);
    }

    private static String seconds(long millis) {
        return millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0);
    }

    /** A page that lists targets, {@code [{"targets": ["host:port", …], "labels": {"name": "value", …}}, …]}. */
    private record Page(URI url, long refreshMs, HttpQuestion question) implements Source {
        @Override
        public List<TargetGroup> fetch() throws IOException, InterruptedException {
            HttpResponse<byte[]> response = question.get(url);
            if (response.statusCode() != 200) {
                throw new IOException("server returned HTTP status " + response.statusCode());
            }
            String type = response.headers().firstValue("Content-Type").orElse("");
            if (!JSON.matcher(type.strip()).matches()) {
                throw new IOException("unsupported content type \"" + type + "\"");
            }
            Json page = Json.parse(response.body());
            if (page.isPresent() && !page.isList()) {
                throw new IOException("expected a list of target groups, found " + page);
            }
            List<TargetGroup> groups = new ArrayList<>();
            for (Json item : page.items()) {
                groups.add(group(item, groups.size()));
            }
            return groups;
        }

        private TargetGroup group(Json item, int index) throws IOException {
            if (!item.isMap()) {
                throw new IOException("nil target group item found (index " + index + ")");
            }
            List<Labels> targets = new ArrayList<>();
            for (Json target : item.items("targets")) {
                if (!target.isText()) {
                    throw new IOException("group " + index + ": a target is " + target);
                }
                targets.add(Labels.of("__address__", target.text()));
            }
            Labels.Builder labels = Labels.builder();
            for (Map.Entry<String, Json> label : item.get("labels").entries().entrySet()) {
                if (label.getKey().isEmpty() || !label.getValue().isText()) {
                    throw new IOException(
                            "group " + index + ": label \"" + label.getKey() + "\" is " + label.getValue());
                }
                labels.set(label.getKey(), label.getValue().text());
            }
            labels.set("__meta_url", url.toString());
            return new TargetGroup(url + ":" + index, targets, labels.build());
        }
    }
}
