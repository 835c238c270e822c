package org.narthex.tsdb.wal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.tsdb.encoding.CorruptionException;

/**
 * Replays segments on several threads. One reads, checks, decompresses and decodes; the caller's finds the series of each sample and takes what is no
 * sample; others fill, each the series of one partition, so that no two of them meet and the order within a series is that of the log. One thread calls
 * all methods but {@link #stop}.
 */
public final class WalBatches implements Closeable {
    /** Neighbouring slots stay together, since they share cache lines. */
    private static final int SLOTS_TOGETHER = 6;

    private static final int QUEUED = 4;

    /**
     * What is replayed into. As a sink it is called by the replaying thread and in the log's order, with everything but samples, histograms and
     * markers; those before in the log may not be filled in yet, see {@link #settle}.
     */
    public interface Target extends WalRecord.Sink {
        /** The slot of a series, or a negative number if it is not known. Called by the replaying thread. */
        int slot(long ref);

        /** A sample or histogram of a series that is not known; called by the replaying thread. */
        void unknownSeries(long ref, long timestampMs);

        /** A record whose checksum is right but that makes no sense; what came before in it was taken. Called by the replaying thread. */
        void senseless(CorruptionException why);

        /** Takes samples, histograms and markers; called by the partition's own thread, and not kept. */
        void fill(int partition, WalBatch batch);
    }

    /**
     * How far a segment was read.
     *
     * @param soundBytes what is sound of it, from its start
     * @param damage why it was not read to its end
     */
    public record Outcome(long soundBytes, Optional<CorruptionException> damage) {}

    private final Target target;
    private final Partition[] partitions;
    private final WalDecoder decoder = new WalDecoder();
    private final BlockingQueue<DecodedEntries> decoded = new ArrayBlockingQueue<>(QUEUED);
    private final BlockingQueue<DecodedEntries> spare = new ArrayBlockingQueue<>(2 * QUEUED);
    /** Ends a segment in the queue. */
    private final DecodedEntries end;

    private final Router router = new Router();
    private volatile boolean stopped;
    private volatile Throwable failure;

    /** @param partitions how many threads fill, at least 1 */
    public WalBatches(Target target, int partitions) {
        this.target = target;
        this.end = new DecodedEntries(target);
        this.partitions = new Partition[partitions];
        for (int i = 0; i < partitions; i++) {
            this.partitions[i] = new Partition(i);
        }
        for (Partition partition : this.partitions) {
            partition.thread.start();
        }
    }

    private static Thread thread(String role, Runnable task) {
        Thread thread = new Thread(task, "narthex-tsdb-replay-" + role);
        thread.setDaemon(true);
        return thread;
    }

    /** Ends what is running soon, by an exception. Thread-safe. */
    public void stop() {
        stopped = true;
    }

    /**
     * Replays one segment; returns when all of it is on the way, while the last of it is still being filled in.
     *
     * @throws InterruptedIOException if it was stopped or interrupted
     * @throws IOException if the segment cannot be read, or the target failed; a damaged segment is no exception but an outcome
     */
    public Outcome replay(Path segment) throws IOException {
        return replay(segment, 0);
    }

    /**
     * Replays a segment from a byte on, as a {@link ChunkSnapshot} asks for.
     *
     * @param from where a record begins, or the end
     */
    public Outcome replay(Path segment, long from) throws IOException {
        FutureTask<Outcome> reading = new FutureTask<>(() -> read(segment, from));
        Thread reader = thread("read", reading);
        reader.start();
        try {
            for (DecodedEntries entries = next(); entries != end; entries = next()) {
                entries.replay(router);
                entries.clear();
                if (!spare.offer(entries)) {
                    throw new IllegalStateException("more batches came back than were handed out");
                }
            }
            return reading.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("replay of the log was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IOException("replay of " + segment + " failed: " + e.getCause(), e.getCause());
        } finally {
            // It has ended, unless this ends by an exception.
            reader.interrupt();
        }
    }

    private DecodedEntries next() throws IOException, InterruptedException {
        while (true) {
            expectGoing();
            DecodedEntries entries = decoded.poll(100, TimeUnit.MILLISECONDS);
            if (entries != null) {
                return entries;
            }
        }
    }

    private void expectGoing() throws IOException {
        if (stopped) {
            throw new InterruptedIOException("replay of the log was stopped");
        }
        Throwable failed = failure;
        if (failed != null) {
            throw new IOException("replay of the log failed: " + failed, failed);
        }
    }

    // --- the reading thread

    private Outcome read(Path segment, long from) throws IOException, InterruptedException {
        DecodedEntries entries = empty();
        try (WalReader reader = new WalReader(segment, from)) {
            Optional<CorruptionException> damage = Optional.empty();
            try {
                while (reader.next()) {
                    try {
                        decoder.decode(reader.record(), reader.length(), entries);
                    } catch (CorruptionException e) {
                        entries.senseless(e);
                    }
                    if (entries.isEnough()) {
                        decoded.put(entries);
                        entries = empty();
                    }
                }
            } catch (CorruptionException e) {
                damage = Optional.of(e);
            }
            return new Outcome(damage.isPresent() ? reader.recordStart() : Files.size(segment), damage);
        } finally {
            if (!entries.isEmpty()) {
                decoded.put(entries);
            }
            decoded.put(end);
        }
    }

    private DecodedEntries empty() {
        DecodedEntries used = spare.poll();
        return used == null ? new DecodedEntries(target) : used;
    }

    // --- the replaying thread

    private final class Router implements WalRecord.Sink {
        private int slot(long ref, long timestampMs) {
            int slot = target.slot(ref);
            if (slot < 0) {
                target.unknownSeries(ref, timestampMs);
            }
            return slot;
        }

        private WalBatch batch(int slot) {
            return partitions[(slot >>> SLOTS_TOGETHER) % partitions.length].batch();
        }

        @Override
        public void sample(long ref, long timestampMs, long valueBits) {
            sample(ref, timestampMs, 0, valueBits);
        }

        @Override
        public void sample(long ref, long timestampMs, long startTimestampMs, long valueBits) {
            int slot = slot(ref, timestampMs);
            if (slot >= 0) {
                batch(slot).add(slot, WalBatch.Kind.FLOAT, timestampMs, startTimestampMs, valueBits);
            }
        }

        @Override
        public void histogram(long ref, long timestampMs, long startTimestampMs, Histogram histogram) {
            int slot = slot(ref, timestampMs);
            if (slot >= 0) {
                batch(slot).addHistogram(slot, timestampMs, startTimestampMs, histogram);
            }
        }

        @Override
        public void mmapMarker(long ref, long chunkRef) {
            int slot = target.slot(ref);
            // Without the series there is nothing that a marker could say.
            if (slot >= 0) {
                batch(slot).add(slot, WalBatch.Kind.MMAP_MARKER, 0, 0, chunkRef);
            }
        }

        @Override
        public void series(long ref, Labels labels) {
            target.series(ref, labels);
        }

        @Override
        public void tombstone(long ref, long minTimeMs, long maxTimeMs) {
            target.tombstone(ref, minTimeMs, maxTimeMs);
        }

        @Override
        public void exemplar(long ref, Exemplar exemplar) {
            target.exemplar(ref, exemplar);
        }

        @Override
        public void metadata(long ref, Metadata metadata) {
            target.metadata(ref, metadata);
        }

        @Override
        public void other(int type, byte[] record, int length) {
            target.other(type, record, length);
        }
    }

    /**
     * Waits until everything replayed so far is filled in.
     *
     * @throws IOException as {@link #replay} does
     */
    public void settle() throws IOException {
        CountDownLatch filled = new CountDownLatch(partitions.length);
        try {
            for (Partition partition : partitions) {
                partition.hand();
                partition.put(filled::countDown);
            }
            while (!filled.await(100, TimeUnit.MILLISECONDS)) {
                expectGoing();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("replay of the log was interrupted");
        }
        expectGoing();
    }

    /** Ends the threads; what is not filled in by then is not any more. */
    @Override
    public void close() {
        stopped = true;
        for (Partition partition : partitions) {
            partition.thread.interrupt();
        }
    }

    // --- the filling threads

    private final class Partition {
        private final int number;
        private final BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(QUEUED);
        private final BlockingQueue<WalBatch> used = new ArrayBlockingQueue<>(QUEUED + 2);
        private final Thread thread;
        private WalBatch current = new WalBatch();

        Partition(int number) {
            this.number = number;
            thread = thread("fill-" + number, this::work);
        }

        /** The batch to add the next entry to. */
        WalBatch batch() {
            if (current.isFull()) {
                try {
                    hand();
                } catch (InterruptedException e) {
                    // The wait for the next entries ends by it.
                    Thread.currentThread().interrupt();
                }
                // Only full still if replay is about to end by an exception.
                current = current.isFull() ? new WalBatch() : current;
            }
            return current;
        }

        void hand() throws InterruptedException {
            if (current.size() > 0) {
                WalBatch full = current;
                put(() -> fill(full));
                WalBatch empty = used.poll();
                current = empty == null ? new WalBatch() : empty;
            }
        }

        /** Does nothing once it is stopped. */
        void put(Runnable task) throws InterruptedException {
            boolean taken = false;
            while (!taken && !stopped) {
                taken = work.offer(task, 100, TimeUnit.MILLISECONDS);
            }
        }

        private void fill(WalBatch batch) {
            if (failure == null && !stopped) {
                target.fill(number, batch);
            }
            batch.clear();
            // There are never more than are queued and one on either side.
            used.add(batch);
        }

        private void work() {
            try {
                while (!stopped) {
                    try {
                        work.take().run();
                    } catch (RuntimeException | Error e) {
                        failure = e;
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
