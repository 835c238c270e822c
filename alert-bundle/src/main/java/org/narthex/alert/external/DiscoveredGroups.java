package org.narthex.alert.external;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The groups of one {@code *_sd_configs} section; while its plug-in is away the last ones stand. Its lock guards all fields. */
final class DiscoveredGroups {
    private static final Logger LOG = LoggerFactory.getLogger(DiscoveredGroups.class);

    private final ScrapeConfig.Discovery section;
    private final Runnable onUpdate;
    private final Map<String, TargetGroup> groups = new LinkedHashMap<>();
    private DiscoveryProvider provider;
    private DiscoveryProvider.Discovery running;
    /** What an ended discovery still says is not heard. */
    private int generation;

    DiscoveredGroups(ScrapeConfig.Discovery section, Runnable onUpdate) {
        this.section = section;
        this.onUpdate = onUpdate;
    }

    String type() {
        return section.type();
    }

    synchronized List<TargetGroup> groups() {
        return new ArrayList<>(groups.values());
    }

    /** Goes on with the given plug-in; null if there is none now. */
    void use(DiscoveryProvider available) {
        DiscoveryProvider.Discovery old;
        int mine;
        synchronized (this) {
            if (available == provider) {
                return;
            }
            provider = available;
            old = running;
            running = null;
            mine = ++generation;
        }
        close(old);
        if (available == null) {
            return;
        }
        try {
            available.check(section.section());
            DiscoveryProvider.Discovery started = available.start(section.section(), changed -> update(mine, changed));
            synchronized (this) {
                if (generation == mine) {
                    running = started;
                    return;
                }
            }
            close(started);
        } catch (ConfigException e) {
            LOG.warn("Discovery of Alertmanagers by {} is not started: {}", section.type(), e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("Discovery of Alertmanagers by {} could not be started", section.type(), e);
        }
    }

    private void close(DiscoveryProvider.Discovery discovery) {
        if (discovery != null) {
            try {
                discovery.close();
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("Discovery of Alertmanagers by {} could not be ended", section.type(), e);
            }
        }
    }

    private void update(int from, List<TargetGroup> changed) {
        synchronized (this) {
            if (from != generation) {
                return;
            }
            for (TargetGroup group : changed) {
                if (group.targets().isEmpty()) {
                    groups.remove(group.source());
                } else {
                    groups.put(group.source(), group);
                }
            }
        }
        onUpdate.run();
    }

    void close() {
        use(null);
    }
}
