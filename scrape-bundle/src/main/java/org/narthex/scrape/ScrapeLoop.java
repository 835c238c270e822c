package org.narthex.scrape;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.narthex.api.config.ScrapeConfig;
import org.narthex.api.model.Labels;
import org.narthex.api.scrape.ScrapeTargets.Health;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scrapes one target, again and again at its own point of the interval. A scrape that takes longer than the interval makes the next ones be skipped.
 *
 * <p>The lock guards {@link #series} and the writing of samples; the timing is guarded by this object's monitor. The lock is taken
 * while holding nothing else.
 */
final class ScrapeLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ScrapeLoop.class);

    /** How the last scrape went. */
    record Status(Health health, String lastError, long lastScrapeMs, double lastDurationSeconds) {
        static final Status UNKNOWN = new Status(Health.UNKNOWN, "", 0, 0);
    }

    private final Environment environment;
    private final Object lock = new Object();
    private final TargetSeries series;
    private final Fetch fetch;
    /** The scrape that is on its way, or null. */
    private final AtomicReference<Run> running = new AtomicReference<>();

    private volatile Target target;
    private volatile ScrapeConfig config;
    private volatile Status status = Status.UNKNOWN;
    private volatile int seriesCount;
    /** Empty, or why every scrape of the pool fails for the time being. */
    private volatile String forcedError = "";

    private volatile boolean stopped = true;
    private volatile boolean ended;
    private Clockwork.Task next;
    private long phaseMs;
    private long lastStartMs;

    ScrapeLoop(Environment environment, Target target, ScrapeConfig config) {
        this.environment = environment;
        this.target = target;
        this.config = config;
        this.fetch = environment.fetch(target);
        this.series = new TargetSeries(target, config, environment.features().extraScrapeMetrics());
    }

    Target target() {
        return target;
    }

    /** What the target says about its metric families. */
    FamilyCache families() {
        return series.families();
    }

    Status status() {
        return status;
    }

    /** How many series the last good scrape had. */
    int seriesCount() {
        return seriesCount;
    }

    /** Visits the series of the last good scrape, without those of the report; waits for a scrape that is being written. */
    void forEachSeries(Consumer<Labels> visitor) {
        synchronized (lock) {
            series.cache().forEachLive(visitor);
        }
    }

    void forceError(String error) {
        forcedError = error;
    }

    /** Starts, or starts again before {@link #end} wrote its markers. */
    synchronized void start() {
        if (!stopped) {
            return;
        }
        stopped = false;
        ended = false;
        cancelNext();
        phaseMs = target.phaseMs(environment.phaseSeed());
        if (target.isInProcess()) {
            // Whoever installed an exporter wants to see it work.
            environment.clockwork().work(() -> tick(environment.clockwork().nowMs()));
        }
        scheduleNext();
    }

    /** Works by other settings without missing a scrape. */
    void configure(Target newTarget, ScrapeConfig newConfig) {
        boolean reschedule = newTarget.intervalMs() != target.intervalMs();
        target = newTarget;
        config = newConfig;
        if (reschedule) {
            synchronized (this) {
                phaseMs = newTarget.phaseMs(environment.phaseSeed());
                if (!stopped) {
                    cancelNext();
                    scheduleNext();
                }
            }
        }
    }

    private synchronized void scheduleNext() {
        if (stopped) {
            return;
        }
        long now = environment.clockwork().nowMs();
        long interval = target.intervalMs();
        long due = now - Math.floorMod(now - phaseMs, interval) + interval;
        next = environment.clockwork().after(due - now, new Due(due));
    }

    // What is made for every scrape is no lambda, neither here nor below: those are slow to make until the second
    // compiler comes.

    /** The time of the next scrape. */
    private final class Due implements Runnable {
        private final long dueMs;

        Due(long dueMs) {
            this.dueMs = dueMs;
        }

        @Override
        public void run() {
            wake(dueMs);
        }
    }

    /** A scrape to be set going. */
    private final class Tick implements Runnable {
        private final long dueMs;

        Tick(long dueMs) {
            this.dueMs = dueMs;
        }

        @Override
        public void run() {
            tick(dueMs);
        }
    }

    private synchronized void cancelNext() {
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private void wake(long due) {
        if (stopped) {
            return;
        }
        long now = environment.clockwork().nowMs();
        if (now < due) {
            // The wall clock was set back, or the timer ran early.
            Clockwork.Task again = environment
                    .clockwork()
                    .after(
                            Math.min(due - now, target.intervalMs()),
                            () -> wake(Math.min(due, environment.clockwork().nowMs())));
            synchronized (this) {
                next = again;
            }
            return;
        }
        try {
            if (fetch.startsAtOnce(target, config)) {
                environment.clockwork().workHere(new Tick(due));
            } else {
                environment.clockwork().work(new Tick(due));
            }
        } finally {
            scheduleNext();
        }
    }

    private void tick(long dueMs) {
        if (stopped || running.get() != null) {
            return;
        }
        long startMs = environment.clockwork().nowMs();
        long tolerance = Math.min(environment.timestampToleranceMs(), target.intervalMs() / 100);
        // Even timestamps compress better and make rates smoother.
        long timeMs = startMs - dueMs <= tolerance && startMs >= dueMs ? dueMs : startMs;
        Run run = new Run(timeMs, System.nanoTime());
        if (!running.compareAndSet(null, run)) {
            return;
        }
        if (lastStartMs > 0) {
            environment.metrics().interval(target.intervalMs(), startMs - lastStartMs);
        }
        lastStartMs = startMs;
        Attempt attempt = new Attempt(run);
        if (!forcedError.isEmpty()) {
            attempt.failed(new ScrapeException(forcedError));
            return;
        }
        try {
            fetch.start(target, config, attempt);
        } catch (RuntimeException | LinkageError e) {
            LOG.error("scrape of {} failed unexpectedly", target.url(), e);
            attempt.failed(new ScrapeException(e.toString()));
        }
    }

    /** Stops without a trace in the data: the whole process stops, or soon goes on. */
    synchronized void halt() {
        stopped = true;
        cancelNext();
    }

    /** Stops since the target is gone for sure; its series end now. */
    void endNow() {
        halt();
        long now = environment.clockwork().nowMs();
        environment.clockwork().work(() -> writeStale(now));
    }

    /**
     * Stops since the target is no longer discovered. It may come back at once under another job, so only after two more intervals and a tenth
     * its series are ended, as of the first scrape that it missed.
     *
     * @param replaced whether another loop writes the same series by now
     */
    synchronized void end(Predicate<Target> replaced) {
        halt();
        long now = environment.clockwork().nowMs();
        long interval = target.intervalMs();
        long missed = now - Math.floorMod(now - phaseMs, interval) + interval;
        long delay = missed + interval + interval / 10 - now;
        next = environment.clockwork().after(delay, () -> {
            if (replaced.test(target)) {
                ended = stopped;
            } else {
                environment.clockwork().work(() -> writeStale(missed));
            }
        });
    }

    private void writeStale(long timeMs) {
        synchronized (lock) {
            if (!stopped || status.lastScrapeMs() == 0) {
                ended = stopped;
                return;
            }
            Intake intake = environment.takeIntake();
            intake.begin(series, environment.storage(), timeMs);
            intake.fail();
            intake.reportStale();
            intake.append(environment.queue());
            environment.giveBack(intake);
            status = Status.UNKNOWN;
            ended = true;
        }
    }

    /** Whether the series were ended, so that nothing is left to do. */
    boolean isEnded() {
        return ended;
    }

    /** What is done when a scrape is over; on a worker, since the storage may take its time. */
    private final class Run implements Attempt.Outcome {
        private final long timeMs;
        private final long startNanos;
        private volatile long endNanos;

        Run(long timeMs, long startNanos) {
            this.timeMs = timeMs;
            this.startNanos = startNanos;
        }

        @Override
        public void page(Page page) {
            // Unpacking was work already, so the thread is one for it.
            endNanos = System.nanoTime();
            try (page) {
                write(new PageContent(page), page.length());
            } finally {
                running.compareAndSet(this, null);
            }
        }

        @Override
        public void collected(CollectedSamples samples) {
            later(() -> write(intake -> intake.collected(samples), samples.length()));
        }

        @Override
        public void failed(ScrapeException reason) {
            long bodySize = reason.limit() == ScrapeException.Limit.BODY_SIZE ? -1 : 0;
            later(() -> write(
                    intake -> {
                        intake.fail();
                        throw reason;
                    },
                    bodySize));
        }

        @Override
        public void skipped() {
            running.compareAndSet(this, null);
        }

        private void later(Runnable task) {
            endNanos = System.nanoTime();
            environment.clockwork().work(() -> {
                try {
                    task.run();
                } finally {
                    running.compareAndSet(this, null);
                }
            });
        }

        private void write(Content content, long bodySize) {
            double seconds = (endNanos - startNanos) / 1e9;
            synchronized (lock) {
                if (stopped) {
                    return;
                }
                // Here rather than on reload, which must not wait for a storage that takes its time.
                series.configure(target, config);
                Intake intake = environment.takeIntake();
                intake.begin(series, environment.storage(), timeMs);
                String error = "";
                try {
                    content.writeTo(intake);
                } catch (ScrapeException e) {
                    error = e.getMessage();
                    environment.metrics().exceeded(e.limit());
                }
                intake.report(error.isEmpty(), seconds, bodySize);
                // Whoever sees the samples finds the state that fits them, and the next scrape may come.
                if (error.isEmpty()) {
                    seriesCount = intake.taken();
                }
                note(error, seconds);
                running.compareAndSet(this, null);
                intake.append(environment.queue());
                environment.giveBack(intake);
            }
        }

        private void note(String error, double seconds) {
            Status before = status;
            status = new Status(error.isEmpty() ? Health.UP : Health.DOWN, error, timeMs, seconds);
            if (error.isEmpty()) {
                LOG.debug("scraped {} in {} s", target.url(), seconds);
                return;
            }
            environment.failures().log(config.failureLogFile(), config.jobName(), target.url(), error, timeMs);
            if (before.health() != Health.DOWN) {
                LOG.debug("scrape of {} failed: {}", target.url(), error);
            }
        }
    }

    /** Writes what a scrape brought. */
    private interface Content {
        void writeTo(Intake intake) throws ScrapeException;
    }

    private record PageContent(Page page) implements Content {
        @Override
        public void writeTo(Intake intake) throws ScrapeException {
            intake.page(page.bytes(), page.length(), page.format());
        }
    }
}
