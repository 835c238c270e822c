package org.narthex.push;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.narthex.api.model.Labels;
import org.narthex.api.scrape.MetricFamily;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The groups and their file. A change is on disk {@value #WRITE_DELAY_MS} ms later, and before {@link #close} returns. A file that is damaged is moved
 * aside, not overwritten.
 */
final class PushGateway {
    static final long WRITE_DELAY_MS = 5_000;

    private static final Logger LOG = LoggerFactory.getLogger(PushGateway.class);

    private final GroupStore store;
    private final GroupFile file;
    private final InstantSource clock;
    private final ScheduledExecutorService writer;
    private final AtomicBoolean isWriteDue = new AtomicBoolean();

    /** @param writer one thread, which is the gateway's own */
    PushGateway(GroupFile file, long defaultTtlMs, InstantSource clock, ScheduledExecutorService writer) {
        this.file = file;
        this.clock = clock;
        this.writer = writer;
        store = new GroupStore(defaultTtlMs, this::changed);
        if (Files.exists(file.path())) {
            restore();
        }
    }

    private void restore() {
        try {
            store.restore(file.read());
        } catch (IOException | IllegalArgumentException e) {
            Path aside = file.path().resolveSibling(file.path().getFileName() + ".damaged-" + clock.millis());
            LOG.error("Pushed groups are lost: {}; the file is kept as {}", e.getMessage(), aside);
            try {
                Files.move(file.path(), aside);
            } catch (IOException unmoved) {
                LOG.error("{} could not be moved aside", file.path(), unmoved);
            }
        }
    }

    void push(Labels labels, List<MetricFamily> families, boolean replace, long ttlMs) throws PushException {
        store.push(labels, families, replace, ttlMs, clock.millis());
    }

    void delete(Labels labels) throws PushException {
        store.delete(labels);
    }

    void wipe() throws PushException {
        store.wipe();
    }

    List<PushedGroup> groups() {
        return store.groups(clock.millis());
    }

    private void changed() {
        if (isWriteDue.compareAndSet(false, true)) {
            try {
                Future<?> unused = writer.schedule(this::write, WRITE_DELAY_MS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                // Closing, which writes at its end.
                LOG.debug("No write of pushed groups is scheduled any more", e);
            }
        }
    }

    private void write() {
        if (isWriteDue.getAndSet(false)) {
            try {
                file.write(groups());
            } catch (IOException e) {
                LOG.error("Pushed groups could not be written to {}: {}", file.path(), e.toString());
                changed();
            }
        }
    }

    /** Writes what is not written yet; nothing is taken any more. */
    void close() {
        store.close();
        writer.shutdownNow();
        try {
            // A write at work ends first, so that it cannot win over the last one.
            if (!writer.awaitTermination(WRITE_DELAY_MS, TimeUnit.MILLISECONDS)) {
                LOG.error("A write of pushed groups takes too long; the last one is left out");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        write();
    }
}
