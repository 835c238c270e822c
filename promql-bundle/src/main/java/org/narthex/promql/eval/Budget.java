package org.narthex.promql.eval;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.query.QueryException;

/** What a query may use and has used: samples in memory, time; and whether it was canceled. Thread-safe. */
public final class Budget {
    private final long maxSamples;
    private final long deadlineNanos;
    private final AtomicBoolean canceled;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong peak = new AtomicLong();
    private final LongAdder looked = new LongAdder();

    /** @param deadlineNanos the {@link System#nanoTime} to stop at */
    public Budget(long maxSamples, long deadlineNanos, AtomicBoolean canceled) {
        this.maxSamples = maxSamples;
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

    /** Takes room for samples in memory. */
    public void hold(long samples) throws QueryException {
        long now = held.addAndGet(samples);
        if (now > maxSamples) {
            throw new QueryException(
                    QueryException.Kind.EXECUTION,
                    "query processing would load too many samples into memory in query execution");
        }
        if (now > peak.get()) {
            peak.accumulateAndGet(now, Math::max);
        }
    }

    public void release(long samples) {
        held.addAndGet(-samples);
    }

    /** Counts samples the expression looked at. */
    void look(long samples) {
        looked.add(samples);
    }

    public long held() {
        return held.get();
    }

    public long peakSamples() {
        return peak.get();
    }

    public long lookedSamples() {
        return looked.sum();
    }
}
