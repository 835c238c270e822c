package org.narthex.api.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.narthex.api.config.ConfigException;
import org.narthex.api.config.ConfigNode;
import org.narthex.api.model.MetricType;
import org.narthex.api.scrape.DiscoveryProvider;
import org.narthex.api.scrape.Exporter;
import org.narthex.api.scrape.MetricSink;
import org.narthex.api.scrape.TargetGroup;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A discovery that asks for all targets again and again. What is left to a plug-in is to read a section and to ask once. When asking fails the groups
 * found last stand, and it is tried again soon, then less and less often, up to the refresh interval. Only what changed is published.
 *
 * <p>Register the subclass as {@link DiscoveryProvider} and as {@link Exporter} (name {@link Exporter#SELF}, on demand) and call {@link #shutDown}
 * when it is deactivated. Each section is asked for by one thread at a time; sections do not wait for one another.
 */
@ConsumerType
public abstract class RefreshingProvider implements DiscoveryProvider, Exporter {
    private static final int MAX_THREADS = 32;

    /** A section that was read, ready to ask. */
    @ConsumerType
    public interface Source {
        /** How long to wait between two questions, in milliseconds. */
        long refreshMs();

        /**
         * Asks for all groups there are. May block; is interrupted when the discovery is closed.
         *
         * @throws Exception whatever went wrong; the message should say with whom
         */
        List<TargetGroup> fetch() throws Exception;

        /** Called once, after the last {@code fetch}. */
        default void close() {}
    }

    private final String type;
    private final List<RefreshLoop> running = new ArrayList<>();
    private ScheduledThreadPoolExecutor timer;
    private ThreadPoolExecutor workers;
    private boolean stopped;
    private long failures;
    private long refreshes;
    private double seconds;

    /** @param type what stands before {@code _sd_configs} */
    protected RefreshingProvider(String type) {
        this.type = type;
    }

    /**
     * Reads a section; nothing is asked yet.
     *
     * @throws ConfigException if it is not valid
     */
    protected abstract Source source(ConfigNode section) throws ConfigException;

    @Override
    public void check(ConfigNode section) throws ConfigException {
        source(section).close();
    }

    @Override
    public Discovery start(ConfigNode section, Listener listener) {
        Source source;
        try {
            source = source(section);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        RefreshLoop loop = new RefreshLoop(this, type, source, listener);
        synchronized (this) {
            if (stopped) {
                throw new IllegalStateException("discovery by " + type + " is stopped");
            }
            running.add(loop);
        }
        loop.begin();
        return () -> {
            synchronized (this) {
                running.remove(loop);
            }
            loop.close();
        };
    }

    /** Ends all discoveries; nothing can be started after. */
    protected void shutDown() {
        List<RefreshLoop> all;
        synchronized (this) {
            stopped = true;
            all = new ArrayList<>(running);
            running.clear();
        }
        all.forEach(RefreshLoop::close);
        synchronized (this) {
            if (timer != null) {
                timer.shutdownNow();
                workers.shutdownNow();
            }
        }
    }

    /** Runs the task by a worker after the time; empty-handed once stopped. */
    final synchronized ScheduledFuture<?> schedule(Runnable task, long delayMs) {
        if (stopped) {
            return null;
        }
        if (timer == null) {
            timer = new ScheduledThreadPoolExecutor(1, work -> thread(work, "timer"));
            timer.setRemoveOnCancelPolicy(true);
            AtomicInteger count = new AtomicInteger();
            workers = new ThreadPoolExecutor(
                    0,
                    MAX_THREADS,
                    10,
                    TimeUnit.SECONDS,
                    new SynchronousQueue<>(),
                    work -> thread(work, String.valueOf(count.incrementAndGet())));
        }
        ThreadPoolExecutor by = workers;
        return timer.schedule(() -> hand(by, task), delayMs, TimeUnit.MILLISECONDS);
    }

    /** To a worker; when all are busy, again a little later. */
    private void hand(ThreadPoolExecutor by, Runnable task) {
        try {
            by.execute(task);
        } catch (java.util.concurrent.RejectedExecutionException e) {
            if (!by.isShutdown()) {
                ScheduledFuture<?> unused = schedule(task, 100);
            }
        }
    }

    private Thread thread(Runnable work, String role) {
        Thread thread = new Thread(work, "narthex-discovery-" + type + "-" + role);
        thread.setDaemon(true);
        return thread;
    }

    final synchronized void refreshed(long nanos, boolean good) {
        refreshes++;
        seconds += nanos / 1e9;
        failures += good ? 0 : 1;
    }

    /** How often a refresh failed. */
    protected final synchronized long failures() {
        return failures;
    }

    @Override
    public synchronized void collect(MetricSink sink) throws Exception {
        sink.counter(
                "prometheus_sd_refresh_failures_total",
                "Number of refresh failures for the given SD mechanism.",
                (double) failures,
                "mechanism",
                type);
        String duration = "prometheus_sd_refresh_duration_seconds";
        sink.family(duration, MetricType.SUMMARY, "The duration of a refresh in seconds for the given SD mechanism.");
        sink.sample(duration + "_sum", seconds, "mechanism", type);
        sink.sample(duration + "_count", (double) refreshes, "mechanism", type);
    }
}
