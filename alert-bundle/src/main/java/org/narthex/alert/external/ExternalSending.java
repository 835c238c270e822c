package org.narthex.alert.external;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.narthex.alert.RaisedAlert;
import org.narthex.api.alert.Alert;
import org.narthex.api.alert.ExternalAlertmanagers;
import org.narthex.api.config.AlertSendingConfig;
import org.narthex.api.config.AlertSendingConfig.Alertmanagers;
import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.config.RelabelConfig;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.http.HttpClients;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.scrape.TargetGroup;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Sends alerts to the Alertmanagers of prometheus.yml. Its lock guards all but the clients and the relabelling. */
@Component(
        service = {ExternalSending.class, ExternalAlertmanagers.class, ConfigConsumer.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class ExternalSending implements ConfigConsumer, ExternalAlertmanagers, Exporter {
    /** How long the queues may take to be sent when Narthex stops. */
    private static final long DRAIN_MS = 10_000;

    /** One section at work. */
    private static final class Section {
        private final Alertmanagers config;
        private final List<DiscoveredGroups> discoveries = new ArrayList<>();
        private AlertmanagerSet found = new AlertmanagerSet(Set.of(), Set.of());
        private final Map<URI, SendLoop> loops = new HashMap<>();

        private Section(Alertmanagers config) {
            this.config = config;
        }
    }

    @Reference(
            name = "clients",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile HttpClients clients;

    private final int capacity;
    private final int batchSize;
    private final boolean drains;
    private final SendCounters counters = new SendCounters();
    private final Map<String, DiscoveryProvider> providers = new HashMap<>();
    private volatile List<RelabelConfig> relabel = List.of();
    private List<Section> sections = List.of();

    @Activate
    public ExternalSending(BundleContext context) {
        this(new Flags(context::getProperty));
    }

    public ExternalSending(Flags flags) {
        capacity = Math.max(1, Integer.parseInt(flags.text(Flag.ALERTMANAGER_QUEUE)));
        batchSize = Math.max(1, Integer.parseInt(flags.text(Flag.ALERTMANAGER_BATCH)));
        drains = Boolean.parseBoolean(flags.text(Flag.ALERTMANAGER_DRAIN));
    }

    /** What the framework does otherwise. */
    void bind(HttpClients other) {
        clients = other;
    }

    @Reference(
            name = "discovery",
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "removeDiscovery")
    public void addDiscovery(DiscoveryProvider provider, Map<String, Object> properties) {
        if (properties.get(DiscoveryProvider.TYPE) instanceof String type) {
            useDiscovery(type, provider);
        }
    }

    public void removeDiscovery(DiscoveryProvider provider, Map<String, Object> properties) {
        if (properties.get(DiscoveryProvider.TYPE) instanceof String type) {
            synchronized (this) {
                if (providers.get(type) != provider) {
                    return;
                }
            }
            useDiscovery(type, null);
        }
    }

    private void useDiscovery(String type, DiscoveryProvider provider) {
        List<DiscoveredGroups> concerned = new ArrayList<>();
        synchronized (this) {
            providers.put(type, provider);
            sections.forEach(section -> concerned.addAll(section.discoveries));
        }
        concerned.stream().filter(each -> each.type().equals(type)).forEach(each -> each.use(provider));
    }

    @Override
    public void check(Configuration candidate) throws ConfigException {
        for (Alertmanagers section : candidate.alertSending().alertmanagers()) {
            for (ScrapeConfig.Discovery discovery : section.discoveries()) {
                Optional<DiscoveryProvider> provider;
                synchronized (this) {
                    provider = Optional.ofNullable(providers.get(discovery.type()));
                }
                if (provider.isPresent()) {
                    provider.get().check(discovery.section());
                }
            }
        }
    }

    @Override
    public void apply(Configuration configuration) {
        AlertSendingConfig config = configuration.alertSending();
        List<Section> before;
        List<Section> now = new ArrayList<>();
        Map<String, DiscoveryProvider> available;
        synchronized (this) {
            relabel = config.alertRelabelConfigs();
            before = new ArrayList<>(sections);
            for (Alertmanagers each : config.alertmanagers()) {
                Section kept = before.stream()
                        .filter(section -> section.config.equals(each))
                        .findFirst()
                        .orElse(null);
                if (kept != null) {
                    before.remove(kept);
                    now.add(kept);
                } else {
                    now.add(section(each));
                }
            }
            sections = List.copyOf(now);
            available = new HashMap<>(providers);
        }
        for (Section gone : before) {
            gone.discoveries.forEach(DiscoveredGroups::close);
            gone.loops.values().forEach(loop -> loop.stop(drains));
        }
        for (Section section : now) {
            section.discoveries.forEach(each -> each.use(available.get(each.type())));
        }
        refresh();
    }

    private Section section(Alertmanagers config) {
        Section section = new Section(config);
        for (ScrapeConfig.Discovery discovery : config.discoveries()) {
            section.discoveries.add(new DiscoveredGroups(discovery, this::refresh));
        }
        return section;
    }

    /** Brings the loops up to what is discovered now. */
    private synchronized void refresh() {
        Set<URI> all = new TreeSet<>();
        for (Section section : sections) {
            List<TargetGroup> groups = new ArrayList<>();
            section.discoveries.forEach(each -> groups.addAll(each.groups()));
            section.found = AlertmanagerSet.of(section.config, groups);
            all.addAll(section.found.active());
            section.loops.entrySet().removeIf(loop -> {
                boolean gone = !section.found.active().contains(loop.getKey());
                if (gone) {
                    loop.getValue().stop(drains);
                }
                return gone;
            });
            for (URI url : section.found.active()) {
                if (!section.loops.containsKey(url)) {
                    SendLoop loop = new SendLoop(
                            url, capacity, batchSize, counters, (to, batch) -> post(section.config, to, batch));
                    section.loops.put(url, loop);
                    loop.start();
                }
            }
        }
        counters.retain(all);
    }

    /** Alerts of rules as every Alertmanager is to see them, the one in the box too: after {@code alert_relabel_configs}. */
    public List<RaisedAlert> relabelled(List<RaisedAlert> alerts) {
        return relabelled(alerts, relabel);
    }

    /** Takes alerts that are {@link #relabelled}; returns at once. */
    public synchronized void accept(List<RaisedAlert> alerts) {
        for (Section section : sections) {
            List<RaisedAlert> told = relabelled(alerts, section.config.alertRelabelConfigs());
            if (!told.isEmpty()) {
                section.loops.values().forEach(loop -> loop.add(told));
            }
        }
    }

    private static List<RaisedAlert> relabelled(List<RaisedAlert> alerts, List<RelabelConfig> steps) {
        if (steps.isEmpty()) {
            return alerts;
        }
        List<RaisedAlert> kept = new ArrayList<>();
        for (RaisedAlert raised : alerts) {
            Alert alert = raised.alert();
            Optional<Labels> labels = RelabelConfig.apply(alert.labels(), steps);
            if (labels.isPresent()) {
                kept.add(new RaisedAlert(
                        new Alert(
                                labels.get(),
                                alert.annotations(),
                                alert.startsAtMs(),
                                alert.endsAtMs(),
                                alert.generatorUrl()),
                        raised.validUntilMs()));
            }
        }
        return kept;
    }

    private void post(Alertmanagers config, URI url, List<RaisedAlert> batch) throws IOException {
        HttpClients known = clients;
        if (known == null) {
            throw new IOException("there is no HTTP client at present");
        }
        HttpClients.Client client = known.client(config.httpClient());
        HttpRequest request = client.request(url)
                .timeout(Duration.ofMillis(Math.max(1, config.timeoutMs())))
                .header("Content-Type", "application/json")
                .header("User-Agent", "Narthex")
                .POST(HttpRequest.BodyPublishers.ofString(AlertsBody.of(batch)))
                .build();
        try {
            int status = client.http()
                    .send(request, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            if (status / 100 != 2) {
                throw new IOException("bad response status " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public synchronized List<String> active() {
        Set<String> urls = new TreeSet<>();
        sections.forEach(section -> section.found.active().forEach(url -> urls.add(url.toString())));
        return List.copyOf(urls);
    }

    @Override
    public synchronized List<String> dropped() {
        Set<String> urls = new TreeSet<>();
        sections.forEach(section -> urls.addAll(section.found.dropped()));
        return List.copyOf(urls);
    }

    /** Sends what waits, as far as that is wanted, for at most ten seconds. */
    @Deactivate
    public void stop() {
        List<Section> all;
        synchronized (this) {
            all = sections;
            sections = List.of();
        }
        for (Section section : all) {
            section.discoveries.forEach(DiscoveredGroups::close);
            section.loops.values().forEach(loop -> loop.stop(drains));
        }
        long endNanos = System.nanoTime() + Duration.ofMillis(DRAIN_MS).toNanos();
        all.forEach(section ->
                section.loops.values().forEach(loop -> loop.join((endNanos - System.nanoTime()) / 1_000_000)));
    }

    @Override
    public void collect(MetricSink sink) {
        int discovered;
        synchronized (this) {
            if (sections.isEmpty()) {
                return;
            }
            discovered = sections.stream()
                    .mapToInt(section -> section.found.active().size())
                    .sum();
            sections.forEach(section -> section.loops.forEach((url, loop) -> counters.queued(url, loop.queued())));
        }
        counters.collect(sink, capacity, discovered);
    }
}
