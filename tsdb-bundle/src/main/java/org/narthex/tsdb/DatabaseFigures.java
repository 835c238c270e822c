package org.narthex.tsdb;

import java.util.concurrent.atomic.AtomicLong;

/** Counters about the database's upkeep, since the start. Thread-safe. */
final class DatabaseFigures {
    private final AtomicLong replayMs = new AtomicLong();
    private final AtomicLong failedAppends = new AtomicLong();
    private final AtomicLong failedSyncs = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private final AtomicLong failedCuts = new AtomicLong();
    private final AtomicLong checkpoints = new AtomicLong();
    private final AtomicLong failedCheckpoints = new AtomicLong();

    void replayed(long ms) {
        replayMs.set(ms);
    }

    void appendFailed() {
        failedAppends.incrementAndGet();
    }

    void syncFailed() {
        failedSyncs.incrementAndGet();
    }

    void cut() {
        cuts.incrementAndGet();
    }

    void cutFailed() {
        failedCuts.incrementAndGet();
    }

    void checkpoint() {
        checkpoints.incrementAndGet();
    }

    void checkpointFailed() {
        failedCheckpoints.incrementAndGet();
    }

    long replayMs() {
        return replayMs.get();
    }

    long failedAppends() {
        return failedAppends.get();
    }

    long failedSyncs() {
        return failedSyncs.get();
    }

    long cuts() {
        return cuts.get();
    }

    long failedCuts() {
        return failedCuts.get();
    }

    long checkpoints() {
        return checkpoints.get();
    }

    long failedCheckpoints() {
        return failedCheckpoints.get();
    }
}
