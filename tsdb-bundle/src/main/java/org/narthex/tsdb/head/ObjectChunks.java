package org.narthex.tsdb.head;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

import org.narthex.api.model.Histogram;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.chunk.ChunkEncoder;
import org.narthex.tsdb.chunk.HistogramChunk;
import org.narthex.tsdb.chunk.XorChunk;

/**
 * Chunks in memory that are kept as objects, since they do not only grow at their end: histograms, and floats with start timestamps. They are few beside
 * the chunks in the slabs. By the chunk's number; guarded by the head's lock.
 */
final class ObjectChunks {
    /** The encoding of floats with start timestamps. */
    static final int XOR2 = 4;

    private static final int INTEGER_HISTOGRAM = 2;
    private static final int FLOAT_HISTOGRAM = 3;
    /** Added to the encodings of histograms that keep start timestamps. */
    private static final int WITH_STARTS = 3;

    /** One chunk: {@link #histograms} or {@link #floats} while it is open, then {@link #closed}. */
    private static final class Entry {
        private HistogramChunk histograms;
        private Histogram last;
        private SampleBuffer floats;
        private byte[] closed;
    }

    private final Map<Integer, Entry> chunks = new HashMap<>();

    static int encodingOf(Histogram histogram, boolean withStarts) {
        return (histogram.isFloat() ? FLOAT_HISTOGRAM : INTEGER_HISTOGRAM) + (withStarts ? WITH_STARTS : 0);
    }

    /** Begins a chunk of floats. */
    void openFloats(int chunk) {
        Entry entry = new Entry();
        entry.floats = new SampleBuffer(8);
        chunks.put(chunk, entry);
    }

    /** Begins a chunk with its first histogram; {@code previous} is the series' chunk before, which may be of another kind, or {@link ChunkTable#NONE}. */
    void openHistograms(int chunk, int previous, long t, long startMs, Histogram histogram, boolean withStarts) {
        Entry before = chunks.get(previous);
        Entry entry = new Entry();
        entry.histograms = before == null || before.histograms == null
                ? HistogramChunk.first(histogram, withStarts)
                : before.histograms.successor(histogram);
        entry.histograms.append(t, startMs, histogram);
        entry.last = histogram;
        chunks.put(chunk, entry);
    }

    boolean isOpenFloats(int chunk) {
        Entry entry = chunks.get(chunk);
        return entry != null && entry.floats != null;
    }

    /** Adds a float; returns how many there are now. */
    int append(int chunk, long t, long startMs, long valueBits) {
        SampleBuffer floats = chunks.get(chunk).floats;
        floats.add(t, Double.longBitsToDouble(valueBits));
        floats.startTimestampMs(floats.size() - 1, startMs);
        return floats.size();
    }

    /** Adds a histogram if it may stand in the chunk and that is not large enough. */
    boolean append(int chunk, long t, long startMs, Histogram histogram) {
        Entry entry = chunks.get(chunk);
        if (entry == null
                || entry.histograms == null
                || entry.closed != null
                || entry.histograms.isLargeEnough()
                || !entry.histograms.append(t, startMs, histogram)) {
            return false;
        }
        entry.last = histogram;
        return true;
    }

    int samples(int chunk) {
        return chunks.get(chunk).histograms.samples();
    }

    /** The last sample if it is a histogram, else null; null too for what lies in a file. */
    Histogram lastHistogram(int chunk) {
        Entry entry = chunks.get(chunk);
        return entry == null ? null : entry.last;
    }

    /** The chunk so far, with its header; null if it is not here. */
    byte[] copy(int chunk) {
        Entry entry = chunks.get(chunk);
        if (entry == null) {
            return null;
        }
        if (entry.closed != null) {
            return entry.closed.clone();
        }
        return entry.histograms != null ? entry.histograms.toByteArray() : encode(entry.floats);
    }

    private static byte[] encode(SampleBuffer floats) {
        byte[][] whole = new byte[1][];
        try {
            new ChunkEncoder(XorChunk.MAX_SAMPLES, true, true)
                    .encode(floats, 0, floats.size(), (encoding, minMs, maxMs, bytes) -> whole[0] = bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return whole[0];
    }

    /** Ends a chunk. What the next one of the series needs to know of it stays until that is begun. */
    void close(int chunk) {
        Entry entry = chunks.get(chunk);
        entry.closed = copy(chunk);
        entry.floats = null;
    }

    /** After the next chunk was begun. */
    void forgetState(int chunk) {
        Entry entry = chunks.get(chunk);
        if (entry != null && entry.closed != null) {
            entry.histograms = null;
            entry.last = null;
        }
    }

    void free(int chunk) {
        chunks.remove(chunk);
    }
}
