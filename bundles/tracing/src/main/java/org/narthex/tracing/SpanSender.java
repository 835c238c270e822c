package org.narthex.tracing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import org.narthex.api.trace.Span;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans in batches, in a thread of its own, so that nobody waits for a collector. What does not fit while it is away is dropped and counted. The
 * sizes are those of OpenTelemetry's own batches.
 */
final class SpanSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpanSender.class);
    private static final int QUEUE_SPANS = 2048;
    private static final int BATCH_SPANS = 512;
    private static final long BATCH_DELAY_MS = 5_000;
    private static final long FIRST_BACKOFF_MS = 1_000;
    private static final long MAX_BACKOFF_MS = 30_000;
    private static final long GIVE_UP_MS = 60_000;
    private static final long STOP_MS = 2_000;
    private static final EndedSpan WAKE_UP = new EndedSpan(
            new TraceContext(0, 0, 0, false),
            OptionalLong.empty(),
            "",
            Span.Kind.INTERNAL,
            0,
            0,
            List.of(),
            Optional.empty());

    private final BlockingQueue<EndedSpan> queue = new ArrayBlockingQueue<>(QUEUE_SPANS);
    private final Collector collector;
    private final OtlpRequest format;
    private final long batchDelayMs;
    private final Counts counts;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private boolean failing;

    /** What became of spans, kept when the settings change. */
    record Counts(LongAdder exported, LongAdder dropped) {
        Counts() {
            this(new LongAdder(), new LongAdder());
        }
    }

    /** @param first what the thread does before all else */
    SpanSender(Collector collector, OtlpRequest format, Counts counts, Runnable first) {
        this(collector, format, counts, first, BATCH_DELAY_MS);
    }

    SpanSender(Collector collector, OtlpRequest format, Counts counts, Runnable first, long batchDelayMs) {
        this.collector = collector;
        this.format = format;
        this.counts = counts;
        this.batchDelayMs = batchDelayMs;
        thread = new Thread(
                () -> {
                    first.run();
                    run();
                },
                "narthex-tracing-sender");
        thread.setDaemon(true);
    }

    /** Must be called once. */
    SpanSender start() {
        thread.start();
        return this;
    }

    void add(EndedSpan span) {
        if (isStopping() || !queue.offer(span)) {
            counts.dropped().increment();
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void run() {
        List<EndedSpan> batch = new ArrayList<>();
        try {
            while (!isStopping() || !queue.isEmpty()) {
                fill(batch);
                if (!batch.isEmpty()) {
                    send(batch);
                }
                batch.clear();
            }
        } catch (InterruptedException e) {
            counts.dropped().add(batch.size());
            Thread.currentThread().interrupt();
        } finally {
            queue.remove(WAKE_UP);
            counts.dropped().add(queue.size());
            collector.close();
        }
    }

    /** Waits until the batch is full, or its first span is as old as a batch may be. */
    private void fill(List<EndedSpan> batch) throws InterruptedException {
        EndedSpan next = isStopping() ? queue.poll() : queue.take();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(batchDelayMs);
        while (next != null && !next.equals(WAKE_UP)) {
            batch.add(next);
            if (batch.size() == BATCH_SPANS) {
                return;
            }
            next = queue.poll(isStopping() ? 0 : deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        }
    }

    private void send(List<EndedSpan> batch) throws InterruptedException {
        byte[] request = format.of(batch);
        long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GIVE_UP_MS);
        for (long backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(MAX_BACKOFF_MS, backoffMs * 2)) {
            try {
                collector.send(request);
                counts.exported().add(batch.size());
                if (failing) {
                    failing = false;
                    LOG.info("Traces are exported again");
                }
                return;
            } catch (IOException | RuntimeException e) {
                if (!failing) {
                    failing = true;
                    LOG.warn("Traces cannot be exported: {}", e.getMessage() == null ? e.toString() : e.getMessage());
                }
                // What is not an IOException is a mistake in the settings, such as a header that is none.
                boolean hopeless = e instanceof Collector.RefusedException || !(e instanceof IOException);
                if (hopeless || isStopping() || System.nanoTime() > giveUp) {
                    counts.dropped().add(batch.size());
                    return;
                }
                boolean unused = stopping.await(backoffMs, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Sends what is left, if that takes no more than two seconds. */
    @Override
    public void close() {
        stopping.countDown();
        // If it does not fit, the thread has enough to do without it.
        boolean unused = queue.offer(WAKE_UP);
        try {
            thread.join(STOP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }
}
