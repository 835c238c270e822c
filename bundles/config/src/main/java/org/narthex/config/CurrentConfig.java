package org.narthex.config;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigSource;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.Host;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The configuration in force and those who work by it. */
final class CurrentConfig implements ConfigSource {
    private static final Logger LOG = LoggerFactory.getLogger(CurrentConfig.class);
    /** A consumer that refuses the first configuration this soon after the start is a failed start. */
    private static final long START_UP_MS = 60_000;

    /** Reads the files; the number is the version to give. */
    interface Loader {
        Configuration load(long version) throws ConfigException;
    }

    private final Loader loader;
    private final Host host;
    private final List<ConfigConsumer> consumers = new CopyOnWriteArrayList<>();
    /**
     * Guards loading, and which consumer has been given what: a consumer is either there when a configuration is handed round or gets it when it
     * comes, and is called by one thread at a time. Reentrant, since a consumer may make another one appear.
     */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile Configuration current;
    private volatile boolean lastReloadSuccessful;

    CurrentConfig(Loader loader, Host host) {
        this.loader = loader;
        this.host = host;
    }

    /** Loads the first configuration. */
    void load() throws ConfigException {
        take(false);
    }

    @Override
    public Configuration current() {
        return current;
    }

    @Override
    public boolean lastReloadSuccessful() {
        return lastReloadSuccessful;
    }

    @Override
    public void reload() throws ConfigException {
        take(true);
    }

    private void take(boolean reload) throws ConfigException {
        lock.lock();
        try {
            Configuration candidate = loader.load(current == null ? 1 : current.version() + 1);
            for (ConfigConsumer consumer : consumers) {
                checkBy(consumer, candidate);
            }
            current = candidate;
            for (ConfigConsumer consumer : consumers) {
                applyBy(consumer, candidate);
            }
            lastReloadSuccessful = true;
            LOG.info(
                    "Configuration {}: version {}, {} scrape jobs, {} rule groups",
                    reload ? "reloaded" : "loaded",
                    candidate.version(),
                    candidate.scrapeConfigs().size(),
                    candidate.ruleGroups().size());
            candidate.diagnostics().forEach(LOG::warn);
        } catch (ConfigException e) {
            lastReloadSuccessful = false;
            if (reload) {
                LOG.error("Configuration not reloaded, the old one stays in force: {}", e.getMessage());
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** A plug-in that fails is no mistake in the file: others must not miss a configuration because of it. */
    private static void checkBy(ConfigConsumer consumer, Configuration candidate) throws ConfigException {
        try {
            consumer.check(candidate);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} failed to check the configuration", name(consumer), e);
        }
    }

    private static void applyBy(ConfigConsumer consumer, Configuration configuration) {
        try {
            consumer.apply(configuration);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("{} failed to apply the configuration", name(consumer), e);
        }
    }

    private static String name(ConfigConsumer consumer) {
        return consumer.getClass().getName();
    }

    /** Gives a new consumer the configuration in force; without one it waits for the first. */
    void add(ConfigConsumer consumer, long nowMs) {
        lock.lock();
        try {
            Configuration configuration = current;
            if (configuration != null) {
                checkBy(consumer, configuration);
                applyBy(consumer, configuration);
            }
        } catch (ConfigException e) {
            if (current.version() == 1 && nowMs - host.startedAtMs() < START_UP_MS) {
                host.fail(e.getMessage());
            } else {
                LOG.error("{} does not accept the configuration in force: {}", name(consumer), e.getMessage());
            }
        } finally {
            // Even if it refused this one: the next may please it.
            consumers.add(consumer);
            lock.unlock();
        }
    }

    void remove(ConfigConsumer consumer) {
        consumers.remove(consumer);
    }
}
