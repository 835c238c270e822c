package org.narthex.tsdb.head;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

import org.narthex.api.model.Histogram;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.chunk.ChunkCodec;
import org.narthex.tsdb.chunk.ChunkEncoder;
import org.narthex.tsdb.fault.FailPoint;
import org.narthex.tsdb.wal.WalEncoder;
import org.narthex.tsdb.wal.WalRecord;
import org.narthex.tsdb.wal.WalWriter;

/**
 * The out-of-order samples of all series, by slot. They go to the write-behind log; when a series has {@link OutOfOrderSeries#CAPACITY} of them in
 * memory, these become a chunk in a file, and a marker in the log says so. Guarded by the head's lock.
 */
final class OutOfOrder {
    private final SeriesTable series;
    private final ChunkFiles files;
    private final Map<Integer, OutOfOrderSeries> bySlot = new HashMap<>();
    /** For replay: chunks in files, by their place. */
    private final Map<Long, OutOfOrderSeries.Chunk> found = new HashMap<>();

    private final WalEncoder record = new WalEncoder();
    private final SampleBuffer samples = new SampleBuffer();
    private ChunkEncoder encoder = new ChunkEncoder(OutOfOrderSeries.CAPACITY);
    private boolean keepsStartTimestamps;
    /** Batches up to this one are in blocks already, except in views taken before. */
    private long inBlocksUpTo = -1;

    private long minTimeMs = Long.MAX_VALUE;

    OutOfOrder(SeriesTable series, ChunkFiles files) {
        this.series = series;
        this.files = files;
    }

    /** Whether start timestamps are kept from now on. */
    void keepStartTimestamps(boolean keep) {
        keepsStartTimestamps = keep;
        encoder = new ChunkEncoder(OutOfOrderSeries.CAPACITY, false, keep);
    }

    /** The series' samples, or null if it has none. */
    OutOfOrderSeries of(int slot) {
        return bySlot.get(slot);
    }

    boolean isEmpty() {
        return bySlot.isEmpty();
    }

    Map<Integer, OutOfOrderSeries> all() {
        return bySlot;
    }

    long inBlocksUpTo() {
        return inBlocksUpTo;
    }

    /** The oldest sample's time; {@link Long#MAX_VALUE} if there is none. */
    long minTimeMs() {
        return bySlot.isEmpty() ? Long.MAX_VALUE : minTimeMs;
    }

    /** The newest sample's time; {@link Long#MIN_VALUE} if there is none. */
    long maxTimeMs() {
        long max = Long.MIN_VALUE;
        for (OutOfOrderSeries own : bySlot.values()) {
            max = Math.max(max, own.maxTimeMs());
        }
        return max;
    }

    /** Writes the batch's out-of-order samples to the log and keeps them. When it fails, call {@link #forget}. */
    void append(SampleBatch batch, int[] slots, boolean[] isOutOfOrder, Histogram[] histograms, long number, Logs logs)
            throws IOException {
        WalWriter wbl = logs.wbl();
        // Until the other log has the batch as well.
        wbl.mark();
        // A batch that failed may have left something.
        record.start(WalRecord.SAMPLES);
        int type = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (slots[i] < 0 || !isOutOfOrder[i]) {
                continue;
            }
            Histogram histogram = histograms == null ? null : histograms[i];
            OutOfOrderSeries own = bySlot.computeIfAbsent(slots[i], slot -> new OutOfOrderSeries());
            if (own.find(batch.timestampMs(i)) >= 0) {
                // Twice in one batch: the first one counts.
                isOutOfOrder[i] = false;
                slots[i] = SeriesTable.NONE;
                batch.result(i, AppendResult.DUPLICATE);
                continue;
            }
            if (own.isFull()) {
                put(wbl);
                type = 0;
                moveToFile(slots[i], own, wbl);
            }
            long startMs = keepsStartTimestamps ? batch.startTimestampMs(i) : 0;
            int needed = WalEncoder.typeOf(histogram, startMs != 0);
            if (needed != type) {
                put(wbl);
                record.start(needed);
                type = needed;
            }
            long ref = series.refOf(slots[i]);
            if (histogram == null) {
                record.sample(ref, batch.timestampMs(i), startMs, Double.doubleToRawLongBits(batch.value(i)));
            } else {
                record.histogram(ref, batch.timestampMs(i), startMs, histogram);
            }
            insert(own, batch.timestampMs(i), startMs, batch.value(i), histogram, number);
        }
        put(wbl);
        wbl.flush();
    }

    private void put(WalWriter wbl) throws IOException {
        if (record.entries() > 0) {
            wbl.add(record.bytes(), record.size());
            record.start(WalRecord.SAMPLES);
        }
    }

    private void insert(
            OutOfOrderSeries own, long timeMs, long startMs, double value, Histogram histogram, long batch) {
        own.insert(timeMs, startMs, value, histogram, batch);
        minTimeMs = Math.min(minTimeMs, timeMs);
    }

    private void moveToFile(int slot, OutOfOrderSeries own, WalWriter wbl) throws IOException {
        FailPoint.LATE_FLUSH.reach();
        long ref = series.refOf(slot);
        // What is in blocks is for open views alone: named in the log, it would come back with the next start, even
        // what was deleted from the blocks since.
        List<OutOfOrderSeries.Chunk> chunks = write(ref, own, batch -> batch <= inBlocksUpTo);
        List<OutOfOrderSeries.Chunk> named = write(ref, own, batch -> batch > inBlocksUpTo);
        record.start(WalRecord.MMAP_MARKERS);
        for (OutOfOrderSeries.Chunk chunk : named) {
            record.mmapMarker(ref, chunk.fileRef());
        }
        chunks.addAll(named);
        chunks.forEach(own::addChunk);
        own.clearMemory();
        // Not after the marker: a kill in between would lose the samples.
        files.flush();
        FailPoint.LATE_FLUSH.halfway();
        put(wbl);
    }

    /** Writes what a series has in memory, of some batches, to a file; mixed kinds of samples need several chunks. */
    private List<OutOfOrderSeries.Chunk> write(long ref, OutOfOrderSeries own, LongPredicate isMeant)
            throws IOException {
        samples.clear();
        own.copy(Long.MIN_VALUE, Long.MAX_VALUE, isMeant, samples);
        long[] batches = own.batches(isMeant);
        List<OutOfOrderSeries.Chunk> written = new ArrayList<>();
        int[] done = {0};
        encoder.encode(samples, 0, samples.size(), (encoding, minMs, maxMs, chunk) -> {
            int count = ChunkCodec.samples(encoding, chunk);
            long place = files.append(ref, minMs, maxMs, encoding, true, chunk);
            long[] part = Arrays.copyOfRange(batches, done[0], done[0] + count);
            written.add(new OutOfOrderSeries.Chunk(place, encoding, minMs, maxMs, part));
            done[0] += count;
        });
        return written;
    }

    /** Takes back what {@link #append} kept of a batch whose logs could not be written. */
    void forget(SampleBatch batch, int[] slots, boolean[] isOutOfOrder, long number) {
        for (int i = 0; i < batch.size(); i++) {
            if (slots[i] >= 0 && isOutOfOrder[i]) {
                OutOfOrderSeries own = bySlot.get(slots[i]);
                if (own != null) {
                    own.forget(number);
                    if (own.isEmpty()) {
                        bySlot.remove(slots[i]);
                    }
                }
            }
        }
    }

    /** For replay: adds a sample from the log; one at a time that is there is left out. */
    void replay(int slot, long timeMs, long startMs, double value, Histogram histogram, long batch) throws IOException {
        OutOfOrderSeries own = bySlot.computeIfAbsent(slot, s -> new OutOfOrderSeries());
        if (own.find(timeMs) >= 0) {
            return;
        }
        if (own.isFull()) {
            // The marker that said so was lost with the end of the log; the file then has these samples twice, which
            // does no harm.
            write(series.refOf(slot), own, any -> true).forEach(own::addChunk);
            own.clearMemory();
        }
        insert(own, timeMs, startMs, value, histogram, batch);
    }

    /** For replay: a chunk found in a file. It counts once the log names it: others are in blocks, or the log has their samples. */
    void replayChunk(OutOfOrderSeries.Chunk chunk) {
        found.put(chunk.fileRef(), chunk);
    }

    /** For replay: samples of the series are in a chunk; if that was not lost, they need not be in memory any more. */
    void replayMarker(int slot, long chunkRef) {
        OutOfOrderSeries.Chunk chunk = found.remove(chunkRef);
        if (chunk != null) {
            OutOfOrderSeries own = bySlot.computeIfAbsent(slot, s -> new OutOfOrderSeries());
            own.moved(chunk);
            minTimeMs = Math.min(minTimeMs, chunk.minTimeMs());
        }
    }

    /** Ends the replay. */
    void replayed() {
        found.clear();
    }

    /** From now on new views show only batches after the given one: the others are in blocks. */
    void inBlocksUpTo(long batch) {
        inBlocksUpTo = batch;
    }

    /** Gives back the memory of what is in blocks; call it once no view is open that was taken before. */
    void collect() {
        LongPredicate isKept = batch -> batch > inBlocksUpTo;
        minTimeMs = Long.MAX_VALUE;
        for (Iterator<OutOfOrderSeries> all = bySlot.values().iterator(); all.hasNext(); ) {
            OutOfOrderSeries own = all.next();
            own.keepInMemory(isKept);
            own.keepChunks(isKept);
            minTimeMs = Math.min(minTimeMs, own.minTimeMs());
            if (own.isEmpty()) {
                all.remove();
            }
        }
    }
}
