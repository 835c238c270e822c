package org.narthex.promql.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.query.QueryException;

/** What a query may use and has used: samples in memory, bytes, time; and whether it was canceled. Thread-safe. */
public final class Budget implements AutoCloseable {
    /** What a series takes besides its samples: objects, and labels made for it. */
    public static final int SERIES_BYTES = 200;

    private static final int SMALL_PART = 8;

    private static final String ADVICE =
            "select fewer series, ask for a shorter time or a longer step, or raise the limit";

    /** What queries may have. */
    public record Most(long samples, long bytes) {}

    private final Most most;
    private final MemoryPool pool;
    private final long deadlineNanos;
    private final AtomicBoolean canceled;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();
    private final AtomicLong heldBytes = new AtomicLong();
    private final AtomicLong peakBytes = new AtomicLong();
    private final LongAdder looked = new LongAdder();
    /** Set before the evaluation begins, if at all. */
    private Grid steps;

    private AtomicLongArray lookedAt;

    /**
     * @param pool what it shares with other queries
     * @param deadlineNanos the {@link System#nanoTime} to stop at
     */
    public Budget(Most most, MemoryPool pool, long deadlineNanos, AtomicBoolean canceled) {
        this.most = most;
        this.pool = pool;
        this.deadlineNanos = deadlineNanos;
        this.canceled = canceled;
    }

    /** Called at least once per series. */
    public void check() throws QueryException {
        if (canceled.get()) {
            throw new QueryException(QueryException.Kind.CANCELED, "query was canceled in expression evaluation");
        }
        if (System.nanoTime() - deadlineNanos > 0) {
            throw new QueryException(QueryException.Kind.TIMEOUT, "query timed out in expression evaluation");
        }
    }

    /**
     * Takes room for samples in memory.
     *
     * @throws LimitReached there is not so much
     */
    public void hold(long samples) {
        long now = held.addAndGet(samples);
        if (now > most.samples) {
            throw new LimitReached(
                    QueryException.Kind.EXECUTION,
                    "query processing would load too many samples into memory in query execution: more than the "
                            + most.samples + " of --query.max-samples",
                    ADVICE);
        }
        if (now > peak.get()) {
            peak.accumulateAndGet(now, Math::max);
        }
        holdBytes(samples * Double.BYTES);
    }

    /**
     * Takes memory for something else than samples.
     *
     * @throws LimitReached there is not so much
     */
    public void holdBytes(long bytes) {
        long now = heldBytes.addAndGet(bytes);
        boolean room = pool.take(bytes);
        if (now > most.bytes) {
            throw tooManyBytes("query needs more memory than the " + most.bytes + " bytes of --query.max-bytes");
        }
        if (!room) {
            throw new LimitReached(
                    QueryException.Kind.UNAVAILABLE,
                    "all queries together need more memory than the " + pool.maxBytes()
                            + " bytes of --query.max-total-bytes, of which this one has " + now,
                    "try again when others are done, or " + ADVICE);
        }
        if (now > peakBytes.get()) {
            peakBytes.accumulateAndGet(now, Math::max);
        }
    }

    /**
     * Refuses what would need too much memory before beginning with it.
     *
     * @param rows how many there may be
     * @param bytes what they would need
     * @throws LimitReached there is not so much
     */
    void expect(long rows, long steps, long bytes) {
        if (bytes > leftBytes()) {
            throw tooManyBytes("query would need about " + bytes + " bytes for " + rows + " series at " + steps
                    + " steps, more memory than the " + most.bytes + " bytes of --query.max-bytes");
        }
    }

    private static LimitReached tooManyBytes(String message) {
        return new LimitReached(QueryException.Kind.EXECUTION, message, ADVICE);
    }

    /** How much more memory the query may take. */
    long leftBytes() {
        return most.bytes - heldBytes.get();
    }

    /** So many samples, or fewer if those would take more than a small part of what is left. */
    long modest(long samples) {
        long left = Math.min(most.samples - held.get(), leftBytes() / Double.BYTES);
        return Math.min(samples, left / SMALL_PART);
    }

    public void release(long samples) {
        held.addAndGet(-samples);
        releaseBytes(samples * Double.BYTES);
    }

    public void releaseBytes(long bytes) {
        heldBytes.addAndGet(-bytes);
        pool.take(-bytes);
    }

    /** Counts from now on at which steps samples were looked at. */
    public void countSteps(Grid grid) {
        steps = grid;
        lookedAt = new AtomicLongArray(grid.steps());
    }

    /** Counts samples the expression looked at. */
    void look(long samples) {
        looked.add(samples);
    }

    /** Counts the samples of all windows per step, if that is wanted. */
    void lookPerStep(Windows windows, Grid grid) {
        if (grid.equals(steps)) {
            for (int step = 0; step < grid.steps(); step++) {
                lookedAt.addAndGet(step, windows.to(step) - windows.from(step));
            }
        }
    }

    /**
     * Counts the samples that a row holds per step, if that is wanted.
     *
     * @param row may be null, for none
     */
    void lookPerStep(Row row, Grid grid) {
        if (row != null && grid.equals(steps)) {
            for (int step = 0; step < grid.steps(); step++) {
                lookedAt.addAndGet(step, row.isAbsent(step) ? 0 : 1);
            }
        }
    }

    /** Samples looked at per step; empty unless counted. Steps of subqueries are none of the query's. */
    public List<Long> lookedPerStep() {
        List<Long> counts = new ArrayList<>();
        for (int step = 0; lookedAt != null && step < lookedAt.length(); step++) {
            counts.add(lookedAt.get(step));
        }
        return counts;
    }

    public long held() {
        return held.get();
    }

    public long heldBytes() {
        return heldBytes.get();
    }

    public long peakSamples() {
        return peak.get();
    }

    public long peakBytes() {
        return peakBytes.get();
    }

    public long lookedSamples() {
        return looked.sum();
    }

    /** Gives back all memory. Nothing may be taken any more. */
    @Override
    public void close() {
        pool.take(-heldBytes.getAndSet(0));
    }
}
