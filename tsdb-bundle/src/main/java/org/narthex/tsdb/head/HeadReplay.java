package org.narthex.tsdb.head;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import org.narthex.api.model.Exemplar;
import org.narthex.api.model.Histogram;
import org.narthex.api.model.Labels;
import org.narthex.api.model.Metadata;
import org.narthex.api.storage.AppendResult;
import org.narthex.tsdb.chunk.Intervals;

/** Fills the head from its files at the start, before it takes batches. Every method is called under the head's lock ({@link Head#locked}). */
public final class HeadReplay {
    private final Head head;
    /** Numbers the log gives to series that were there under another one: the samples logged under them still count. */
    private final Map<Long, Integer> aliases = new HashMap<>();

    private final Map<Integer, Intervals> tombstones = new HashMap<>();

    HeadReplay(Head head) {
        this.head = head;
    }

    Map<Long, Integer> aliases() {
        return aliases;
    }

    /** The slot of the series, made if it is not there. */
    public int series(long ref, Labels labels) {
        head.appender.refsUpTo(ref);
        int slot = head.series.find(labels);
        if (slot == SeriesTable.NONE) {
            return head.createSeries(labels, ref);
        }
        if (head.series.refOf(slot) != ref) {
            aliases.put(ref, slot);
        }
        return slot;
    }

    /** Whether a sample of this time can belong to the head. */
    public boolean isValidTime(long timestampMs) {
        return timestampMs >= head.minValidMs();
    }

    /** Adds a sample unless it is no newer than its series or belongs to a block. */
    public boolean sample(int slot, long timestampMs, long startMs, long valueBits) {
        SeriesPage page = head.series.page(slot);
        int at = SeriesTable.index(slot);
        if (timestampMs <= page.lastTimeMs[at] || timestampMs < head.minValidMs()) {
            if (timestampMs == page.lastTimeMs[at]) {
                // Of a chunk in a file only the time is known so far.
                page.lastValue[at] = valueBits;
            }
            return false;
        }
        head.openChunks.add(slot, timestampMs, startMs, valueBits);
        return true;
    }

    /** The same for a histogram. */
    public boolean histogram(int slot, long timestampMs, long startMs, Histogram histogram) {
        if (timestampMs < head.minValidMs()
                || timestampMs <= head.series.page(slot).lastTimeMs[SeriesTable.index(slot)]) {
            return false;
        }
        head.openChunks.add(slot, timestampMs, startMs, histogram);
        return true;
    }

    /** Adds a complete chunk that lies in a file, unless it is not newer than its series or belongs to a block. */
    public boolean chunk(int slot, int encoding, long minTimeMs, long maxTimeMs, int samples, long fileRef) {
        if (maxTimeMs < head.minValidMs() || minTimeMs <= head.series.page(slot).lastTimeMs[SeriesTable.index(slot)]) {
            return false;
        }
        head.openChunks.addFileChunk(slot, encoding, minTimeMs, maxTimeMs, samples, fileRef);
        return true;
    }

    /** Adds an out-of-order sample; a histogram where there is one, else the float. */
    public void late(int slot, long timestampMs, long startMs, double value, Histogram histogram) throws IOException {
        head.outOfOrder.replay(slot, timestampMs, startMs, value, histogram, 0);
    }

    /** Adds a chunk of out-of-order samples that lies in a file. */
    public void lateChunk(int encoding, long minTimeMs, long maxTimeMs, int samples, long fileRef) {
        head.outOfOrder.replayChunk(
                new OutOfOrderSeries.Chunk(fileRef, encoding, minTimeMs, maxTimeMs, new long[samples]));
    }

    /** Out-of-order samples of the series are in a chunk. */
    public void lateMarker(int slot, long chunkRef) {
        head.outOfOrder.replayMarker(slot, chunkRef);
    }

    /** A reference met without its series; it must not be given to another. */
    public void unknownRef(long ref) {
        head.appender.refsUpTo(ref);
    }

    public void tombstone(int slot, long minTimeMs, long maxTimeMs) {
        if (minTimeMs <= maxTimeMs) {
            tombstones.merge(
                    slot, Intervals.NONE.with(minTimeMs, maxTimeMs), (old, added) -> old.with(minTimeMs, maxTimeMs));
        }
    }

    public void exemplar(int slot, Exemplar exemplar) {
        Labels labels = head.pairs.labels(head.series.page(slot).labels[SeriesTable.index(slot)]);
        if (head.exemplars().judge(labels, exemplar, Long.MAX_VALUE / 2) == AppendResult.PENDING) {
            head.exemplars().add(labels, exemplar);
        }
    }

    public void metadata(int slot, Metadata about) {
        head.metadata().put(slot, about);
    }

    /** Ends the replay: what was read as deleted is deleted. */
    public void finish() {
        head.tombstones(tombstones);
        head.outOfOrder.replayed();
    }
}
