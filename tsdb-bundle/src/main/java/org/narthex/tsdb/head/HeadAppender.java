package org.narthex.tsdb.head;

import java.io.IOException;
import java.util.Arrays;

import org.narthex.api.model.Labels;
import org.narthex.api.storage.AppendResult;
import org.narthex.api.storage.SampleBatch;
import org.narthex.tsdb.chunk.XorState;
import org.narthex.tsdb.encoding.Encbuf;
import org.narthex.tsdb.wal.WalRecord;
import org.narthex.tsdb.wal.WalWriter;

/**
 * Puts samples into the head's columns and chunks. A batch goes through three passes: find the series and judge each sample; write the log; encode.
 * Only the last one changes samples, so a failed write leaves the head as it was. Guarded by the head's lock.
 */
final class HeadAppender {
    private static final int NOT_ADDED = -1;
    /** Prometheus packs series numbers into five bytes. */
    private static final long MAX_REF = (1L << 40) - 1;

    private final SeriesTable series;
    private final LabelPairs pairs;
    private final ChunkTable chunks;
    private final Slabs slabs;
    private final SlabBits bits;
    private final long chunkRangeMs;
    private final int samplesPerChunk;
    private final XorState xor = new XorState();
    private final Encbuf record = new Encbuf(4096);
    private int[] slots = new int[64];
    /** Series that are in memory and not yet in the log, since the write that was to bring them there failed. */
    private int[] unlogged = new int[16];

    private int unloggedCount;
    private long lastRef;
    private long minTimeMs = Long.MAX_VALUE;
    private long maxTimeMs = Long.MIN_VALUE;
    private long appended;
    private long outOfOrder;
    private long outOfBounds;
    private long duplicates;
    private long created;

    HeadAppender(
            SeriesTable series,
            LabelPairs pairs,
            ChunkTable chunks,
            Slabs slabs,
            long chunkRangeMs,
            int samplesPerChunk) {
        this.series = series;
        this.pairs = pairs;
        this.chunks = chunks;
        this.slabs = slabs;
        this.bits = new SlabBits(slabs);
        this.chunkRangeMs = chunkRangeMs;
        this.samplesPerChunk = samplesPerChunk;
    }

    void append(SampleBatch batch, long minValidMs, WalWriter wal) throws IOException {
        int size = batch.size();
        if (slots.length < size) {
            slots = new int[Math.max(size, 2 * slots.length)];
        }
        int accepted = 0;
        for (int i = 0; i < size; i++) {
            slots[i] = judge(batch, i, minValidMs);
            accepted += slots[i] == NOT_ADDED ? 0 : 1;
        }
        try {
            if (accepted > 0) {
                log(batch, wal);
                unloggedCount = 0;
            }
        } catch (IOException | RuntimeException e) {
            wal.discard();
            unmark(size);
            throw e;
        }
        for (int i = 0; i < size; i++) {
            if (slots[i] != NOT_ADDED) {
                add(slots[i], batch.timestampMs(i), Double.doubleToRawLongBits(batch.value(i)));
            }
            AppendResult result = batch.result(i);
            outOfOrder += result == AppendResult.OUT_OF_ORDER ? 1 : 0;
            outOfBounds += result == AppendResult.OUT_OF_BOUNDS ? 1 : 0;
            duplicates += result == AppendResult.DUPLICATE ? 1 : 0;
        }
        unmark(size);
        appended += accepted;
    }

    private void unmark(int size) {
        for (int i = 0; i < size; i++) {
            if (slots[i] != NOT_ADDED) {
                series.page(slots[i]).inBatch[SeriesTable.index(slots[i])] = 0;
            }
        }
    }

    /** Sets result and reference; returns the series' slot if the sample is to be added. */
    private int judge(SampleBatch batch, int i, long minValidMs) {
        Labels labels = batch.labels(i);
        if (labels != null && labels.isEmpty()) {
            batch.result(i, AppendResult.INVALID_LABELS);
            return NOT_ADDED;
        }
        int slot = slotOf(batch.ref(i));
        if (slot == SeriesTable.NONE) {
            if (labels == null) {
                batch.result(i, AppendResult.UNKNOWN_REF);
                return NOT_ADDED;
            }
            slot = series.find(labels);
        }
        long t = batch.timestampMs(i);
        if (t < minValidMs) {
            batch.ref(i, slot == SeriesTable.NONE ? SampleBatch.NO_REF : refOf(slot));
            batch.result(i, AppendResult.OUT_OF_BOUNDS);
            return NOT_ADDED;
        }
        if (slot == SeriesTable.NONE) {
            slot = create(labels, ++lastRef);
            if (unloggedCount == unlogged.length) {
                unlogged = Arrays.copyOf(unlogged, 2 * unloggedCount);
            }
            unlogged[unloggedCount++] = slot;
        }
        batch.ref(i, refOf(slot));
        SeriesPage page = series.page(slot);
        int at = SeriesTable.index(slot);
        int before = page.inBatch[at] - 1;
        long lastT = before >= 0 ? batch.timestampMs(before) : page.lastTimeMs[at];
        if (t > lastT) {
            page.inBatch[at] = i + 1;
            batch.result(i, AppendResult.OK);
            return slot;
        }
        if (t < lastT) {
            batch.result(i, AppendResult.OUT_OF_ORDER);
            return NOT_ADDED;
        }
        long lastV = before >= 0 ? Double.doubleToRawLongBits(batch.value(before)) : page.lastValue[at];
        boolean same = Double.doubleToRawLongBits(batch.value(i)) == lastV;
        batch.result(i, same ? AppendResult.OK : AppendResult.DUPLICATE);
        return NOT_ADDED;
    }

    /** The reference given to callers: the slot, and in the high half the series' number in the log, so that a slot's next series has another. */
    private long refOf(int slot) {
        return (series.page(slot).ref[SeriesTable.index(slot)] & 0x7fff_ffffL) << 32 | (slot + 1);
    }

    private int slotOf(long ref) {
        int slot = (int) ref - 1;
        return series.isUsed(slot) && refOf(slot) == ref ? slot : SeriesTable.NONE;
    }

    private void log(SampleBatch batch, WalWriter wal) throws IOException {
        if (unloggedCount > 0) {
            WalRecord.startSeries(record);
            for (int i = 0; i < unloggedCount; i++) {
                SeriesPage page = series.page(unlogged[i]);
                int at = SeriesTable.index(unlogged[i]);
                WalRecord.series(record, page.ref[at], pairs.labels(page.labels[at]));
            }
            wal.add(record.bytes(), record.size());
        }
        long firstRef = 0;
        long firstT = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (slots[i] != NOT_ADDED) {
                long ref = series.page(slots[i]).ref[SeriesTable.index(slots[i])];
                long t = batch.timestampMs(i);
                if (firstRef == 0) {
                    firstRef = ref;
                    firstT = t;
                    WalRecord.startSamples(record, ref, t);
                }
                WalRecord.sample(record, ref - firstRef, t - firstT, Double.doubleToRawLongBits(batch.value(i)));
            }
        }
        wal.add(record.bytes(), record.size());
        wal.flush();
    }

    /** Adds a series that is not there yet. */
    int create(Labels labels, long ref) {
        created++;
        return series.add(labels, ref);
    }

    /** Numbers up to this one are taken. */
    void refsUpTo(long ref) {
        if (ref <= MAX_REF) {
            lastRef = Math.max(lastRef, ref);
        }
    }

    /** Adds a sample newer than all of its series. */
    void add(int slot, long t, long valueBits) {
        SeriesPage page = series.page(slot);
        int at = SeriesTable.index(slot);
        int samples = page.samples[at];
        if (page.chunk[at] != ChunkTable.NONE && samples == samplesPerChunk / 4) {
            page.nextAt[at] = predictEnd(chunks.minTimeMs(page.chunk[at]), page.lastTimeMs[at], page.nextAt[at]);
        }
        if (page.chunk[at] == ChunkTable.NONE || t >= page.nextAt[at] || samples >= 2 * samplesPerChunk) {
            cut(page, at, t);
        }
        xor.samples = page.samples[at];
        xor.timestampMs = page.lastTimeMs[at];
        xor.deltaMs = page.delta[at];
        xor.valueBits = page.lastValue[at];
        xor.leading = page.leading[at] & 0xff;
        xor.trailing = page.trailing[at];
        bits.moveTo(page.block[at], page.bit[at]);
        xor.append(t, valueBits, bits);
        page.samples[at] = (char) xor.samples;
        page.lastTimeMs[at] = t;
        page.delta[at] = xor.deltaMs;
        page.lastValue[at] = valueBits;
        page.leading[at] = (byte) xor.leading;
        page.trailing[at] = (byte) xor.trailing;
        page.block[at] = bits.block();
        page.bit[at] = (char) bits.bit();
        page.see(at, page.chunk[at], xor.samples);
        minTimeMs = Math.min(minTimeMs, t);
        maxTimeMs = Math.max(maxTimeMs, t);
    }

    private void cut(SeriesPage page, int at, long t) {
        int previous = page.chunk[at];
        if (previous != ChunkTable.NONE) {
            int blocks = slabs.count(chunks.firstBlock(previous));
            int bytes = (blocks - 1) * Slabs.PAYLOAD + (page.bit[at] + 7) / 8;
            chunks.close(previous, page.lastTimeMs[at], page.samples[at], bytes);
        }
        page.block[at] = slabs.allocate();
        page.bit[at] = 0;
        page.chunk[at] = chunks.open(t, page.block[at], previous);
        page.samples[at] = 0;
        page.delta[at] = 0;
        page.leading[at] = (byte) XorState.NO_WINDOW;
        page.trailing[at] = 0;
        page.nextAt[at] = Math.floorDiv(t, chunkRangeMs) * chunkRangeMs + chunkRangeMs;
    }

    /** Where to end a chunk that is a quarter full, so that the chunks of a range are about equally long. */
    private static long predictEnd(long start, long now, long rangeEnd) {
        long chunksToCome = (rangeEnd - start) / ((now - start + 1) * 4);
        return chunksToCome <= 1 ? rangeEnd : start + (rangeEnd - start) / chunksToCome;
    }

    boolean isUnlogged(int slot) {
        for (int i = 0; i < unloggedCount; i++) {
            if (unlogged[i] == slot) {
                return true;
            }
        }
        return false;
    }

    long minTimeMs() {
        return minTimeMs;
    }

    void minTimeMs(long timeMs) {
        minTimeMs = timeMs;
    }

    long maxTimeMs() {
        return maxTimeMs;
    }

    long appended() {
        return appended;
    }

    long outOfOrder() {
        return outOfOrder;
    }

    long outOfBounds() {
        return outOfBounds;
    }

    long duplicates() {
        return duplicates;
    }

    long created() {
        return created;
    }
}
