package org.narthex.remote;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import org.narthex.api.storage.Storage;
import org.narthex.api.storage.StorageNotReadyException;

/** Takes requests to whichever storage there is. Thread-safe. */
final class Receiver {
    /** The most bytes a request may have uncompressed. */
    static final int MAX_PLAIN = 64 << 20;

    /** About 160 MB; only as much as there are series is ever used. */
    private static final int MAX_SERIES = 4_000_000;

    private static final int WAIT_SECONDS = 10;

    private final InstantSource clock;
    private final SeriesHash.Keys keys;
    private final ReceiverMetrics metrics;
    private final Queue<Intake> idle = new ConcurrentLinkedQueue<>();
    /** Bounds the memory at work: more at once than there are processors is no faster. */
    private final Semaphore places = new Semaphore(2 * Runtime.getRuntime().availableProcessors());

    /** A storage, and the references it gave: those of one mean nothing to another. */
    private record Target(Storage storage, SeriesRefs refs) {}

    private volatile Target target;

    /** What was kept of a request, and what is to be said about the rest; empty if nothing. */
    record Outcome(int samples, int histograms, int exemplars, String errors) {}

    Receiver(InstantSource clock, RandomGenerator random, ReceiverMetrics metrics) {
        this.clock = clock;
        this.metrics = metrics;
        keys = SeriesHash.Keys.random(random);
    }

    synchronized void setStorage(Storage storage) {
        target = new Target(storage, new SeriesRefs(MAX_SERIES, clock));
    }

    /** Forgets the storage, unless another has taken its place. */
    synchronized void unsetStorage(Storage storage) {
        Target now = target;
        if (now != null && now.storage == storage) {
            target = null;
        }
    }

    /** How many series are known by reference. */
    int knownSeries() {
        Target now = target;
        return now == null ? 0 : now.refs.size();
    }

    /**
     * Takes a request.
     *
     * @param body a snappy block, its first {@code length} bytes
     * @throws BadRequestException if it can not be read; nothing was kept
     * @throws IOException if it can not be kept now; trying again later helps
     */
    Outcome receive(boolean isVersion2, byte[] body, int length) throws BadRequestException, IOException {
        Target now = target;
        if (now == null) {
            throw new StorageNotReadyException("there is no storage at present");
        }
        try {
            if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("too many requests at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageNotReadyException("stopping");
        }
        try {
            Intake intake = idle.poll();
            return receive(intake == null ? new Intake(keys) : intake, now, isVersion2, body, length);
        } finally {
            places.release();
        }
    }

    private Outcome receive(Intake intake, Target to, boolean isVersion2, byte[] body, int length)
            throws BadRequestException, IOException {
        try {
            intake.read(isVersion2, body, length, MAX_PLAIN, to.refs, clock.millis());
            intake.append(to.storage);
            Intake.Tally tally = intake.tally();
            metrics.add(tally);
            return new Outcome(tally.samples, tally.histograms, tally.exemplars, tally.text());
        } finally {
            intake.clear();
            if (intake.isWorthKeeping()) {
                idle.add(intake);
            }
        }
    }
}
