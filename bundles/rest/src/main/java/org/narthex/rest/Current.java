package org.narthex.rest;

import java.util.Optional;

/** A service that may come and go: the one in use now. Thread-safe; the lock guards {@code value} and wakes those who wait for it. */
final class Current<T> {
    /** A swap takes the framework some tenths of a second; a request rather waits that long than fails. */
    private static final long SWAP_MILLIS = 1_000;

    private final String what;
    private final long waitMillis;
    private volatile T value;
    private boolean wasThere;

    Current(String what) {
        this(what, SWAP_MILLIS);
    }

    Current(String what, long waitMillis) {
        this.what = what;
        this.waitMillis = waitMillis;
    }

    synchronized void set(T newValue) {
        value = newValue;
        wasThere = true;
        notifyAll();
    }

    /** Forgets the value, unless another has taken its place. */
    synchronized void unset(T oldValue) {
        if (value == oldValue) {
            value = null;
        }
    }

    Optional<T> get() {
        return Optional.ofNullable(value);
    }

    /**
     * The service; one that was there and went is waited for briefly.
     *
     * @throws ApiException if there is none
     */
    T required() {
        T now = value;
        return now != null ? now : await();
    }

    private synchronized T await() {
        long deadline = System.nanoTime() + waitMillis * 1_000_000;
        try {
            while (value == null && wasThere) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    break;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (value == null) {
            throw new ApiException(ErrorType.UNAVAILABLE, "there is no " + what + " at present");
        }
        return value;
    }
}
