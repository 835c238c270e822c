package org.narthex.tsdb;

import java.util.concurrent.atomic.AtomicLong;

/** Counters about blocks being made of blocks, since the start. Thread-safe. */
final class CompactionFigures {
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong overlapping = new AtomicLong();
    private final AtomicLong rewritten = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong reloads = new AtomicLong();
    private final AtomicLong failedReloads = new AtomicLong();

    void done(long duration) {
        done.incrementAndGet();
        nanos.addAndGet(duration);
    }

    void failed() {
        failed.incrementAndGet();
    }

    void overlapping() {
        overlapping.incrementAndGet();
    }

    void rewritten(long duration) {
        rewritten.incrementAndGet();
        nanos.addAndGet(duration);
    }

    void reloaded() {
        reloads.incrementAndGet();
    }

    void reloadFailed() {
        reloads.incrementAndGet();
        failedReloads.incrementAndGet();
    }

    /** Compactions that came to an end. */
    long compactions() {
        return done.get();
    }

    /** Those that did not. */
    long failures() {
        return failed.get();
    }

    /** Those of blocks that overlapped. */
    long overlaps() {
        return overlapping.get();
    }

    /** Single blocks written anew, without what is deleted or not kept. */
    long rewrites() {
        return rewritten.get();
    }

    double seconds() {
        return nanos.get() / 1e9;
    }

    long reloads() {
        return reloads.get();
    }

    long failedReloads() {
        return failedReloads.get();
    }
}
