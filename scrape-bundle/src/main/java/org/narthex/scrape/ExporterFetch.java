package org.narthex.scrape;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.scrape.Exporter;

/** Scrapes exporters inside this process, each on a thread of its own, since foreign code may hang. */
final class ExporterFetch implements Fetch {
    private final ExporterRegistry registry;
    private final Clockwork clockwork;
    /** Targets whose exporters have not returned; one that hangs keeps one thread, not one more with each scrape. */
    private final Set<Target.Key> busy = ConcurrentHashMap.newKeySet();

    ExporterFetch(ExporterRegistry registry, Clockwork clockwork) {
        this.registry = registry;
        this.clockwork = clockwork;
    }

    @Override
    public void start(Target target, ScrapeConfig config, Attempt attempt) {
        Target.Key key = target.key();
        if (!busy.add(key)) {
            attempt.failed(
                    new ScrapeException("exporter " + target.exporter() + " is still busy with an earlier scrape"));
            return;
        }
        CollectedSamples samples = new CollectedSamples();
        Clockwork.Task collecting = clockwork.foreign(() -> {
            try {
                collect(target, config, samples, attempt);
            } finally {
                busy.remove(key);
            }
        });
        if (!attempt.isOver()) {
            clockwork.after(target.timeoutMs(), () -> timeout(target, samples, collecting, attempt));
        }
    }

    private void collect(Target target, ScrapeConfig config, CollectedSamples samples, Attempt attempt) {
        List<Exporter> exporters = registry.named(target.exporter());
        if (exporters.isEmpty()) {
            // It may be replaced by a newer one in this moment; if not, the target goes soon.
            attempt.skipped();
            return;
        }
        for (Exporter exporter : exporters) {
            try {
                exporter.collect(samples);
            } catch (Exception | LinkageError e) {
                attempt.failed(new ScrapeException("exporter " + target.exporter() + ": " + e));
                return;
            }
        }
        samples.close();
        long limit = config.limits().bodySize();
        if (limit > 0 && samples.length() >= limit) {
            attempt.failed(new ScrapeException(ScrapeException.Limit.BODY_SIZE, "body size limit exceeded"));
        } else {
            attempt.collected(samples);
        }
    }

    private static void timeout(Target target, CollectedSamples samples, Clockwork.Task collecting, Attempt attempt) {
        if (!attempt.isOver()) {
            samples.close();
            collecting.cancel();
            attempt.failed(new ScrapeException(
                    "exporter " + target.exporter() + " took longer than " + target.timeoutMs() + " ms"));
        }
    }
}
