package org.narthex.tsdb.chunk;

import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

/** Reads chunks of whatever encoding; the encoding byte stands beside the chunk, in all files. */
public final class ChunkCodec {
    private ChunkCodec() {}

    /** Whether chunks of the encoding can be decoded. */
    public static boolean isReadable(int encoding) {
        return encoding == XorChunk.ENCODING;
    }

    /** How many samples a chunk says it has. */
    public static int samples(int encoding, byte[] chunk) {
        return XorChunk.samples(chunk);
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
        if (encoding != XorChunk.ENCODING) {
            throw new CorruptionException("chunk", 0, "unknown encoding " + encoding);
        }
        if (length < XorChunk.HEADER_BYTES) {
            throw new CorruptionException("XOR chunk", 0, "a chunk of " + length + " bytes");
        }
        XorChunk.decode(chunk, XorChunk.HEADER_BYTES, length, XorChunk.samples(chunk), minTimeMs, maxTimeMs, into);
    }
}
