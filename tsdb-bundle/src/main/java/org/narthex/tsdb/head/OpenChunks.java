package org.narthex.tsdb.head;

import org.narthex.api.model.Histogram;
import org.narthex.tsdb.chunk.XorChunk;
import org.narthex.tsdb.chunk.XorState;

/**
 * Adds samples at the end of series, each to the open chunk of its series, and starts a new chunk where that is due. Guarded by the head's lock.
 */
final class OpenChunks {
    private final SeriesTable series;
    private final ChunkTable chunks;
    private final ObjectChunks objects;
    private final Slabs slabs;
    private final SlabBits bits;
    private final long chunkRangeMs;
    private final int samplesPerChunk;
    private final XorState xor = new XorState();
    private boolean keepsStartTimestamps;
    private long completed;
    private long minTimeMs = Long.MAX_VALUE;
    private long maxTimeMs = Long.MIN_VALUE;

    /**
     * @param chunkRangeMs chunks never cross multiples of this: the length of the blocks cut from the head
     * @param samplesPerChunk how many floats a chunk should have; at most twice as many are in one
     */
    OpenChunks(
            SeriesTable series,
            ChunkTable chunks,
            ObjectChunks objects,
            Slabs slabs,
            long chunkRangeMs,
            int samplesPerChunk) {
        this.series = series;
        this.chunks = chunks;
        this.objects = objects;
        this.slabs = slabs;
        this.bits = new SlabBits(slabs);
        this.chunkRangeMs = chunkRangeMs;
        this.samplesPerChunk = samplesPerChunk;
    }

    /** Whether start timestamps of floats are kept from now on. */
    void keepStartTimestamps(boolean keep) {
        keepsStartTimestamps = keep;
    }

    /** Adds a float newer than all samples of its series. */
    void add(int slot, long t, long startMs, long valueBits) {
        SeriesPage page = series.page(slot);
        int at = SeriesTable.index(slot);
        int samples = page.samples[at];
        int chunk = page.chunk[at];
        if (chunk != ChunkTable.NONE && samples == samplesPerChunk / 4 && chunks.isOpen(chunk)) {
            page.nextAt[at] = predictEnd(chunks.minTimeMs(chunk), page.lastTimeMs[at], page.nextAt[at]);
        }
        boolean full = chunk == ChunkTable.NONE || t >= page.nextAt[at] || samples >= 2 * samplesPerChunk;
        if (keepsStartTimestamps) {
            if (full || !objects.isOpenFloats(chunk)) {
                chunk = begin(page, at, t, ObjectChunks.XOR2);
                objects.openFloats(chunk);
            }
            page.samples[at] = (char) objects.append(chunk, t, startMs, valueBits);
        } else {
            if (full || page.inObject[at]) {
                begin(page, at, t, XorChunk.ENCODING);
            }
            append(page, at, t, valueBits);
        }
        added(page, at, t, valueBits);
    }

    private void append(SeriesPage page, int at, long t, long valueBits) {
        xor.samples = page.samples[at];
        xor.timestampMs = page.lastTimeMs[at];
        xor.deltaMs = page.delta[at];
        xor.valueBits = page.lastValue[at];
        xor.leading = page.leading[at] & 0xff;
        xor.trailing = page.trailing[at];
        bits.moveTo(page.block[at], page.bit[at]);
        xor.append(t, valueBits, bits);
        page.samples[at] = (char) xor.samples;
        page.delta[at] = xor.deltaMs;
        page.leading[at] = (byte) xor.leading;
        page.trailing[at] = (byte) xor.trailing;
        page.block[at] = bits.block();
        page.bit[at] = (char) bits.bit();
    }

    private void added(SeriesPage page, int at, long t, long valueBits) {
        page.lastTimeMs[at] = t;
        page.lastValue[at] = valueBits;
        page.see(at, page.chunk[at], page.samples[at]);
        minTimeMs = Math.min(minTimeMs, t);
        maxTimeMs = Math.max(maxTimeMs, t);
    }

    /** Adds a histogram newer than all samples of its series. */
    void add(int slot, long t, long startMs, Histogram histogram) {
        SeriesPage page = series.page(slot);
        int at = SeriesTable.index(slot);
        int chunk = page.chunk[at];
        if (chunk == ChunkTable.NONE
                || !page.inObject[at]
                || t >= page.nextAt[at]
                || !objects.append(chunk, t, keepsStartTimestamps ? startMs : 0, histogram)) {
            int previous = chunk;
            chunk = begin(page, at, t, ObjectChunks.encodingOf(histogram, keepsStartTimestamps));
            objects.openHistograms(chunk, previous, t, startMs, histogram, keepsStartTimestamps);
            objects.forgetState(previous);
        }
        page.samples[at] = (char) objects.samples(chunk);
        added(page, at, t, Double.doubleToRawLongBits(histogram.sum()));
    }

    private int begin(SeriesPage page, int at, long t, int encoding) {
        int previous = page.chunk[at];
        if (previous != ChunkTable.NONE && chunks.isOpen(previous)) {
            close(page, at, previous);
        }
        boolean object = encoding != XorChunk.ENCODING;
        int block = object ? 0 : slabs.allocate();
        int chunk = chunks.open(encoding, t, block, previous);
        page.inObject[at] = object;
        page.block[at] = block;
        page.bit[at] = 0;
        page.chunk[at] = chunk;
        page.samples[at] = 0;
        page.delta[at] = 0;
        page.leading[at] = (byte) XorState.NO_WINDOW;
        page.trailing[at] = 0;
        page.nextAt[at] = Math.floorDiv(t, chunkRangeMs) * chunkRangeMs + chunkRangeMs;
        return chunk;
    }

    private void close(SeriesPage page, int at, int chunk) {
        completed++;
        if (page.inObject[at]) {
            objects.close(chunk);
            chunks.close(chunk, page.lastTimeMs[at], page.samples[at], 0);
        } else {
            int blocks = slabs.count(ChunkTable.firstBlock(chunks.place(chunk)));
            int bytes = (blocks - 1) * Slabs.PAYLOAD + (page.bit[at] + 7) / 8;
            chunks.close(chunk, page.lastTimeMs[at], page.samples[at], bytes);
        }
    }

    /** For replay: adds a closed chunk that lies in a file, newer than all samples of its series; the next sample begins another. */
    void addFileChunk(int slot, int encoding, long minMs, long maxMs, int samples, long fileRef) {
        SeriesPage page = series.page(slot);
        int at = SeriesTable.index(slot);
        int previous = page.chunk[at];
        if (previous != ChunkTable.NONE && chunks.isOpen(previous)) {
            close(page, at, previous);
        }
        page.chunk[at] = chunks.inFile(encoding, minMs, maxMs, samples, fileRef, previous);
        page.inObject[at] = encoding != XorChunk.ENCODING;
        page.samples[at] = (char) samples;
        page.nextAt[at] = Long.MIN_VALUE;
        page.lastTimeMs[at] = maxMs;
        page.lastValue[at] = 0;
        page.see(at, page.chunk[at], samples);
        minTimeMs = Math.min(minTimeMs, minMs);
        maxTimeMs = Math.max(maxTimeMs, maxMs);
    }

    /** Where to end a chunk that is a quarter full, so that the chunks of a range are about equally long. */
    private static long predictEnd(long start, long now, long rangeEnd) {
        long chunksToCome = (rangeEnd - start) / ((now - start + 1) * 4);
        return chunksToCome <= 1 ? rangeEnd : start + (rangeEnd - start) / chunksToCome;
    }

    /** Whether the series' newest sample is this one. */
    boolean isLast(int slot, double value, Histogram histogram) {
        return SampleEquality.areEqual(
                series.page(slot).lastValue[SeriesTable.index(slot)],
                lastHistogram(slot),
                Double.doubleToRawLongBits(value),
                histogram);
    }

    /** The series' newest sample if it is a histogram, else null. */
    Histogram lastHistogram(int slot) {
        SeriesPage page = series.page(slot);
        int at = SeriesTable.index(slot);
        return page.chunk[at] == ChunkTable.NONE || !page.inObject[at] ? null : objects.lastHistogram(page.chunk[at]);
    }

    /** Chunks that were completed since the start. */
    long completed() {
        return completed;
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
}
