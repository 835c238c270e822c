package org.narthex.tsdb.chunk;

/**
 * What the encoder of an XOR chunk remembers from one sample to the next, and the encoder itself. The head keeps these fields as columns and
 * loads them into one such object per batch, so appending allocates nothing. Not thread-safe.
 */
public final class XorState {
    /** No window of meaningful bits yet. */
    public static final int NO_WINDOW = 0xff;

    public int samples;
    public long timestampMs;
    public long deltaMs;
    public long valueBits;
    public int leading = NO_WINDOW;
    public int trailing;

    /** Back to the state before the first sample. */
    public void reset() {
        samples = 0;
        timestampMs = 0;
        deltaMs = 0;
        valueBits = 0;
        leading = NO_WINDOW;
        trailing = 0;
    }

    public void append(long t, long bits, BitSink sink) {
        if (samples == 0) {
            varbytes((t << 1) ^ (t >> 63), sink);
            sink.bits(bits, 64);
        } else if (samples == 1) {
            deltaMs = t - timestampMs;
            varbytes(deltaMs, sink);
            value(bits, sink);
        } else {
            long delta = t - timestampMs;
            deltaOfDelta(delta - deltaMs, sink);
            deltaMs = delta;
            value(bits, sink);
        }
        timestampMs = t;
        valueBits = bits;
        samples++;
    }

    /** Unsigned LEB128, at any bit position. */
    private static void varbytes(long value, BitSink sink) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            sink.bits((rest & 0x7f) | 0x80, 8);
            rest >>>= 7;
        }
        sink.bits(rest, 8);
    }

    private static void deltaOfDelta(long dod, BitSink sink) {
        if (dod == 0) {
            sink.bits(0, 1);
        } else if (fits(dod, 14)) {
            sink.bits(0b10L << 14 | (dod & 0x3fff), 16);
        } else if (fits(dod, 17)) {
            sink.bits(0b110L << 17 | (dod & 0x1ffff), 20);
        } else if (fits(dod, 20)) {
            sink.bits(0b1110L << 20 | (dod & 0xfffff), 24);
        } else {
            sink.bits(0b1111, 4);
            sink.bits(dod, 64);
        }
    }

    /** Prometheus' range is shifted by one against two's complement: -(2^(n-1)-1) to 2^(n-1). */
    private static boolean fits(long value, int bits) {
        long half = 1L << (bits - 1);
        return value > -half && value <= half;
    }

    private void value(long bits, BitSink sink) {
        long xor = bits ^ valueBits;
        if (xor == 0) {
            sink.bits(0, 1);
            return;
        }
        int lead = Math.min(Long.numberOfLeadingZeros(xor), 31);
        int trail = Long.numberOfTrailingZeros(xor);
        if (leading != NO_WINDOW && lead >= leading && trail >= trailing) {
            sink.bits(0b10, 2);
            sink.bits(xor >>> trailing, 64 - leading - trailing);
            return;
        }
        leading = lead;
        trailing = trail;
        int significant = 64 - lead - trail;
        // 64 does not fit into six bits and is written as 0; 0 itself never occurs.
        sink.bits(0b11L << 11 | (long) lead << 6 | (significant & 0x3f), 13);
        sink.bits(xor >>> trail, significant);
    }
}
