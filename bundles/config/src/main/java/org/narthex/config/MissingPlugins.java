package org.narthex.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.narthex.api.config.ConfigConsumer;
import org.narthex.api.config.Configuration;
import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.scrape.DiscoveryProvider;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which jobs wait for a discovery plug-in that is not there, and which bundle has it; not before bundles had time to start. */
@Component(service = ConfigConsumer.class)
public final class MissingPlugins implements ConfigConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(MissingPlugins.class);
    private static final long PATIENCE_MS = 10_000;

    private final ScheduledThreadPoolExecutor executor;
    private final Set<String> present = new TreeSet<>();
    private final Set<String> reported = new TreeSet<>();
    /** Jobs by the type of discovery they need. */
    private Map<String, List<String>> needed = Map.of();

    @Activate
    public MissingPlugins() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "narthex-config-plugins");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public synchronized void apply(Configuration configuration) {
        Map<String, List<String>> now = new LinkedHashMap<>();
        for (ScrapeConfig job : configuration.scrapeConfigs()) {
            for (ScrapeConfig.Discovery discovery : job.discoveries()) {
                now.merge(discovery.type(), List.of(job.jobName()), MissingPlugins::joined);
            }
        }
        needed = now;
        later();
    }

    private static List<String> joined(List<String> a, List<String> b) {
        Set<String> both = new TreeSet<>(a);
        both.addAll(b);
        return List.copyOf(both);
    }

    @Reference(name = "discoveries", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void addDiscovery(DiscoveryProvider provider, Map<String, Object> properties) {
        String type = String.valueOf(properties.get(DiscoveryProvider.TYPE));
        present.add(type);
        if (reported.remove(type)) {
            LOG.info("The plug-in for {}_sd_configs is there", type);
        }
    }

    synchronized void removeDiscovery(DiscoveryProvider provider, Map<String, Object> properties) {
        present.remove(String.valueOf(properties.get(DiscoveryProvider.TYPE)));
        later();
    }

    private void later() {
        if (!executor.isShutdown()) {
            Future<?> unused = executor.schedule(() -> report().forEach(LOG::warn), PATIENCE_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** What is missing and was not said yet. */
    synchronized List<String> report() {
        return needed.entrySet().stream()
                .filter(entry -> !present.contains(entry.getKey()) && reported.add(entry.getKey()))
                .map(entry -> message(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static String message(String type, List<String> jobs) {
        Optional<String> bundle = DiscoverySections.bundle(type);
        return type + "_sd_configs of job " + String.join(", ", jobs) + " waits for its plug-in: "
                + bundle.map(name -> "the bundle org.narthex." + name + " is not active")
                        .orElse("no bundle of Narthex has it")
                + "; its last targets stay, other discoveries work";
    }

    @Deactivate
    void stop() {
        executor.shutdownNow();
    }
}
