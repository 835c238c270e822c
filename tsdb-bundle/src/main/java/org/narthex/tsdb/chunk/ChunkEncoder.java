package org.narthex.tsdb.chunk;

import java.io.IOException;

import org.narthex.api.model.Histogram;
import org.narthex.api.storage.SampleBuffer;

/**
 * Encodes samples of one series anew, floats and histograms as they come, into as many chunks as they need. Used again for one series after the other;
 * not thread-safe.
 */
public final class ChunkEncoder {
    private final int samplesPerChunk;
    private final boolean xor2;
    private final boolean startTimestamps;
    private final XorChunk xor = new XorChunk();
    private final Xor2Chunk xor2Chunk = new Xor2Chunk();

    /** Takes chunks, ascending in time; the array is the sink's to keep. */
    @FunctionalInterface
    public interface Sink {
        /** @param minTimeMs of the first sample, {@code maxTimeMs} of the last one */
        void chunk(int encoding, long minTimeMs, long maxTimeMs, byte[] chunk) throws IOException;
    }

    /** An encoder of what all versions of Prometheus can read; start timestamps are left out. */
    public ChunkEncoder(int samplesPerChunk) {
        this(samplesPerChunk, false, false);
    }

    /**
     * @param samplesPerChunk the most samples of a chunk of floats
     * @param xor2 whether floats are written as XOR2, which Prometheus reads from 3.14 on
     * @param startTimestamps whether start timestamps are kept where there are any; chunks that have some take the encodings for that
     */
    public ChunkEncoder(int samplesPerChunk, boolean xor2, boolean startTimestamps) {
        if (samplesPerChunk < 1 || samplesPerChunk > XorChunk.MAX_SAMPLES) {
            throw new IllegalArgumentException(samplesPerChunk + " samples per chunk");
        }
        this.samplesPerChunk = samplesPerChunk;
        this.xor2 = xor2;
        this.startTimestamps = startTimestamps;
    }

    /** Encodes the samples from index {@code from} (inclusive) to {@code to} (exclusive). */
    public void encode(SampleBuffer samples, int from, int to, Sink sink) throws IOException {
        for (int start = from; start < to; ) {
            boolean histograms = samples.histogram(start) != null;
            int end = start + 1;
            while (end < to && (samples.histogram(end) != null) == histograms) {
                end++;
            }
            if (histograms) {
                histograms(samples, start, end, sink);
            } else {
                floats(samples, start, end, sink);
            }
            start = end;
        }
    }

    private void floats(SampleBuffer samples, int from, int to, Sink sink) throws IOException {
        long[] times = samples.timestampsMs();
        for (int start = from; start < to; start += samplesPerChunk) {
            int end = Math.min(to, start + samplesPerChunk);
            boolean withStarts = startTimestamps && anyStart(samples, start, end);
            if (xor2 || withStarts) {
                byte[] chunk = xor2Chunk.encode(samples, start, end, withStarts);
                sink.chunk(Xor2Chunk.ENCODING, times[start], times[end - 1], chunk);
            } else {
                byte[] chunk = xor.encode(times, samples.values(), start, end);
                sink.chunk(XorChunk.ENCODING, times[start], times[end - 1], chunk);
            }
        }
    }

    private static boolean anyStart(SampleBuffer samples, int from, int to) {
        if (samples.hasStartTimestamps()) {
            for (int i = from; i < to; i++) {
                if (samples.startTimestampMs(i) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private void histograms(SampleBuffer samples, int from, int to, Sink sink) throws IOException {
        boolean withStarts = startTimestamps && anyStart(samples, from, to);
        HistogramChunk chunk = HistogramChunk.first(samples.histogram(from), withStarts);
        for (int i = from; i < to; i++) {
            Histogram histogram = samples.histogram(i);
            long t = samples.timestampsMs()[i];
            if (chunk.isLargeEnough() || !chunk.append(t, samples.startTimestampMs(i), histogram)) {
                flush(chunk, sink);
                chunk = chunk.successor(histogram);
                chunk.append(t, samples.startTimestampMs(i), histogram);
            }
        }
        flush(chunk, sink);
    }

    private static void flush(HistogramChunk chunk, Sink sink) throws IOException {
        sink.chunk(chunk.encoding(), chunk.minTimeMs(), chunk.lastTimeMs(), chunk.toByteArray());
    }
}
