package org.narthex.tsdb.head;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what a truncation hid, in two steps. First, once no view is open that was taken before the truncation, chunks and empty series are
 * unlinked, one page of series at a time so that appends wait little. Later, once no view is open that was taken before the unlinking, their
 * memory is used again: until then a reader may still stand on it.
 */
final class HeadCollector {
    private static final Logger LOG = LoggerFactory.getLogger(HeadCollector.class);
    /** A label pair that nearly all series have takes as long as thousands of others. */
    private static final long TURN_NANOS = 3_000_000;

    private static final int SLOTS_PER_TURN = 8192;

    /**
     * What was unlinked, and by which views it may still be seen: those up to the epoch.
     *
     * @param blocks first blocks in the slabs of chunks that are in files now
     * @param filesBefore chunk files before this one are not needed any more
     */
    private record Limbo(
            long epoch,
            List<Integer> chunks,
            List<Integer> blocks,
            List<Integer> slots,
            List<Integer> pairs,
            int filesBefore) {}

    private final Head head;
    private final Deque<Limbo> limbo = new ArrayDeque<>();
    private boolean pending;
    private long truncationEpoch;
    private long removedSeries;

    HeadCollector(Head head) {
        this.head = head;
    }

    /** Call under the lock. */
    void truncated(long epoch) {
        pending = true;
        truncationEpoch = epoch;
    }

    /** Notes that chunks were moved from the slabs to files; call under the lock. */
    void moved(List<Integer> firstBlocks) {
        limbo.addLast(new Limbo(head.epoch(), List.of(), firstBlocks, List.of(), List.of(), 0));
    }

    long removedSeries() {
        return removedSeries;
    }

    void collect() {
        release();
        if (mayUnlink()) {
            unlink();
            release();
        }
    }

    private boolean mayUnlink() {
        return head.locked(() -> {
            boolean may = pending && head.oldestOpenEpoch() > truncationEpoch;
            pending &= !may;
            return may;
        });
    }

    private void release() {
        int filesBefore = 0;
        for (Limbo freed = head.turn(this::releaseOldest); freed != null; freed = head.turn(this::releaseOldest)) {
            filesBefore = Math.max(filesBefore, freed.filesBefore());
        }
        if (filesBefore > 0) {
            try {
                head.files.deleteBelow(filesBefore);
            } catch (IOException e) {
                LOG.warn("cannot delete chunk files that are not needed any more: {}", e.toString());
            }
        }
    }

    /** Returns what it let go of, null if there was nothing or a view may still see it. */
    private Limbo releaseOldest() {
        if (limbo.isEmpty() || limbo.peekFirst().epoch() >= head.oldestOpenEpoch()) {
            return null;
        }
        Limbo free = limbo.removeFirst();
        for (int block : free.blocks()) {
            head.slabs.free(block);
        }
        free.chunks().forEach(this::free);
        free.slots().forEach(head.series::release);
        free.pairs().forEach(head.pairs::release);
        return free;
    }

    private void free(int chunk) {
        long place = head.chunks.place(chunk);
        if (ChunkTable.isSlab(place)) {
            head.slabs.free(ChunkTable.firstBlock(place));
        } else if (!ChunkTable.isFile(place)) {
            head.objects.free(chunk);
        }
        head.chunks.free(chunk);
    }

    private void unlink() {
        head.locked(() -> {
            head.outOfOrder.collect();
            return null;
        });
        try {
            // So that the file being written can go the next time.
            head.files.cut();
        } catch (IOException e) {
            LOG.warn("cannot end a file of complete chunks: {}", e.toString());
        }
        List<Integer> slots = new ArrayList<>();
        BitSet pairs = new BitSet();
        int oldestFile = head.files.currentFile();
        int pages = head.series.pages().length;
        for (int page = 0; page < pages; page++) {
            int number = page;
            oldestFile = Math.min(oldestFile, head.turn(() -> unlinkPage(number, slots, pairs)));
        }
        BitSet removed = new BitSet();
        slots.forEach(removed::set);
        List<Integer> emptyPairs = new ArrayList<>();
        int pair = pairs.nextSetBit(0);
        while (pair >= 0) {
            int from = pair;
            pair = head.turn(() -> removePostings(from, pairs, removed, emptyPairs));
        }
        int filesBefore = oldestFile;
        head.turn(() -> {
            head.forget(slots);
            for (int from = 0; from < slots.size(); from += SLOTS_PER_TURN) {
                List<Integer> some = slots.subList(from, Math.min(slots.size(), from + SLOTS_PER_TURN));
                limbo.addLast(new Limbo(head.epoch(), List.of(), List.of(), some, List.of(), 0));
            }
            limbo.addLast(new Limbo(head.epoch(), List.of(), List.of(), List.of(), emptyPairs, filesBefore));
            return null;
        });
    }

    /** Handles some pairs, at least one; returns the next one, -1 at the end. */
    private int removePostings(int first, BitSet pairs, BitSet removed, List<Integer> emptyPairs) {
        int pair = first;
        long end = System.nanoTime() + TURN_NANOS;
        while (pair >= 0 && (pair == first || System.nanoTime() < end)) {
            Postings postings = head.pairs.postings(pair);
            postings.removeAll(removed);
            if (postings.count() == 0) {
                head.pairs.remove(pair);
                emptyPairs.add(pair);
            }
            pair = pairs.nextSetBit(pair + 1);
        }
        return pair;
    }

    /** Returns the oldest chunk file the page's series still need. */
    private int unlinkPage(int number, List<Integer> removed, BitSet pairs) {
        SeriesPage page = head.series.pages()[number];
        List<Integer> chunks = new ArrayList<>();
        long from = head.visibleFromMs();
        int oldestFile = Integer.MAX_VALUE;
        for (int at = 0; at < SeriesPage.SIZE; at++) {
            int slot = number << SeriesPage.BITS | at;
            if (page.ref[at] == 0 || head.appender.isUnlogged(slot)) {
                continue;
            }
            int expired = page.chunk[at];
            int kept = ChunkTable.NONE;
            if (page.lastTimeMs[at] >= from) {
                while (expired != ChunkTable.NONE && head.chunks.maxTimeMs(expired) >= from) {
                    oldestFile = Math.min(oldestFile, fileOf(head.chunks.place(expired)));
                    kept = expired;
                    expired = head.chunks.previous(expired);
                }
            }
            for (int chunk = expired; chunk != ChunkTable.NONE; chunk = head.chunks.previous(chunk)) {
                chunks.add(chunk);
            }
            OutOfOrderSeries late = head.outOfOrder.of(slot);
            if (late != null) {
                for (OutOfOrderSeries.Chunk chunk : late.chunks()) {
                    oldestFile = Math.min(oldestFile, ChunkFiles.fileOf(chunk.fileRef()));
                }
            }
            if (kept != ChunkTable.NONE) {
                head.chunks.unlinkPrevious(kept);
            } else {
                page.chunk[at] = ChunkTable.NONE;
                page.seeNothing(at);
                if (late == null) {
                    remove(page, at, slot, pairs);
                    removed.add(slot);
                }
            }
        }
        if (!chunks.isEmpty()) {
            limbo.addLast(new Limbo(head.epoch(), chunks, List.of(), List.of(), List.of(), 0));
        }
        return oldestFile;
    }

    private int fileOf(long place) {
        return ChunkTable.isFile(place) ? ChunkFiles.fileOf(ChunkTable.fileRef(place)) : Integer.MAX_VALUE;
    }

    private void remove(SeriesPage page, int at, int slot, BitSet pairs) {
        for (int pair : page.labels[at]) {
            pairs.set(pair);
        }
        head.series.remove(slot);
        removedSeries++;
    }
}
