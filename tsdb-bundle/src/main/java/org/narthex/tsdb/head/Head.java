package org.narthex.tsdb.head;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.narthex.api.model.Labels;
import org.narthex.api.model.Matcher;
import org.narthex.api.storage.SampleBatch;
import org.narthex.tsdb.chunk.Intervals;
import org.narthex.tsdb.encoding.Encbuf;
import org.narthex.tsdb.wal.WalRecord;
import org.narthex.tsdb.wal.WalWriter;

/**
 * The newest samples. One lock guards all writing and the taking of views; reading samples of a view needs no lock. A view is the state between two
 * batches, so it shows each batch whole or not at all; taking it copies no more than one pointer per 1024 series.
 */
public final class Head {
    /** Guards everything here and in the classes of this package, unless they say otherwise. Taken before no other lock. */
    final ReentrantLock lock = new ReentrantLock();

    final Slabs slabs = new Slabs();
    final ChunkTable chunks = new ChunkTable();
    final LabelPairs pairs = new LabelPairs();
    final SeriesTable series = new SeriesTable(pairs);
    final HeadAppender appender;
    private final HeadCollector collector;
    private final List<HeadView> open = new ArrayList<>();
    private final long chunkRangeMs;
    /** Numbers the log gives to series that were there under another one: the samples logged under them still count. */
    private final Map<Long, Integer> aliases = new HashMap<>();

    private long epoch;
    /** What was deleted, by slot; replaced, never changed, so that a view can keep it. */
    private Map<Integer, Intervals> tombstones = Map.of();
    /** Samples before this are in blocks, or gone. */
    private long visibleFromMs = Long.MIN_VALUE;

    private long minValidMs = Long.MIN_VALUE;

    /**
     * @param chunkRangeMs chunks never cross multiples of this: the length of the blocks cut from the head
     * @param samplesPerChunk how many samples a chunk should have; at most twice as many are in one
     */
    public Head(long chunkRangeMs, int samplesPerChunk) {
        this.chunkRangeMs = chunkRangeMs;
        appender = new HeadAppender(series, pairs, chunks, slabs, chunkRangeMs, samplesPerChunk);
        collector = new HeadCollector(this);
    }

    /** Appends as {@link org.narthex.api.storage.Storage#append} says; what is accepted is in the log, flushed, when this returns. */
    public void append(SampleBatch batch, WalWriter wal) throws IOException {
        lock.lock();
        try {
            long maxT = appender.maxTimeMs();
            // Half a range behind the newest sample is the least a block cut may rely on never to change.
            long minValid = maxT == Long.MIN_VALUE ? minValidMs : Math.max(minValidMs, maxT - chunkRangeMs / 2);
            appender.append(batch, minValid, wal);
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
            HeadView view = new HeadView(this, ++epoch, views, tombstones, visibleFromMs);
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

    /**
     * Hides samples before the given time and no longer takes any: they are in a block, or too old. Their memory comes back by {@link #collect},
     * once no view needs them.
     *
     * @param alongside what must become visible in the same moment
     */
    public void truncate(long minTimeMs, Runnable alongside) {
        lock.lock();
        try {
            visibleFromMs = Math.max(visibleFromMs, minTimeMs);
            minValidMs = Math.max(minValidMs, minTimeMs);
            if (appender.minTimeMs() < minTimeMs) {
                appender.minTimeMs(minTimeMs);
            }
            collector.truncated(epoch);
            alongside.run();
        } finally {
            lock.unlock();
        }
    }

    /** Gives back memory of hidden samples and of series without samples, as far as open views allow; called now and then by one thread. */
    public void collect() {
        collector.collect();
    }

    /**
     * Deletes samples as {@link org.narthex.api.storage.Storage#delete} says.
     *
     * @return how many series it touched
     */
    public int delete(List<Matcher> matchers, long minTimeMs, long maxTimeMs, WalWriter wal) throws IOException {
        lock.lock();
        try {
            Encbuf record = new Encbuf(1024);
            WalRecord.startTombstones(record);
            Map<Integer, Intervals> changed = new HashMap<>(tombstones);
            int touched = 0;
            for (int slot : new HeadMatch(pairs, series, matchers).slots()) {
                SeriesPage page = series.page(slot);
                int at = SeriesTable.index(slot);
                // Clamped, so that samples yet to come are not deleted as well.
                long from = Math.max(minTimeMs, firstTimeMs(page, at));
                long to = Math.min(maxTimeMs, page.lastTimeMs[at]);
                if (page.chunk[at] != ChunkTable.NONE && from <= to) {
                    WalRecord.tombstone(record, page.ref[at], from, to);
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

    void forgetTombstones(List<Integer> slots) {
        if (!tombstones.isEmpty()) {
            Map<Integer, Intervals> kept = new HashMap<>(tombstones);
            slots.forEach(kept::remove);
            tombstones = Map.copyOf(kept);
        }
    }

    /** Runs a part of a replay under the lock. */
    public <T> T replay(Supplier<T> part) {
        lock.lock();
        try {
            return part.get();
        } finally {
            lock.unlock();
        }
    }

    /** For replay: the slot of the series, made if it is not there. */
    public int replaySeries(long ref, Labels labels) {
        appender.refsUpTo(ref);
        int slot = series.find(labels);
        if (slot == SeriesTable.NONE) {
            return appender.create(labels, ref);
        }
        if (series.page(slot).ref[SeriesTable.index(slot)] != ref) {
            aliases.put(ref, slot);
        }
        return slot;
    }

    /** For replay: whether a sample of this time can belong to the head. */
    public boolean isValidTime(long timestampMs) {
        return timestampMs >= minValidMs;
    }

    /** For replay: adds a sample unless it is no newer than its series or belongs to a block. */
    public boolean replaySample(int slot, long timestampMs, long valueBits) {
        if (timestampMs < minValidMs || timestampMs <= series.page(slot).lastTimeMs[SeriesTable.index(slot)]) {
            return false;
        }
        appender.add(slot, timestampMs, valueBits);
        return true;
    }

    /** For replay: a reference met without its series; it must not be given to another. */
    public void replayUnknownRef(long ref) {
        appender.refsUpTo(ref);
    }

    /** For replay. */
    public void replayTombstones(Map<Integer, Intervals> found) {
        tombstones = Map.copyOf(found);
    }

    /** The log's numbers of all series present, those of equal labels included. */
    public LongIntMap refs() {
        lock.lock();
        try {
            LongIntMap refs = new LongIntMap();
            aliases.forEach(refs::put);
            for (int slot = 0; slot < series.limit(); slot++) {
                if (series.isUsed(slot)) {
                    refs.put(series.page(slot).ref[SeriesTable.index(slot)], slot);
                }
            }
            return refs;
        } finally {
            lock.unlock();
        }
    }

    /** Figures at one moment. */
    public HeadStats stats() {
        lock.lock();
        try {
            return new HeadStats(
                    series.size(),
                    chunks.size(),
                    pairs.size(),
                    appender.minTimeMs(),
                    appender.maxTimeMs(),
                    appender.appended(),
                    appender.outOfOrder(),
                    appender.outOfBounds(),
                    appender.duplicates(),
                    appender.created(),
                    collector.removedSeries(),
                    slabs.bytes(),
                    open.size());
        } finally {
            lock.unlock();
        }
    }
}
