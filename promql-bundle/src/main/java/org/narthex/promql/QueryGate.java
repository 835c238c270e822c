package org.narthex.promql;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.narthex.api.query.QueryException;

/** Lets so many queries run at once; the others wait in order of arrival. Thread-safe. */
final class QueryGate {
    /** How often a waiting query looks whether it was canceled. */
    private static final long LOOK_MILLIS = 50;

    private final int size;
    private final Semaphore permits;

    QueryGate(int size) {
        this.size = size;
        this.permits = new Semaphore(size, true);
    }

    int size() {
        return size;
    }

    int runningOrWaiting() {
        return size - permits.availablePermits() + permits.getQueueLength();
    }

    /** Waits for a turn; {@link #leave} must follow. */
    void enter(long deadlineNanos, AtomicBoolean canceled) throws QueryException {
        try {
            while (!permits.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (canceled.get()) {
                    throw new QueryException(QueryException.Kind.CANCELED, "query was canceled in query queue");
                }
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new QueryException(QueryException.Kind.TIMEOUT, "query timed out in query queue");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueryException(QueryException.Kind.CANCELED, "query was canceled in query queue");
        }
    }

    void leave() {
        permits.release();
    }
}
