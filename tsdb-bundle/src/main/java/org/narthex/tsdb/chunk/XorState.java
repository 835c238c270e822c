package org.narthex.tsdb.chunk;

/**
 * What the encoder of an XOR chunk remembers from one sample to the next, and the encoder itself. The head keeps these fields as columns and
 * loads them into one such object per batch, so appending allocates nothing. Not thread-safe.
 */
public final class XorState {
    /** No window of meaningful bits yet. */
    public static final int NO_WINDOW = XorWindow.NONE;

    public int samples;
    public long timestampMs;
    public long deltaMs;
    public long valueBits;
    public int leading = NO_WINDOW;
    public int trailing;

    /** Control bits of the time of the sample being written, held back so that they go into the sink together with the value. */
    private long held;

    private int heldBits;

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
            first(t, bits, sink);
            return;
        }
        time(t, sink);
        long xor = bits ^ valueBits;
        if (xor == 0) {
            same(sink);
        } else {
            int window = XorWindow.choose(leading, trailing, xor);
            value(xor, window, window != XorWindow.of(leading, trailing), sink);
        }
        valueBits = bits;
    }

    /** The same with windows planned beforehand for the xors that are not 0; answers how many of them have been written. */
    int append(long t, long bits, WindowPlan plan, int xors, BitSink sink) {
        if (samples == 0) {
            first(t, bits, sink);
            return xors;
        }
        time(t, sink);
        long xor = bits ^ valueBits;
        valueBits = bits;
        if (xor == 0) {
            same(sink);
            return xors;
        }
        value(xor, plan.window(xors), plan.opens(xors), sink);
        return xors + 1;
    }

    private void first(long t, long bits, BitSink sink) {
        Varbit.writeZigZagBytes(t, sink);
        sink.bits(bits, 64);
        timestampMs = t;
        valueBits = bits;
        samples = 1;
    }

    private void time(long t, BitSink sink) {
        long delta = t - timestampMs;
        heldBits = 0;
        held = 0;
        if (samples == 1) {
            Varbit.writeBytes(delta, sink);
        } else {
            deltaOfDelta(delta - deltaMs, sink);
        }
        deltaMs = delta;
        timestampMs = t;
        samples++;
    }

    private void deltaOfDelta(long dod, BitSink sink) {
        if (dod == 0) {
            heldBits = 1;
        } else if (fits(dod, 14)) {
            hold(0b10L << 14 | (dod & 0x3fff), 16);
        } else if (fits(dod, 17)) {
            hold(0b110L << 17 | (dod & 0x1ffff), 20);
        } else if (fits(dod, 20)) {
            hold(0b1110L << 20 | (dod & 0xfffff), 24);
        } else {
            sink.bits(0b1111, 4);
            sink.bits(dod, 64);
        }
    }

    private void hold(long bits, int count) {
        held = bits;
        heldBits = count;
    }

    /** Prometheus' range is shifted by one against two's complement: -(2^(n-1)-1) to 2^(n-1). */
    private static boolean fits(long value, int bits) {
        long half = 1L << (bits - 1);
        return value > -half && value <= half;
    }

    private void same(BitSink sink) {
        sink.bits(held << 1, heldBits + 1);
    }

    private void value(long xor, int window, boolean opens, BitSink sink) {
        long control = held << 2 | 0b10;
        int controlBits = heldBits + 2;
        if (opens) {
            control = (control | 1) << 11 | XorWindow.description(window);
            controlBits += 11;
            leading = XorWindow.leading(window);
            trailing = XorWindow.trailing(window);
        }
        int width = XorWindow.width(window);
        long significant = xor >>> XorWindow.trailing(window);
        if (controlBits + width <= 64) {
            sink.bits(control << width | significant, controlBits + width);
        } else {
            sink.bits(control, controlBits);
            sink.bits(significant, width);
        }
    }
}
