package org.narthex.tsdb.head;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.model.Metadata;
import org.narthex.api.storage.SampleBatch;
import org.narthex.tsdb.chunk.ChunkEncoder;
import org.narthex.tsdb.chunk.Intervals;
import org.narthex.tsdb.wal.WalEncoder;
import org.narthex.tsdb.wal.WalRecord;
import org.narthex.tsdb.wal.WalWriter;

/**
 * The newest samples. One lock guards all writing and the taking of views; reading samples of a view needs no lock. A view is the state between two
 * batches, so it shows each batch whole or not at all; taking it copies no more than one pointer per 1024 series.
 */
public final class Head {
    /** Samples further ahead of the clock are refused, as Prometheus refuses them of its senders and targets. */
    private static final long MAX_AHEAD_MS = 10 * 60 * 1000L;

    /** Long enough for a waiting thread to wake and to take the lock. */
    private static final long TURN_NANOS = 100_000;

    /** Guards everything here and in the classes of this package, unless they say otherwise. Taken before no other lock but those of files. */
    final ReentrantLock lock = new ReentrantLock();

    final Slabs slabs = new Slabs();
    final ChunkTable chunks = new ChunkTable();
    final ObjectChunks objects = new ObjectChunks();
    final LabelPairs pairs = new LabelPairs();
    final SeriesOrder order = new SeriesOrder(pairs);
    final SeriesTable series = new SeriesTable(pairs, order);
    final ChunkFiles files;
    final OutOfOrder outOfOrder;
    final OpenChunks openChunks;
    final HeadAppender appender;
    private final HeadCollector collector;
    private final HeadReplay replay;
    private final Exemplars exemplars = new Exemplars(0);
    private final Map<Integer, Metadata> metadata = new HashMap<>();
    private final List<HeadView> open = new ArrayList<>();
    private final Clock clock;
    private final long chunkRangeMs;
    private final long maxSeries;
    private long outOfOrderWindowMs;
    private boolean startTimestamps;
    private volatile boolean xor2;
    private volatile long movedUpTo;
    private long epoch;
    private long batches;
    /** What was deleted, by slot; replaced, never changed, so that a view can keep it. */
    private Map<Integer, Intervals> tombstones = Map.of();
    /** Samples before this are in blocks, or gone. */
    private long visibleFromMs = Long.MIN_VALUE;

    private long minValidMs = Long.MIN_VALUE;

    /**
     * @param chunkRangeMs chunks never cross multiples of this: the length of the blocks cut from the head
     * @param samplesPerChunk how many samples a chunk should have; at most twice as many are in one
     * @param maxSeries series beyond that many are refused
     * @param files where complete chunks go
     */
    public Head(long chunkRangeMs, int samplesPerChunk, long maxSeries, ChunkFiles files, Clock clock) {
        this.chunkRangeMs = chunkRangeMs;
        this.maxSeries = maxSeries;
        this.files = files;
        this.clock = clock;
        outOfOrder = new OutOfOrder(series, files);
        openChunks = new OpenChunks(series, chunks, objects, slabs, chunkRangeMs, samplesPerChunk);
        appender = new HeadAppender(this, openChunks, outOfOrder);
        collector = new HeadCollector(this);
        replay = new HeadReplay(this);
    }

    /** Settings that may change at run time. */
    public void configure(long newOutOfOrderWindowMs, int maxExemplars, boolean newXor2, boolean keepStartTimestamps) {
        lock.lock();
        try {
            outOfOrderWindowMs = newOutOfOrderWindowMs;
            startTimestamps = keepStartTimestamps;
            openChunks.keepStartTimestamps(keepStartTimestamps);
            outOfOrder.keepStartTimestamps(keepStartTimestamps);
            xor2 = newXor2 || keepStartTimestamps;
        } finally {
            lock.unlock();
        }
        exemplars.resize(maxExemplars);
    }

    boolean keepsStartTimestamps() {
        return startTimestamps;
    }

    /**
     * Encodes samples anew on their way to blocks.
     *
     * @param samplesPerChunk the most floats in a chunk
     */
    public ChunkEncoder encoder(int samplesPerChunk) {
        return new ChunkEncoder(samplesPerChunk, xor2, startTimestamps);
    }

    public Exemplars exemplars() {
        return exemplars;
    }

    /** By slot; guarded by the lock. */
    Map<Integer, Metadata> metadata() {
        return metadata;
    }

    /** Fills the head at the start. */
    public HeadReplay replay() {
        return replay;
    }

    /** Appends as {@link org.narthex.api.storage.Storage#append} says; what is accepted is in the logs, flushed, when this returns. */
    public void append(SampleBatch batch, Logs logs) throws IOException {
        long maxValid = clock.millis() + MAX_AHEAD_MS;
        lock.lock();
        try {
            long maxT = openChunks.maxTimeMs();
            // Half a range behind the newest sample is the least a block cut may rely on never to change.
            long minValid = maxT == Long.MIN_VALUE ? minValidMs : Math.max(minValidMs, maxT - chunkRangeMs / 2);
            AppendRules rules = new AppendRules(minValid, maxValid, maxT, outOfOrderWindowMs, maxSeries);
            appender.append(batch, rules, logs, ++batches);
        } finally {
            lock.unlock();
        }
    }

    /** Refuses samples before the given time from now on: they belong to blocks. */
    public void minValidMs(long timeMs) {
        lock.lock();
        try {
            minValidMs = Math.max(minValidMs, timeMs);
        } finally {
            lock.unlock();
        }
    }

    long minValidMs() {
        return minValidMs;
    }

    /**
     * Takes a view; close it.
     *
     * @param alongside what to take in the same moment, under the lock
     */
    public HeadView view(Runnable alongside) {
        lock.lock();
        try {
            SeriesPage[] pages = series.pages();
            long[][] views = new long[pages.length][];
            for (int i = 0; i < pages.length; i++) {
                views[i] = pages[i].view;
                pages[i].viewShared = true;
            }
            alongside.run();
            HeadView view = new HeadView(this, ++epoch, views, outOfOrder.inBlocksUpTo(), batches);
            open.add(view);
            return view;
        } finally {
            lock.unlock();
        }
    }

    void closed(HeadView view) {
        lock.lock();
        try {
            open.remove(view);
        } finally {
            lock.unlock();
        }
    }

    /** The epoch of the oldest open view; views taken later have greater ones. */
    long oldestOpenEpoch() {
        long oldest = Long.MAX_VALUE;
        for (HeadView view : open) {
            oldest = Math.min(oldest, view.epoch());
        }
        return oldest;
    }

    long epoch() {
        return epoch;
    }

    long visibleFromMs() {
        return visibleFromMs;
    }

    Map<Integer, Intervals> tombstones() {
        return tombstones;
    }

    /**
     * Hides samples before the given time and no longer takes any in order: they are in a block, or too old. Their memory comes back by
     * {@link #collect}, once no view needs them.
     *
     * @param alongside what must become visible in the same moment
     */
    public void truncate(long minTimeMs, Runnable alongside) {
        lock.lock();
        try {
            visibleFromMs = Math.max(visibleFromMs, minTimeMs);
            minValidMs = Math.max(minValidMs, minTimeMs);
            if (openChunks.minTimeMs() < minTimeMs) {
                openChunks.minTimeMs(minTimeMs);
            }
            collector.truncated(epoch);
            alongside.run();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hides the out-of-order samples that a view shows: they are in blocks now.
     *
     * @param alongside what must become visible in the same moment
     */
    public void truncateLate(HeadView written, Runnable alongside) {
        lock.lock();
        try {
            outOfOrder.inBlocksUpTo(written.lastBatch());
            collector.truncated(epoch);
            alongside.run();
        } finally {
            lock.unlock();
        }
    }

    /** The oldest out-of-order sample's time; {@link Long#MAX_VALUE} if there is none. */
    public long minLateMs() {
        return locked(outOfOrder::minTimeMs);
    }

    /** The newest out-of-order sample's time; {@link Long#MIN_VALUE} if there is none. */
    public long maxLateMs() {
        return locked(outOfOrder::maxTimeMs);
    }

    /** Gives back memory of hidden samples and of series without samples, as far as open views allow; called now and then by one thread. */
    public void collect() {
        collector.collect();
    }

    /** Ranks series by their labels if queries had to compare many; called now and then. */
    public void rankSeries() {
        if (!order.isWanted()) {
            return;
        }
        // As long as the view is open, no slot it shows gets another series.
        try (HeadView view = view(() -> {})) {
            int[] sorted = view.sortedSlots();
            locked(() -> {
                order.rank(sorted, series.limit());
                return null;
            });
        }
    }

    /**
     * Moves complete chunks to files, and so out of memory; called now and then by the thread that calls {@link #collect}.
     *
     * @throws IOException if that failed; chunks not moved stay in memory
     */
    public void moveChunksToFiles() throws IOException {
        long completed = locked(openChunks::completed);
        new ChunkMover(this, collector).run();
        movedUpTo = completed;
    }

    /** How many complete chunks are in memory, at most. */
    public long chunksToMove() {
        return locked(openChunks::completed) - movedUpTo;
    }

    /**
     * Deletes samples as {@link org.narthex.api.storage.Storage#delete} says.
     *
     * @return how many series it touched
     */
    public int delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs, WalWriter wal) throws IOException {
        lock.lock();
        try {
            WalEncoder record = new WalEncoder();
            record.start(WalRecord.TOMBSTONES);
            Map<Integer, Intervals> changed = new HashMap<>(tombstones);
            HeadMatch match = new HeadMatch(pairs, series, matchers);
            int touched = 0;
            for (int slot : match.candidates()) {
                SeriesPage page = series.page(slot);
                int at = SeriesTable.index(slot);
                if (!match.accepts(page.labels[at])) {
                    continue;
                }
                OutOfOrderSeries late = outOfOrder.of(slot);
                // Clamped, so that samples yet to come are not deleted as well.
                long from = Math.max(
                        minTimeMs, Math.min(firstTimeMs(page, at), late == null ? Long.MAX_VALUE : late.minTimeMs()));
                long to = Math.min(
                        maxTimeMs, Math.max(page.lastTimeMs[at], late == null ? Long.MIN_VALUE : late.maxTimeMs()));
                if (from <= to) {
                    record.tombstone(page.ref[at], from, to);
                    changed.merge(slot, Intervals.NONE.with(from, to), (old, added) -> old.with(from, to));
                    touched++;
                }
            }
            if (touched > 0) {
                wal.add(record.bytes(), record.size());
                wal.flush();
                tombstones = Map.copyOf(changed);
            }
            return touched;
        } finally {
            lock.unlock();
        }
    }

    private long firstTimeMs(SeriesPage page, int at) {
        long first = Long.MAX_VALUE;
        for (int chunk = page.chunk[at]; chunk != ChunkTable.NONE; chunk = chunks.previous(chunk)) {
            first = chunks.minTimeMs(chunk);
        }
        return first;
    }

    /** Forgets what is known about series that are gone. */
    void forget(List<Integer> slots) {
        slots.forEach(metadata::remove);
        if (!tombstones.isEmpty()) {
            Map<Integer, Intervals> kept = new HashMap<>(tombstones);
            slots.forEach(kept::remove);
            tombstones = Map.copyOf(kept);
        }
    }

    void tombstones(Map<Integer, Intervals> found) {
        tombstones = Map.copyOf(found);
    }

    /** Runs something under the lock, between two batches. */
    public <T> T locked(Supplier<T> part) {
        lock.lock();
        try {
            return part.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs one of many parts of work in the background under the lock. Whoever waits for the lock goes before the next part: the lock is not fair, and
     * would be taken again before they wake.
     */
    <T> T turn(Supplier<T> part) {
        T result = locked(part);
        if (lock.hasQueuedThreads()) {
            LockSupport.parkNanos(TURN_NANOS);
        }
        return result;
    }

    /** The log's numbers of all series that were present when this was called, those of equal labels included; some that came since may be there. */
    public LongIntMap refs() {
        LongIntMap refs = new LongIntMap();
        int pages = locked(() -> {
            replay.aliases().forEach(refs::put);
            return series.pages().length;
        });
        for (int page = 0; page < pages; page++) {
            int first = page << SeriesPage.BITS;
            turn(() -> {
                for (int slot = first; slot < first + SeriesPage.SIZE; slot++) {
                    if (series.isUsed(slot)) {
                        refs.put(series.refOf(slot), slot);
                    }
                }
                return null;
            });
        }
        return refs;
    }

    /** What is known about metric families, as {@link org.narthex.api.storage.Storage#metadata} says. */
    public Map<String, List<Metadata>> metadata(String metric) {
        lock.lock();
        try {
            Map<String, List<Metadata>> found = new HashMap<>();
            metadata.forEach((slot, about) -> {
                String name = pairs.valueOf(series.page(slot).labels[SeriesTable.index(slot)], "__name__");
                if (!name.isEmpty() && (metric.isEmpty() || metric.equals(name))) {
                    List<Metadata> all = found.computeIfAbsent(name, n -> new ArrayList<>());
                    if (!all.contains(about)) {
                        all.add(about);
                    }
                }
            });
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Which metrics and labels have most series. */
    public HeadCardinality cardinality() {
        return locked(() -> new HeadCardinality(pairs));
    }

    /** Figures at one moment. */
    public HeadStats stats() {
        lock.lock();
        try {
            return HeadStats.of(
                    appender.figures(),
                    series.size(),
                    chunks.size(),
                    pairs.size(),
                    openChunks.minTimeMs(),
                    openChunks.maxTimeMs(),
                    collector.removedSeries(),
                    slabs.bytes(),
                    open.size(),
                    maxSeries);
        } finally {
            lock.unlock();
        }
    }

    int createSeries(Labels labels, long ref) {
        return appender.create(labels, ref);
    }
}
