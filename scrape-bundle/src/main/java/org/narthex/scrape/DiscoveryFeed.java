package org.narthex.scrape;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.TargetGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups of one {@code *_sd_configs} section. While its plug-in is away the last ones stand; when it is back, those it does not name again
 * within a while are dropped. Thread-safe.
 */
final class DiscoveryFeed {
    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryFeed.class);

    /** How long groups from before wait to be named again by a plug-in that came back. */
    static final long INHERITED_MS = 15_000;

    private final ScrapeConfig.Discovery section;
    private final String job;
    private final Runnable onUpdate;
    private final Map<String, TargetGroup> groups = new LinkedHashMap<>();
    private final Set<String> inherited = new LinkedHashSet<>();
    /** What stands until the section answers for the first time: the groups of the section in whose place it came. */
    private List<TargetGroup> predecessors = List.of();

    private DiscoveryProvider provider;
    private DiscoveryProvider.Discovery running;
    private int generation;
    private long updates;
    private boolean refused;

    /** @param onUpdate called after each change, by any thread */
    DiscoveryFeed(String job, ScrapeConfig.Discovery section, Runnable onUpdate) {
        this.job = job;
        this.section = section;
        this.onUpdate = onUpdate;
    }

    ScrapeConfig.Discovery section() {
        return section;
    }

    /** Takes the place of a section that was changed: its targets stay until this one has answered. */
    void replace(DiscoveryFeed predecessor) {
        List<TargetGroup> standing = predecessor.groups();
        synchronized (this) {
            predecessors = standing;
        }
    }

    synchronized List<TargetGroup> groups() {
        if (!predecessors.isEmpty()) {
            return predecessors;
        }
        return new ArrayList<>(groups.values());
    }

    synchronized long updates() {
        return updates;
    }

    /** Whether the plug-in is there but did not start the section. */
    synchronized boolean isRefused() {
        return refused;
    }

    synchronized boolean isRunning() {
        return running != null;
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
            refused = false;
            mine = ++generation;
            inherited.addAll(groups.keySet());
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
            refuse(mine);
            LOG.warn("job {}: discovery by {} is not started: {}", job, section.type(), e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            refuse(mine);
            LOG.warn("job {}: discovery by {} could not be started", job, section.type(), e);
        }
    }

    private synchronized void refuse(int start) {
        refused = generation == start;
    }

    private void close(DiscoveryProvider.Discovery discovery) {
        if (discovery == null) {
            return;
        }
        try {
            discovery.close();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("job {}: discovery by {} could not be ended", job, section.type(), e);
        }
    }

    private void update(int from, List<TargetGroup> changed) {
        synchronized (this) {
            if (from != generation) {
                return;
            }
            updates++;
            predecessors = List.of();
            for (TargetGroup group : changed) {
                inherited.remove(group.source());
                if (group.targets().isEmpty()) {
                    groups.remove(group.source());
                } else {
                    groups.put(group.source(), group);
                }
            }
        }
        onUpdate.run();
    }

    /** Drops groups that the plug-in has not named since it came back; nothing while it is away. */
    void dropInherited() {
        synchronized (this) {
            if (running == null || inherited.isEmpty()) {
                return;
            }
            groups.keySet().removeAll(inherited);
            inherited.clear();
        }
        onUpdate.run();
    }

    /** Ends the discovery for good. */
    void close() {
        DiscoveryProvider.Discovery old;
        synchronized (this) {
            generation++;
            old = running;
            running = null;
            provider = null;
        }
        close(old);
    }
}
