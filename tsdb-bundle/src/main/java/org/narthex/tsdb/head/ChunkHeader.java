package org.narthex.tsdb.head;

/** The number of samples, which chunks of all encodings begin with. */
final class ChunkHeader {
    private static final int HISTOGRAMS_WITH_STARTS = 5;
    private static final int FLOAT_HISTOGRAMS_WITH_STARTS = 6;

    private ChunkHeader() {}

    /** Makes a chunk say that it has so many samples; if it has more, readers then see only the first of them. */
    static void setSamples(int encoding, byte[] chunk, int samples) {
        boolean hasFlag = encoding == HISTOGRAMS_WITH_STARTS || encoding == FLOAT_HISTOGRAMS_WITH_STARTS;
        int flag = hasFlag ? chunk[0] & 0xc0 : 0;
        chunk[0] = (byte) (samples >>> 8 | flag);
        chunk[1] = (byte) samples;
    }
}
