package org.narthex.tsdb.chunk;

import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

/** Reads chunks of whatever encoding; the encoding byte stands beside the chunk, in all files. */
public final class ChunkCodec {
    private static final int FIRST = XorChunk.ENCODING;
    private static final int LAST = 6;

    /** Positions within a chunk are counted in bits, as int. Prometheus' chunks have about a thousand bytes. */
    private static final int MAX_BYTES = 1 << 27;

    private ChunkCodec() {}

    /** Whether chunks of the encoding can be decoded. */
    public static boolean isReadable(int encoding) {
        return encoding >= FIRST && encoding <= LAST;
    }

    /** Whether the samples of chunks of the encoding are histograms. */
    public static boolean isHistogram(int encoding) {
        return isReadable(encoding) && encoding != XorChunk.ENCODING && encoding != Xor2Chunk.ENCODING;
    }

    /**
     * How many samples a chunk says it has.
     *
     * @param chunk at least two bytes
     */
    public static int samples(int encoding, byte[] chunk) {
        return isHistogram(encoding) ? HistogramChunk.samples(encoding, chunk) : XorChunk.samples(chunk);
    }

    /**
     * Decodes the samples within inclusive bounds and appends them to the buffer, ascending.
     *
     * @param chunk from {@link XorChunk#padded}: the chunk, header included, from its start on
     * @param length the chunk's own bytes
     * @throws CorruptionException with an offset within the chunk; no other exception whatever the bytes are
     */
    public static void decode(int encoding, byte[] chunk, int length, long minTimeMs, long maxTimeMs, SampleBuffer into)
            throws CorruptionException {
        if (!isReadable(encoding)) {
            throw new CorruptionException("chunk", 0, "unknown encoding " + encoding);
        }
        int header = encoding == XorChunk.ENCODING ? XorChunk.HEADER_BYTES : HistogramChunk.HEADER_BYTES;
        if (length < header || length > MAX_BYTES) {
            throw new CorruptionException("chunk of encoding " + encoding, 0, "a chunk of " + length + " bytes");
        }
        switch (encoding) {
            case XorChunk.ENCODING ->
                XorChunk.decode(
                        chunk, XorChunk.HEADER_BYTES, length, XorChunk.samples(chunk), minTimeMs, maxTimeMs, into);
            case Xor2Chunk.ENCODING -> Xor2Chunk.decode(chunk, length, minTimeMs, maxTimeMs, into);
            default -> HistogramReader.decode(encoding, chunk, length, minTimeMs, maxTimeMs, into);
        }
    }
}
