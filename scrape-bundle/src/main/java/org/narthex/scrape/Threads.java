package org.narthex.scrape;

import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real time and threads: one scheduler, as many workers as cores, and a thread for each in-process target that is busy. */
final class Threads implements Clockwork {
    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
    private static final long IDLE_SECONDS = 30;

    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor scheduler;
    private final ThreadPoolExecutor workers;
    private final ExecutorService foreign;

    Threads(InstantSource clock) {
        this.clock = clock;
        scheduler = new ScheduledThreadPoolExecutor(1, named("narthex-scrape-scheduler"));
        scheduler.setRemoveOnCancelPolicy(true);
        int cores = Math.max(2, Runtime.getRuntime().availableProcessors());
        workers = new ThreadPoolExecutor(
                cores,
                cores,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                named("narthex-scrape-worker"));
        workers.allowCoreThreadTimeOut(true);
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
        try {
            Future<?> scheduled = scheduler.schedule(guarded(task), delayMs, TimeUnit.MILLISECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            LOG.debug("stopping, so a task is given up");
            return () -> {};
        }
    }

    @Override
    public void work(Runnable task) {
        try {
            workers.execute(guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("stopping, so a scrape is given up");
        }
    }

    @Override
    public Task foreign(Runnable task) {
        try {
            Future<?> running = foreign.submit(guarded(task));
            return () -> running.cancel(true);
        } catch (RejectedExecutionException e) {
            LOG.debug("stopping, so a task is given up");
            return () -> {};
        }
    }

    /** A mistake of ours in one scrape must not stop the loops: executors swallow what a task throws. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | LinkageError e) {
                LOG.error("a scrape task failed unexpectedly", e);
            }
        };
    }

    @Override
    public void stop() {
        scheduler.shutdownNow();
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
