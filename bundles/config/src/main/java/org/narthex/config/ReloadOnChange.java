package org.narthex.config;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reloads when a file of the configuration changed. A new state that is not valid is tried once, not again and again. */
final class ReloadOnChange implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReloadOnChange.class);

    private final Supplier<String> checksum;
    private final Runnable reload;
    private final ScheduledThreadPoolExecutor executor;
    private String last;

    /** @param checksum differs when the files do */
    ReloadOnChange(Supplier<String> checksum, Runnable reload, long intervalMs) {
        this.checksum = checksum;
        this.reload = reload;
        last = checksum.get();
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "narthex-config-watch");
            thread.setDaemon(true);
            return thread;
        });
        Future<?> unused = executor.scheduleWithFixedDelay(this::look, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
    }

    /** Reloads if something changed since the last look. */
    void look() {
        try {
            String now = checksum.get();
            if (!now.equals(last)) {
                last = now;
                LOG.info("A file of the configuration changed: reloading");
                reload.run();
            }
        } catch (RuntimeException e) {
            LOG.error("Looking for changes of the configuration failed", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
