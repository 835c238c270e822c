package org.narthex.scrape;

import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real time and threads: one for what is due, as many workers as cores, and one for each in-process target that is busy. */
final class Threads implements Clockwork {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
    private static final long IDLE_SECONDS = 30;

    private final InstantSource clock;
    private final Timers timers;
    private final ThreadPoolExecutor workers;
    private final ExecutorService foreign;

    Threads(InstantSource clock) {
        this.clock = clock;
        timers = new Timers("narthex-scrape-scheduler");
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        // They stay: to wait for so long and no longer costs more than to wait, several times for each scrape.
        workers = new ThreadPoolExecutor(
                cores, cores, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("narthex-scrape-worker"));
        foreign = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                named("narthex-scrape-exporter"));
    }

    private static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public long nowMs() {
        return clock.millis();
    }

    @Override
    public Task after(long delayMs, Runnable task) {
        return timers.after(delayMs, task);
    }

    @Override
    public void work(Runnable task) {
        try {
            workers.execute(new Guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("stopping, so a scrape is given up");
        }
    }

    @Override
    public Task foreign(Runnable task) {
        try {
            Future<?> running = foreign.submit(new Guarded(task));
            return () -> running.cancel(true);
        } catch (RejectedExecutionException e) {
            LOG.debug("stopping, so a task is given up");
            return () -> {};
        }
    }

    /** A mistake of ours in one scrape must not stop the loops: executors swallow what a task throws. */
    private record Guarded(Runnable task) implements Runnable {
        @Override
        public void run() {
            try {
                task.run();
            } catch (RuntimeException | LinkageError e) {
                LOG.error("a scrape task failed unexpectedly", e);
            }
        }
    }

    @Override
    public void stop() {
        timers.stop();
        foreign.shutdownNow();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(700, TimeUnit.MILLISECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
