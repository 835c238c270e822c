package org.narthex.tsdb.headchunk;

/** A chunk as it was read; the reader's to use again for the next one. Not thread-safe. */
public final class HeadChunk {
    /** Bit decoders read whole words, past the end of the chunk; this is more than any of them needs. */
    static final int PADDING = 64;

    private byte[] data = new byte[1024 + PADDING];
    private int length;
    private int encoding;
    private boolean outOfOrder;
    private long seriesRef;
    private long minTimeMs;
    private long maxTimeMs;

    /** The chunk from index 0 on, {@link #length()} bytes of it, at least 64 unspecified ones behind it, as decoders need; replaced when it grows. */
    public byte[] data() {
        return data;
    }

    public int length() {
        return length;
    }

    public int encoding() {
        return encoding;
    }

    public boolean isOutOfOrder() {
        return outOfOrder;
    }

    public long seriesRef() {
        return seriesRef;
    }

    /** Of the first sample. */
    public long minTimeMs() {
        return minTimeMs;
    }

    /** Of the last sample. */
    public long maxTimeMs() {
        return maxTimeMs;
    }

    /** The number of samples, which all encodings begin with; chunks of histograms with start timestamps have two other bits in front. */
    public int samples() {
        if (length < 2) {
            return 0;
        }
        int number = (data[0] & 0xff) << 8 | (data[1] & 0xff);
        return encoding == 5 || encoding == 6 ? number & 0x3fff : number;
    }

    void set(long series, long first, long last, int encodingByte, int bytes) {
        seriesRef = series;
        minTimeMs = first;
        maxTimeMs = last;
        encoding = encodingByte & ~HeadChunkFormat.OUT_OF_ORDER;
        outOfOrder = (encodingByte & HeadChunkFormat.OUT_OF_ORDER) != 0;
        length = bytes;
        if (data.length < bytes + PADDING) {
            data = new byte[Math.max(bytes + PADDING, 2 * data.length)];
        }
    }
}
