package org.narthex.config;

import java.util.ArrayList;
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
import org.narthex.api.trace.Tracer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what waits for a plug-in that is not there, and which bundle has it; not before bundles had time to start. */
@Component(service = ConfigConsumer.class)
public final class MissingPlugins implements ConfigConsumer {
    private static final Logger LOG = LoggerFactory.getLogger(MissingPlugins.class);
    private static final long PATIENCE_MS = 10_000;

    private final ScheduledThreadPoolExecutor executor;
    private final Set<String> present = new TreeSet<>();
    private final Set<String> reported = new TreeSet<>();
    /** Jobs by the type of discovery they need. */
    private Map<String, List<String>> needed = Map.of();

    private boolean tracerNeeded;
    private boolean tracerReported;

    /** Registered by its plug-in only while the configuration asks for traces. */
    @Reference(
            name = "tracer",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Tracer tracer;

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
        tracerNeeded = configuration.tracing().isPresent();
        tracerReported &= tracerNeeded;
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
        List<String> missing = new ArrayList<>();
        needed.forEach((type, jobs) -> {
            if (!present.contains(type) && reported.add(type)) {
                missing.add(message(type, jobs));
            }
        });
        if (tracerNeeded && tracer == null && !tracerReported) {
            tracerReported = true;
            missing.add("tracing waits for its plug-in: the bundle org.narthex.tracing is not active; no traces are "
                    + "exported, all else works");
        }
        return missing;
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
