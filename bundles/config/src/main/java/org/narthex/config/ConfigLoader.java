package org.narthex.config;

import java.time.Clock;

import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigSource;
import org.narthex.api.config.Flag;
import org.narthex.api.config.Flags;
import org.narthex.api.config.Host;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the configuration at the start and on SIGHUP. {@link ConfigSource} is registered by hand rather than declared, because it must not be there
 * before a valid configuration is.
 */
@Component(
        service = {},
        immediate = true)
public final class ConfigLoader {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigLoader.class);

    private final Clock clock = Clock.systemUTC();
    private final CurrentConfig config;
    private final AutoCloseable signal;
    private final AutoCloseable watch;
    private ServiceRegistration<ConfigSource> registration;

    @Activate
    public ConfigLoader(BundleContext context, @Reference(name = "host") Host host) {
        Flags flags = new Flags(context::getProperty);
        PrometheusReader reader = new PrometheusReader(System::getenv, flags.isOn(Flag.AGENT));
        String file = flags.text(Flag.CONFIG_FILE);
        String alertmanagerFile = flags.text(Flag.ALERTMANAGER_CONFIG_FILE);
        String probeFile = flags.text(Flag.PROBE_CONFIG_FILE);
        config = new CurrentConfig(version -> reader.read(file, alertmanagerFile, version, clock.millis()), host);
        boolean loaded = false;
        try {
            config.load();
            loaded = true;
        } catch (ConfigException e) {
            host.fail(e.getMessage());
        }
        if (loaded) {
            registration = context.registerService(ConfigSource.class, config, null);
            signal = ReloadSignal.handle(this::reloadOnSignal);
            boolean watches = flags.isOn(Flag.CONFIG_AUTO_RELOAD)
                    || flags.list(Flag.ENABLE_FEATURE).contains("auto-reload-config");
            watch = watches
                    ? new ReloadOnChange(
                            () -> ConfigFiles.checksum(file, alertmanagerFile, probeFile),
                            this::reload,
                            Math.max(flags.durationMs(Flag.CONFIG_AUTO_RELOAD_INTERVAL), 100))
                    : () -> {};
        } else {
            signal = () -> {};
            watch = () -> {};
        }
    }

    private void reloadOnSignal() {
        LOG.info("SIGHUP: reloading the configuration");
        reload();
    }

    private void reload() {
        try {
            config.reload();
        } catch (ConfigException e) {
            // Logged where it failed; there is nobody else to tell.
            LOG.debug("Reload refused", e);
        }
    }

    @Reference(name = "consumers", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addConsumer(ConfigConsumer consumer) {
        config.add(consumer, clock.millis());
    }

    void removeConsumer(ConfigConsumer consumer) {
        config.remove(consumer);
    }

    @Deactivate
    void close() throws Exception {
        signal.close();
        watch.close();
        if (registration != null) {
            registration.unregister();
        }
    }
}
