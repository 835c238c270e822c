package org.narthex.tsdb.fault;

import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.narthex.api.storage.StorageFault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether batches are taken. When the log cannot be written, as on a full disk, each batch is refused until one can be written again; that is logged
 * once at the beginning and once at the end. Thread-safe.
 */
public final class Ingestion {
    private static final Logger LOG = LoggerFactory.getLogger(Ingestion.class);

    private final Clock clock;
    private final AtomicReference<StorageFault> paused = new AtomicReference<>();

    public Ingestion(Clock clock) {
        this.clock = clock;
    }

    /** A batch could not be written. */
    public void failed(IOException why) {
        StorageFault fault = new StorageFault("ingestion", "paused: " + why.getMessage(), clock.millis(), false);
        if (paused.compareAndSet(null, fault)) {
            LOG.error(
                    "ingestion pauses: {}; batches are refused until they can be written again, queries go on",
                    why.getMessage());
        }
    }

    /** A batch was written. */
    public void worked() {
        if (paused.get() != null) {
            StorageFault fault = paused.getAndSet(null);
            if (fault != null) {
                LOG.info("ingestion goes on after {} s", (clock.millis() - fault.sinceMs()) / 1000);
            }
        }
    }

    /** What hinders ingestion at the moment. */
    public Optional<StorageFault> fault() {
        return Optional.ofNullable(paused.get());
    }
}
