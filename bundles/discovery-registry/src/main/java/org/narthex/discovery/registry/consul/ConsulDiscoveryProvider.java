package org.narthex.discovery.registry.consul;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;

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

/** Discovers targets in Consul, {@code consul_sd_configs}. All sections share one thread. */
@Component(
        service = {DiscoveryProvider.class, Exporter.class},
        property = {
            DiscoveryProvider.TYPE + "=consul",
            Exporter.NAME + "=" + Exporter.SELF,
            Exporter.ON_DEMAND + ":Boolean=true"
        })
public final class ConsulDiscoveryProvider implements DiscoveryProvider, Exporter {
    private final HttpClients clients;
    private final ConsulMetrics metrics = new ConsulMetrics();
    private final Set<ConsulDiscovery> running = new HashSet<>();
    private ScheduledThreadPoolExecutor executor;
    private boolean stopped;

    @Activate
    public ConsulDiscoveryProvider(@Reference(name = "clients") HttpClients clients) {
        this.clients = clients;
    }

    @Override
    public void check(ConfigNode section) throws ConfigException {
        ConsulSettings.of(section);
    }

    @Override
    public Discovery start(ConfigNode section, Listener listener) {
        ConsulSettings settings;
        try {
            settings = ConsulSettings.of(section);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        ConsulDiscovery discovery;
        synchronized (this) {
            if (stopped) {
                throw new IllegalStateException("consul discovery is stopped");
            }
            if (executor == null) {
                executor = new ScheduledThreadPoolExecutor(1, task -> {
                    Thread thread = new Thread(task, "narthex-discovery-consul");
                    thread.setDaemon(true);
                    return thread;
                });
            }
            discovery = new ConsulDiscovery(settings, clients, executor, listener, metrics);
            running.add(discovery);
            executor.execute(discovery::begin);
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
        Set<ConsulDiscovery> all;
        synchronized (this) {
            stopped = true;
            all = new HashSet<>(running);
            running.clear();
        }
        all.forEach(ConsulDiscovery::close);
        synchronized (this) {
            if (executor != null) {
                executor.shutdownNow();
            }
        }
    }
}
