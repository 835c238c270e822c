package org.narthex.discovery.kubernetes;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.http.HttpClients;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Discovers targets in Kubernetes, {@code kubernetes_sd_configs}. All sections share one thread. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=kubernetes",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class KubernetesDiscoveryProvider implements DiscoveryProvider, Exporter {
    private final HttpClients clients;
    private final Access.Surroundings surroundings;
    private final KubernetesMetrics metrics = new KubernetesMetrics();
    private final Set<KubernetesDiscovery> running = new HashSet<>();
    private ScheduledThreadPoolExecutor executor;
    private boolean stopped;

    @Activate
    public KubernetesDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        this(clients, Access.Surroundings.ofProcess());
    }

    KubernetesDiscoveryProvider(HttpClients clients, Access.Surroundings surroundings) {
        this.clients = clients;
        this.surroundings = surroundings;
    }

    @Override
    public void check(ConfigNode section) throws ConfigException {
        KubernetesSettings.of(section);
    }

    @Override
    public Discovery start(ConfigNode section, Listener listener) {
        KubernetesSettings settings;
        try {
            settings = KubernetesSettings.of(section);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        KubernetesDiscovery discovery;
        synchronized (this) {
            if (stopped) {
                throw new IllegalStateException("kubernetes discovery is stopped");
            }
            if (executor == null) {
                executor = new ScheduledThreadPoolExecutor(1, task -> {
                    Thread thread = new Thread(task, "narthex-discovery-kubernetes");
                    thread.setDaemon(true);
                    return thread;
                });
                executor.setRemoveOnCancelPolicy(true);
            }
            discovery = new KubernetesDiscovery(settings, surroundings, clients, executor, listener, metrics);
            running.add(discovery);
            ScheduledFuture<?> unused = executor.schedule(discovery::begin, 0, TimeUnit.MILLISECONDS);
        }
        return () -> {
            synchronized (this) {
                running.remove(discovery);
            }
            discovery.close();
        };
    }

    @Override
    public void collect(MetricSink sink) {
        metrics.writeTo(sink);
    }

    @Deactivate
    void stop() {
        Set<KubernetesDiscovery> all;
        synchronized (this) {
            stopped = true;
            all = new HashSet<>(running);
            running.clear();
        }
        all.forEach(KubernetesDiscovery::close);
        synchronized (this) {
            if (executor != null) {
                executor.shutdownNow();
            }
        }
    }
}
