package org.narthex.scrape;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.ScrapeTargets;
import org.narthex.api.scrape.TargetGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The targets of one job, and the loops that scrape them. Guarded by the scraper's lock, but for {@link #pendingUpdate}. */
final class ScrapePool {
    private static final Logger LOG = LoggerFactory.getLogger(ScrapePool.class);

    private final Environment environment;
    private final ExporterRegistry exporters;
    private final Consumer<ScrapePool> onDiscovery;
    private final Predicate<Target> isScrapedElsewhere;
    private final Map<Target.Key, ScrapeLoop> active = new LinkedHashMap<>();
    /** How many of the active ones have these labels in public: asked for each target that goes, by all pools. */
    private final Map<Labels, Integer> scraped = new HashMap<>();
    /** No longer discovered, but their series not yet ended: if they come back they go on. */
    private final Map<Target.Key, ScrapeLoop> leaving = new LinkedHashMap<>();

    private final Set<String> askedExporters = new HashSet<>();
    private final Set<String> reportedErrors = new HashSet<>();
    private final List<ScrapeTargets.Dropped> dropped = new ArrayList<>();
    private List<DiscoveryFeed> feeds = new ArrayList<>();
    private ScrapeConfig config;
    private final RecentLengths syncLengths = new RecentLengths(32);
    private long syncs;
    private long failedTargets;
    private Optional<Long> seriesBudget = Optional.empty();

    /** Set while an update by discovery waits to be applied. */
    final AtomicBoolean pendingUpdate = new AtomicBoolean();

    /** When discovered targets were applied last; guarded by {@link #pendingUpdate}. */
    volatile long lastUpdateMs;

    /**
     * @param onDiscovery told by any thread when discovery changed something
     * @param isScrapedElsewhere whether some loop writes the series of a target that is gone from here
     */
    ScrapePool(
            Environment environment,
            ExporterRegistry exporters,
            ScrapeConfig config,
            Consumer<ScrapePool> onDiscovery,
            Predicate<Target> isScrapedElsewhere) {
        this.environment = environment;
        this.exporters = exporters;
        this.config = config;
        this.onDiscovery = onDiscovery;
        this.isScrapedElsewhere = isScrapedElsewhere;
        environment.metrics().poolCreated();
        discover();
    }

    ScrapeConfig config() {
        return config;
    }

    List<DiscoveryFeed> feeds() {
        return feeds;
    }

    /** Names of the exporters that a target, relabelled or not, asks for. */
    Set<String> askedExporters() {
        return askedExporters;
    }

    /** Works by another configuration; discoveries it has in common with the old one go on. */
    void configure(ScrapeConfig changed) {
        config = changed;
        environment.metrics().poolReloaded();
        discover();
    }

    private void discover() {
        List<DiscoveryFeed> old = new ArrayList<>(feeds);
        List<DiscoveryFeed> now = new ArrayList<>();
        for (ScrapeConfig.Discovery section : config.discoveries()) {
            DiscoveryFeed feed = null;
            for (Iterator<DiscoveryFeed> i = old.iterator(); i.hasNext() && feed == null; ) {
                DiscoveryFeed candidate = i.next();
                if (candidate.section().equals(section)) {
                    feed = candidate;
                    i.remove();
                }
            }
            now.add(feed != null ? feed : new DiscoveryFeed(config.jobName(), section, () -> onDiscovery.accept(this)));
        }
        for (DiscoveryFeed feed : now) {
            if (!feeds.contains(feed)) {
                replace(old, feed);
            }
        }
        feeds = now;
        old.forEach(DiscoveryFeed::close);
    }

    /** Lets a new section take the place of one that is gone, of the same kind if there is one. */
    private static void replace(List<DiscoveryFeed> gone, DiscoveryFeed feed) {
        Optional<DiscoveryFeed> predecessor = gone.stream()
                .filter(other -> other.section().type().equals(feed.section().type()))
                .findFirst()
                .or(() -> gone.stream().findFirst());
        if (predecessor.isPresent()) {
            feed.replace(predecessor.get());
            gone.remove(predecessor.get());
            predecessor.get().close();
        }
    }

    /** Goes on with the plug-in for a kind of discovery; null if there is none now. */
    void use(String type, DiscoveryProvider provider) {
        for (DiscoveryFeed feed : feeds) {
            if (feed.section().type().equals(type)) {
                feed.use(provider);
            }
        }
    }

    /** Makes targets of everything discovered, starts loops for new ones and ends those of missing ones. */
    void sync() {
        long start = System.nanoTime();
        Map<Target.Key, Target> wanted = targets();
        for (Iterator<Map.Entry<Target.Key, ScrapeLoop>> i = active.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<Target.Key, ScrapeLoop> entry = i.next();
            if (!wanted.containsKey(entry.getKey())) {
                i.remove();
                scraped.merge(entry.getValue().target().publicLabels(), -1, ScrapePool::sumOrNone);
                end(entry.getKey(), entry.getValue());
            }
        }
        leaving.values().removeIf(ScrapeLoop::isEnded);
        String error = targetLimitError(wanted.size());
        wanted.forEach((key, target) -> scrape(key, target, error));
        syncs++;
        syncLengths.add((System.nanoTime() - start) / 1e9);
    }

    /** Null, which takes the entry away, for 0. */
    private static Integer sumOrNone(int a, int b) {
        return a + b == 0 ? null : a + b;
    }

    private void end(Target.Key key, ScrapeLoop loop) {
        Target target = loop.target();
        if (target.isInProcess()
                && !exporters.isPresent(
                        target.exporter(), environment.clockwork().nowMs())) {
            loop.endNow();
        } else {
            leaving.put(key, loop);
            loop.end(isScrapedElsewhere);
        }
    }

    private void scrape(Target.Key key, Target target, String error) {
        ScrapeLoop loop = active.get(key);
        if (loop == null) {
            loop = leaving.remove(key);
            if (loop == null) {
                loop = new ScrapeLoop(environment, target, config);
            } else {
                loop.configure(target, config);
            }
            active.put(key, loop);
            scraped.merge(target.publicLabels(), 1, Integer::sum);
            loop.forceError(error);
            loop.start();
        } else {
            loop.forceError(error);
            loop.configure(target, config);
        }
    }

    /** Why no target can be scraped for the time being, or empty. */
    private String targetLimitError(int targets) {
        long limit = config.limits().targets();
        if (limit == 0 || targets <= limit) {
            return "";
        }
        environment.metrics().exceededTargetLimit();
        return "target_limit exceeded (number of targets: " + targets + ", limit: " + limit + ")";
    }

    private Map<Target.Key, Target> targets() {
        Map<Target.Key, Target> wanted = new LinkedHashMap<>();
        TargetBuilder builder = new TargetBuilder(config);
        Set<String> errors = new HashSet<>();
        askedExporters.clear();
        dropped.clear();
        seriesBudget = Optional.empty();
        for (TargetGroup group : groups()) {
            for (Labels labels : group.targets()) {
                Labels discovered = builder.discovered(labels, group.labels());
                ask(discovered);
                try {
                    Optional<Target> target = builder.build(discovered);
                    if (target.isPresent()) {
                        ask(target.get().labels());
                        want(wanted, target.get());
                    } else {
                        drop(discovered);
                    }
                } catch (IllegalArgumentException e) {
                    failedTargets++;
                    errors.add(e.getMessage());
                    if (reportedErrors.add(e.getMessage())) {
                        LOG.warn("job {}: a target is left out: {}: {}", config.jobName(), e.getMessage(), discovered);
                    }
                }
            }
        }
        reportedErrors.retainAll(errors);
        return wanted;
    }

    private List<TargetGroup> groups() {
        List<TargetGroup> groups = new ArrayList<>(config.staticConfigs());
        for (DiscoveryFeed feed : feeds) {
            groups.addAll(feed.groups());
        }
        return groups;
    }

    private void ask(Labels labels) {
        String exporter = labels.get(Exporter.TARGET_LABEL);
        if (!exporter.isEmpty()) {
            askedExporters.add(exporter);
        }
    }

    private void want(Map<Target.Key, Target> wanted, Target target) {
        // While its exporter is not installed there is nothing that could be up or down.
        if (!target.isInProcess()
                || exporters.isPresent(
                        target.exporter(), environment.clockwork().nowMs())) {
            wanted.putIfAbsent(target.key(), target);
            seriesBudget = seriesBudget.or(target::seriesBudget);
        }
    }

    private void drop(Labels discovered) {
        long keep = config.limits().keepDroppedTargets();
        if (keep == 0 || dropped.size() < keep) {
            dropped.add(new ScrapeTargets.Dropped(discovered, config.jobName()));
        }
    }

    /** Ends the job: all its targets are gone. */
    void close() {
        feeds.forEach(DiscoveryFeed::close);
        feeds = new ArrayList<>();
        active.forEach(this::end);
        active.clear();
        scraped.clear();
    }

    /** Stops without a trace in the data. */
    void halt() {
        feeds.forEach(DiscoveryFeed::close);
        active.values().forEach(ScrapeLoop::halt);
        leaving.values().forEach(ScrapeLoop::halt);
    }

    /** How many series the job may have, if its targets say so. */
    Optional<Long> seriesBudget() {
        return seriesBudget;
    }

    int activeCount() {
        return active.size();
    }

    int discoveredCount() {
        int count = 0;
        for (TargetGroup group : groups()) {
            count += group.targets().size();
        }
        return count;
    }

    long syncs() {
        return syncs;
    }

    /** How often a target could not be made from what was discovered. */
    long failedTargets() {
        return failedTargets;
    }

    RecentLengths syncLengths() {
        return syncLengths;
    }

    boolean scrapes(Labels publicLabels) {
        return scraped.containsKey(publicLabels);
    }

    List<ScrapeTargets.Dropped> dropped() {
        return dropped;
    }

    List<ScrapeLoop> activeLoops() {
        return List.copyOf(active.values());
    }

    /** The loops in the order of their labels, which does not depend on the order of discovery. */
    List<ScrapeLoop> loops() {
        List<ScrapeLoop> loops = new ArrayList<>(active.values());
        loops.sort(Comparator.comparing(loop -> loop.target().labels()));
        return loops;
    }
}
