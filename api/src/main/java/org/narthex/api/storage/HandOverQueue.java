package org.narthex.api.storage;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;

import org.narthex.api.scrape.MetricSink;

/**
 * Writes batches to whichever storage is there, and keeps them, in order and within bounds, while there is none or it refuses. Writers (scrapes,
 * rules) own one each. Thread-safe; its lock guards the queue and is held while appending what waited, so that order is kept.
 */
public final class HandOverQueue {
    /** What a waiting sample is charged with: three columns and its share of labels and array headers. */
    private static final int BYTES_PER_SAMPLE = 48;

    private final Supplier<Optional<Storage>> storage;
    private final long maxBytes;
    private final Deque<SampleBatch> waiting = new ArrayDeque<>();
    private long waitingSamples;
    private long droppedSamples;

    /** @param maxBytes how much may wait, in bytes of estimated memory; beyond it the oldest batches are dropped and counted */
    public HandOverQueue(Supplier<Optional<Storage>> storage, long maxBytes) {
        this.storage = storage;
        this.maxBytes = maxBytes;
    }

    /**
     * Appends the batch after everything that waits, or queues a copy of it.
     *
     * @return the storage that took it, whose references the batch now holds; empty if it waits
     */
    public Optional<Storage> append(SampleBatch batch) {
        if (waitingSamples() == 0) {
            Optional<Storage> current = storage.get();
            if (current.isPresent() && accepts(current.get(), batch)) {
                return current;
            }
        }
        synchronized (this) {
            drain();
            if (waiting.isEmpty()) {
                Optional<Storage> current = storage.get();
                if (current.isPresent() && accepts(current.get(), batch)) {
                    return current;
                }
            }
            waiting.addLast(batch.copy());
            waitingSamples += batch.size();
            while (waitingSamples * BYTES_PER_SAMPLE > maxBytes && !waiting.isEmpty()) {
                int dropped = waiting.removeFirst().size();
                waitingSamples -= dropped;
                droppedSamples += dropped;
            }
            return Optional.empty();
        }
    }

    /** Appends what waits, as far as the storage takes it; call it when a storage has come. */
    public synchronized void drain() {
        Optional<Storage> current = waiting.isEmpty() ? Optional.empty() : storage.get();
        while (current.isPresent() && !waiting.isEmpty() && accepts(current.get(), waiting.peekFirst())) {
            waitingSamples -= waiting.removeFirst().size();
        }
    }

    /** Samples that wait for a storage. */
    public synchronized long waitingSamples() {
        return waitingSamples;
    }

    /** Estimated memory of what waits, in bytes. */
    public synchronized long waitingBytes() {
        return waitingSamples * BYTES_PER_SAMPLE;
    }

    /** Samples given up because more than the bound waited. */
    public synchronized long droppedSamples() {
        return droppedSamples;
    }

    /**
     * Writes what waits as metrics.
     *
     * @param writer who owns the queue, e.g. {@code scrape}
     */
    public void collect(MetricSink sink, String writer) {
        sink.gauge(
                "narthex_handover_waiting_samples",
                "Samples that wait for a storage.",
                (double) waitingSamples(),
                "writer",
                writer);
        sink.gauge(
                "narthex_handover_waiting_bytes",
                "Estimated memory of the samples that wait for a storage.",
                (double) waitingBytes(),
                "writer",
                writer);
        sink.counter(
                "narthex_handover_dropped_total",
                "Samples given up because too many waited for a storage.",
                (double) droppedSamples(),
                "writer",
                writer);
    }

    private static boolean accepts(Storage storage, SampleBatch batch) {
        try {
            storage.append(batch);
            return true;
        } catch (IOException | RuntimeException e) {
            // The contract: nothing was kept. The storage itself reports why; here the batch waits for better times.
            return false;
        }
    }
}
