package org.narthex.exporter.node;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures this host. A collector that fails says so in {@code node_scrape_collector_success} and harms no other. */
@Component(
        configurationPid = Settings.PID,
        property = {Exporter.NAME + "=node", Exporter.ON_DEMAND + ":Boolean=true"})
public final class NodeExporter implements Exporter {
    private static final Logger LOG = LoggerFactory.getLogger(NodeExporter.class);

    private final StatFs statFs;
    private final List<Collector> collectors;
    /** Names of collectors whose failure is logged already. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    /** Used by one scrape after the other; null while one uses it. */
    private final AtomicReference<Families> spare = new AtomicReference<>();

    /** @param properties with the keys of {@link Settings}, and those that OSGi adds */
    @Activate
    public NodeExporter(Map<String, ?> properties) {
        Settings settings = new Settings(properties);
        statFs = new StatFs(settings.durationMs("collector.filesystem.mount-timeout", "5s"));
        collectors = Collectors.chosen(settings, statFs, Clock.systemUTC());
        for (String key : settings.unknown()) {
            LOG.warn("{}: there is no setting {}", Settings.PID, key);
        }
    }

    private record Outcome(String collector, double seconds, boolean success) {}

    @Override
    public void collect(MetricSink sink) {
        Families found = spare.getAndSet(null);
        Families families = found == null ? new Families() : found;
        List<Outcome> outcomes = new ArrayList<>(collectors.size());
        for (Collector collector : collectors) {
            long start = System.nanoTime();
            boolean success = succeeds(collector, families);
            outcomes.add(new Outcome(collector.name(), (System.nanoTime() - start) / 1e9, success));
        }
        families.moveTo(sink);
        spare.set(families);
        sink.family(
                "node_scrape_collector_duration_seconds",
                MetricType.GAUGE,
                "node_exporter: Duration of a collector scrape.");
        outcomes.forEach(outcome -> sink.sample(
                "node_scrape_collector_duration_seconds", outcome.seconds(), "collector", outcome.collector()));
        sink.family("node_scrape_collector_success", MetricType.GAUGE, "node_exporter: Whether a collector succeeded.");
        outcomes.forEach(outcome -> sink.sample(
                "node_scrape_collector_success", outcome.success() ? 1 : 0, "collector", outcome.collector()));
    }

    private boolean succeeds(Collector collector, MetricSink sink) {
        try {
            collector.collect(sink);
            failing.remove(collector.name());
            return true;
        } catch (NoDataException e) {
            failing.remove(collector.name());
            LOG.debug("Collector {} has nothing to measure: {}", collector.name(), e.getMessage());
            return false;
        } catch (IOException | RuntimeException e) {
            if (failing.add(collector.name())) {
                LOG.warn("Collector {} fails: {}", collector.name(), e.toString());
            }
            return false;
        }
    }

    @Deactivate
    void close() {
        statFs.close();
    }
}
