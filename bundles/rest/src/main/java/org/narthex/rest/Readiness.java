package org.narthex.rest;

import java.util.ArrayList;
import java.util.List;

import org.narthex.api.http.ReadinessCheck;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Knows what the server still lacks to do its work. */
@Component(
        service = {Readiness.class, Exporter.class},
        property = {Exporter.NAME + "=" + Exporter.SELF, Exporter.ON_DEMAND + ":Boolean=true"})
public final class Readiness implements Exporter {
    private final LiveServices services;

    @Reference(name = "checks", cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private volatile List<ReadinessCheck> checks = List.of();

    private volatile boolean apiMounted;
    private volatile boolean wasReady;

    @Activate
    public Readiness(@Reference(name = "services") LiveServices services) {
        this.services = services;
    }

    Readiness(LiveServices services, List<ReadinessCheck> checks) {
        this.services = services;
        this.checks = checks;
    }

    /** Tells whether the API can be reached. */
    void apiMounted(boolean mounted) {
        apiMounted = mounted;
    }

    /** Whether everything was there at least once; what goes after that is answered for where it is missed. */
    boolean wasReady() {
        return wasReady || missing().isEmpty();
    }

    /** What is missing, part by part in the order of the way data takes; empty when ready. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        require(services.configSource, "config: not loaded", missing);
        require(services.storage, "storage: not started", missing);
        require(services.queryEngine, "query engine: not started", missing);
        require(services.scrapeTargets, "scrape: not started", missing);
        require(services.ruleStates, "rules: not started", missing);
        if (!apiMounted) {
            missing.add("api: not started");
        }
        for (ReadinessCheck check : checks) {
            try {
                check.missing().ifPresent(missing::add);
            } catch (RuntimeException | LinkageError e) {
                missing.add(check.getClass().getName() + ": its check fails: " + e);
            }
        }
        if (missing.isEmpty()) {
            wasReady = true;
        }
        return missing;
    }

    private static void require(Current<?> part, String otherwise, List<String> missing) {
        if (part.get().isEmpty()) {
            missing.add(otherwise);
        }
    }

    @Override
    public void collect(MetricSink sink) {
        sink.gauge(
                "prometheus_ready",
                "Whether Prometheus startup was fully completed and the server is ready for normal operation.",
                missing().isEmpty() ? 1 : 0);
    }
}
