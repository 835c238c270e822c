package org.narthex.scrape;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import org.narthex.api.storage.HandOverQueue;
import org.narthex.api.storage.Storage;

/** What all loops share. Thread-safe. */
final class Environment {
    private final Clockwork clockwork;
    private final HandOverQueue queue;
    private final ScrapeMetrics metrics;
    private final Supplier<Fetch> http;
    private final Fetch exporters;
    private final long timestampToleranceMs;
    private final Features features;
    private final FailureLog failures = new FailureLog();
    private final ConcurrentLinkedQueue<Intake> intakes = new ConcurrentLinkedQueue<>();
    private volatile Storage storage;
    private volatile long phaseSeed;

    Environment(
            Clockwork clockwork,
            HandOverQueue queue,
            ScrapeMetrics metrics,
            Supplier<Fetch> http,
            Fetch exporters,
            long timestampToleranceMs,
            Features features) {
        this.features = features;
        this.clockwork = clockwork;
        this.queue = queue;
        this.metrics = metrics;
        this.http = http;
        this.exporters = exporters;
        this.timestampToleranceMs = timestampToleranceMs;
    }

    Clockwork clockwork() {
        return clockwork;
    }

    HandOverQueue queue() {
        return queue;
    }

    ScrapeMetrics metrics() {
        return metrics;
    }

    Features features() {
        return features;
    }

    FailureLog failures() {
        return failures;
    }

    /** How to get what the target has to say, for the one loop that scrapes it. */
    Fetch fetch(Target target) {
        return target.isInProcess() ? exporters : http.get();
    }

    /** How late a scrape may be and still get the time at which it was due; 0 to take times as they are. */
    long timestampToleranceMs() {
        return timestampToleranceMs;
    }

    /** Null while there is none. */
    Storage storage() {
        return storage;
    }

    void storage(Storage current) {
        storage = current;
    }

    /** Makes two servers that scrape the same targets do it at different times. */
    long phaseSeed() {
        return phaseSeed;
    }

    void phaseSeed(long seed) {
        phaseSeed = seed;
    }

    Intake takeIntake() {
        Intake free = intakes.poll();
        return free == null ? new Intake(metrics, features) : free;
    }

    void giveBack(Intake intake) {
        intakes.offer(intake);
    }
}
