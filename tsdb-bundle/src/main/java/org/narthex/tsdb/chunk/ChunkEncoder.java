package org.narthex.tsdb.chunk;

import java.io.IOException;

import org.narthex.api.storage.SampleBuffer;

/** Encodes samples of one series anew, into as many chunks as they need. Used again for one series after the other; not thread-safe. */
public final class ChunkEncoder {
    private final int samplesPerChunk;
    private final XorChunk xor = new XorChunk();

    /** Takes chunks, ascending in time; the array is the sink's to keep. */
    @FunctionalInterface
    public interface Sink {
        /** @param minTimeMs of the first sample, {@code maxTimeMs} of the last one */
        void chunk(int encoding, long minTimeMs, long maxTimeMs, byte[] chunk) throws IOException;
    }

    /** @param samplesPerChunk the most samples of a chunk of floats */
    public ChunkEncoder(int samplesPerChunk) {
        this.samplesPerChunk = samplesPerChunk;
    }

    /** Encodes the samples from index {@code from} (inclusive) to {@code to} (exclusive). */
    public void encode(SampleBuffer samples, int from, int to, Sink sink) throws IOException {
        long[] times = samples.timestampsMs();
        double[] values = samples.values();
        for (int start = from; start < to; start += samplesPerChunk) {
            int end = Math.min(to, start + samplesPerChunk);
            xor.clear();
            for (int i = start; i < end; i++) {
                xor.append(times[i], values[i]);
            }
            sink.chunk(XorChunk.ENCODING, times[start], times[end - 1], xor.toByteArray());
        }
    }
}
