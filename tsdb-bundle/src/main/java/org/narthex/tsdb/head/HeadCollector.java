package org.narthex.tsdb.head;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Gives back what a truncation hid, in two steps. First, once no view is open that was taken before the truncation, chunks and empty series are
 * unlinked, one page of series at a time so that appends wait little. Later, once no view is open that was taken before the unlinking, their
 * memory is used again: until then a reader may still stand on it.
 */
final class HeadCollector {
    private static final int PAIRS_PER_TURN = 256;

    /** What was unlinked, and by which views it may still be seen: those up to the epoch. */
    private record Limbo(long epoch, List<Integer> chunks, List<Integer> slots, List<Integer> pairs) {}

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
        head.lock.lock();
        try {
            boolean may = pending && head.oldestOpenEpoch() > truncationEpoch;
            if (may) {
                pending = false;
            }
            return may;
        } finally {
            head.lock.unlock();
        }
    }

    private void release() {
        head.lock.lock();
        try {
            while (!limbo.isEmpty() && limbo.peekFirst().epoch() < head.oldestOpenEpoch()) {
                Limbo free = limbo.removeFirst();
                for (int chunk : free.chunks()) {
                    head.slabs.free(head.chunks.firstBlock(chunk));
                    head.chunks.free(chunk);
                }
                free.slots().forEach(head.series::release);
                free.pairs().forEach(head.pairs::release);
            }
        } finally {
            head.lock.unlock();
        }
    }

    private void unlink() {
        List<Integer> slots = new ArrayList<>();
        BitSet pairs = new BitSet();
        int pages = head.series.pages().length;
        for (int page = 0; page < pages; page++) {
            head.lock.lock();
            try {
                unlinkPage(page, slots, pairs);
            } finally {
                head.lock.unlock();
            }
        }
        BitSet removed = new BitSet();
        slots.forEach(removed::set);
        List<Integer> emptyPairs = new ArrayList<>();
        int pair = pairs.nextSetBit(0);
        while (pair >= 0) {
            head.lock.lock();
            try {
                for (int i = 0; i < PAIRS_PER_TURN && pair >= 0; i++) {
                    head.pairs.removePostings(pair, removed);
                    if (head.pairs.postingsCount(pair) == 0) {
                        head.pairs.remove(pair);
                        emptyPairs.add(pair);
                    }
                    pair = pairs.nextSetBit(pair + 1);
                }
            } finally {
                head.lock.unlock();
            }
        }
        head.lock.lock();
        try {
            head.forgetTombstones(slots);
            limbo.addLast(new Limbo(head.epoch(), List.of(), slots, emptyPairs));
        } finally {
            head.lock.unlock();
        }
    }

    private void unlinkPage(int number, List<Integer> removed, BitSet pairs) {
        SeriesPage page = head.series.pages()[number];
        List<Integer> chunks = new ArrayList<>();
        long from = head.visibleFromMs();
        for (int at = 0; at < SeriesPage.SIZE; at++) {
            int slot = number << SeriesPage.BITS | at;
            if (page.ref[at] == 0 || head.appender.isUnlogged(slot)) {
                continue;
            }
            int expired = page.chunk[at];
            int kept = ChunkTable.NONE;
            if (page.lastTimeMs[at] >= from) {
                while (expired != ChunkTable.NONE && head.chunks.maxTimeMs(expired) >= from) {
                    kept = expired;
                    expired = head.chunks.previous(expired);
                }
            }
            for (int chunk = expired; chunk != ChunkTable.NONE; chunk = head.chunks.previous(chunk)) {
                chunks.add(chunk);
            }
            if (kept != ChunkTable.NONE) {
                head.chunks.unlinkPrevious(kept);
            } else {
                page.chunk[at] = ChunkTable.NONE;
                page.seeNothing(at);
                for (int pair : page.labels[at]) {
                    pairs.set(pair);
                }
                head.series.remove(slot);
                removed.add(slot);
                removedSeries++;
            }
        }
        if (!chunks.isEmpty()) {
            limbo.addLast(new Limbo(head.epoch(), chunks, List.of(), List.of()));
        }
    }
}
