package org.narthex.promql.eval;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that all queries share. Thread-safe. */
public final class MemoryPool {
    private final long maxBytes;
    private final AtomicLong held = new AtomicLong();

    public MemoryPool(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    public long maxBytes() {
        return maxBytes;
    }

    /** Bytes that queries hold at present. */
    public long heldBytes() {
        return held.get();
    }

    /** Takes bytes, or gives them back if negative; returns whether there was room. They are taken even if not. */
    boolean take(long bytes) {
        return held.addAndGet(bytes) <= maxBytes;
    }
}
