package org.narthex.discovery.kubernetes;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.narthex.api.config.ConfigException;
import org.narthex.api.discovery.Json;
import org.narthex.api.http.HttpClients;
import org.narthex.api.http.NoAnswer;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One section at work. Nothing is published before all kinds of objects were listed: a group made of half the truth would make targets flap. */
final class KubernetesDiscovery implements DiscoveryProvider.Discovery, Watch.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesDiscovery.class);
    private static final long RETRY_MS = 10_000;

    private final KubernetesSettings settings;
    private final Access.Surroundings surroundings;
    private final HttpClients clients;
    private final ScheduledExecutorService executor;
    private final DiscoveryProvider.Listener listener;
    private final KubernetesMetrics metrics;
    private final Cluster cluster = new Cluster();
    private final Groups groups;
    private final List<Watch> watches = new ArrayList<>();
    /** The keys each watch listed, so that what is gone from a later list is noticed. */
    private final Map<Watch, Set<String>> listed = new HashMap<>();

    private final Map<String, TargetGroup> published = new HashMap<>();
    private final Set<Watch> failing = new HashSet<>();
    private boolean accessFails;
    private boolean closed;

    KubernetesDiscovery(
            KubernetesSettings settings,
            Access.Surroundings surroundings,
            HttpClients clients,
            ScheduledExecutorService executor,
            DiscoveryProvider.Listener listener,
            KubernetesMetrics metrics) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.clients = clients;
        this.executor = executor;
        this.listener = listener;
        this.metrics = metrics;
        groups = new Groups(cluster, settings);
    }

    synchronized void begin() {
        if (closed) {
            return;
        }
        try {
            Access access = Access.of(settings.section(), surroundings);
            Set<String> namespaces = new TreeSet<>(settings.namespaces());
            if (settings.ownNamespace()) {
                if (access.ownNamespace().isEmpty()) {
                    throw new IOException("namespaces.own_namespace: this process runs in no cluster");
                }
                namespaces.add(access.ownNamespace());
            }
            for (Resource resource : settings.resources()) {
                for (String namespace : resource.isNamespaced() && !namespaces.isEmpty() ? namespaces : Set.of("")) {
                    watches.add(new Watch(
                            clients, access, resource, namespace, settings.selector(resource), executor, this));
                }
            }
            watches.forEach(Watch::begin);
        } catch (IOException | ConfigException e) {
            metrics.failed();
            if (!accessFails) {
                accessFails = true;
                LOG.warn("kubernetes discovery cannot begin, and tries again: {}", e.getMessage());
            }
            ScheduledFuture<?> unused = executor.schedule(this::begin, RETRY_MS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void listed(Watch watch, Map<String, Json> objects) {
        if (closed) {
            return;
        }
        recovered(watch);
        Map<String, Json> all = cluster.all(watch.resource());
        Set<String> before = listed.put(watch, new HashSet<>(objects.keySet()));
        Set<String> changed = new HashSet<>();
        objects.forEach((key, object) -> {
            if (!object.equals(all.put(key, object))) {
                changed.add(key);
            }
        });
        for (String key : before == null ? Set.<String>of() : before) {
            if (!objects.containsKey(key)) {
                all.remove(key);
                changed.add(key);
            }
        }
        if (listed.size() < watches.size()) {
            return;
        }
        // The first time that everything is known, everything is told.
        publish(before == null ? firstKeys() : affected(watch.resource(), changed), before == null);
    }

    private Set<String> firstKeys() {
        return new LinkedHashSet<>(cluster.all(settings.role().resource()).keySet());
    }

    @Override
    public synchronized void changed(Watch watch, String key, Json object) {
        if (closed || !listed.containsKey(watch)) {
            return;
        }
        Map<String, Json> all = cluster.all(watch.resource());
        boolean known = object.isPresent() ? all.put(key, object) != null : all.remove(key) != null;
        if (object.isPresent()) {
            listed.get(watch).add(key);
        } else {
            listed.get(watch).remove(key);
        }
        metrics.event(watch.resource().role(), !object.isPresent() ? "delete" : known ? "update" : "add");
        if (listed.size() == watches.size()) {
            publish(affected(watch.resource(), Set.of(key)), false);
        }
    }

    private Set<String> affected(Resource resource, Set<String> keys) {
        Set<String> affected = new LinkedHashSet<>();
        for (String key : keys) {
            if (resource == settings.role().resource()) {
                affected.add(key);
            }
            affected.addAll(cluster.dependents(resource, key));
        }
        return affected;
    }

    private void publish(Set<String> keys, boolean anyway) {
        List<TargetGroup> changed = new ArrayList<>();
        Map<String, Json> objects = cluster.all(settings.role().resource());
        for (String key : keys) {
            TargetGroup group = groups.group(key, objects.getOrDefault(key, Json.ABSENT));
            TargetGroup before = published.get(group.source());
            if (group.targets().isEmpty()) {
                if (published.remove(group.source()) != null) {
                    changed.add(new TargetGroup(group.source(), List.of(), Labels.EMPTY));
                }
            } else if (!group.equals(before)) {
                published.put(group.source(), group);
                changed.add(group);
            }
        }
        if (!changed.isEmpty() || anyway) {
            listener.update(changed);
        }
    }

    @Override
    public synchronized void failed(Watch watch, Throwable failure) {
        if (closed) {
            return;
        }
        metrics.failed();
        if (failing.add(watch)) {
            String reason = NoAnswer.why(failure);
            LOG.warn(
                    "kubernetes discovery: {} cannot be watched, the last targets stay: {}",
                    watch.resource().role(),
                    reason);
        }
    }

    private void recovered(Watch watch) {
        if (failing.remove(watch)) {
            LOG.info(
                    "kubernetes discovery: {} is watched again",
                    watch.resource().role());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        watches.forEach(Watch::close);
    }
}
