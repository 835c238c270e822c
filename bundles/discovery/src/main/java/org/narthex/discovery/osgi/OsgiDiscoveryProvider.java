package org.narthex.discovery.osgi;

import java.util.HashSet;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.scrape.DiscoveryProvider;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Discovers services in the framework's own registry, {@code osgi_sd_configs}, as they come, change and go. */
@Component(service = DiscoveryProvider.class, property = DiscoveryProvider.TYPE + "=osgi")
public final class OsgiDiscoveryProvider implements DiscoveryProvider {
    private final BundleContext context;
    private final Set<RegistryWatch> running = new HashSet<>();

    @Activate
    public OsgiDiscoveryProvider(BundleContext context) {
        this.context = context;
    }

    @Override
    public void check(ConfigNode section) throws ConfigException {
        settings(section);
    }

    private RegistryWatch.Settings settings(ConfigNode section) throws ConfigException {
        section.onlyKeys("filter", "address_property", "address");
        ConfigNode filter =
                section.given("filter").orElseThrow(() -> section.error("osgi SD configuration requires a filter"));
        try {
            context.createFilter(filter.text());
        } catch (InvalidSyntaxException e) {
            throw filter.error("not a valid filter: " + e.getMessage());
        }
        return new RegistryWatch.Settings(
                filter.text(),
                section.string("address_property", "narthex.target.address"),
                section.string("address", ""));
    }

    @Override
    public Discovery start(ConfigNode section, Listener listener) {
        RegistryWatch watch;
        try {
            watch = new RegistryWatch(context, settings(section), listener);
            synchronized (running) {
                running.add(watch);
            }
            watch.begin();
        } catch (ConfigException | InvalidSyntaxException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return () -> {
            synchronized (running) {
                running.remove(watch);
            }
            watch.close();
        };
    }

    @Deactivate
    void stop() {
        Set<RegistryWatch> all;
        synchronized (running) {
            all = new HashSet<>(running);
            running.clear();
        }
        all.forEach(RegistryWatch::close);
    }
}
