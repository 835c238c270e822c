package org.narthex.tsdb.chunk;

import java.util.Arrays;

import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

/**
 * The XOR encoding (encoding byte 1), after {@code tsdb/docs/format/chunks.md}; bits most significant first, padded with zeros to a byte.
 *
 * <pre>
 * be16 number of samples
 * sample 0   varint t, 64 bits v
 * sample 1   uvarint t1-t0, value
 * sample n   delta of delta of t: 0 | 10 + 14 bits | 110 + 17 | 1110 + 20 | 1111 + 64; value
 * value      xor with the value before: 0 = same | 10 + bits of the window used last | 11 + 5 bits leading zeros, 6 bits length (0 = 64), bits
 * </pre>
 *
 * <p>An n-bit delta of delta lies in -(2^(n-1)-1) to 2^(n-1). A window is used again if the new xor fits into it.
 */
public final class XorChunk implements BitSink {
    public static final int ENCODING = 1;
    public static final int HEADER_BYTES = 2;
    public static final int MAX_SAMPLES = 0xffff;

    private final XorState state = new XorState();
    private byte[] bytes = new byte[256];
    private int bit = HEADER_BYTES * 8;

    /** Adds a sample to the chunk being built; the caller keeps time ascending and the count within {@link #MAX_SAMPLES}. */
    public void append(long t, double value) {
        state.append(t, Double.doubleToRawLongBits(value), this);
    }

    public int samples() {
        return state.samples;
    }

    /** The chunk so far, header included. */
    public byte[] toByteArray() {
        byte[] chunk = Arrays.copyOf(bytes, (bit + 7) / 8);
        chunk[0] = (byte) (state.samples >>> 8);
        chunk[1] = (byte) state.samples;
        return chunk;
    }

    /** Starts a new chunk in the same memory. */
    public void clear() {
        state.reset();
        Arrays.fill(bytes, 0, (bit + 7) / 8, (byte) 0);
        bit = HEADER_BYTES * 8;
    }

    @Override
    public void bits(long value, int count) {
        if (bit + count > bytes.length * 8) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        int left = count;
        while (left > 0) {
            int free = 8 - (bit & 7);
            int take = Math.min(free, left);
            int part = (int) (value >>> (left - take)) & ((1 << take) - 1);
            bytes[bit >>> 3] |= (byte) (part << (free - take));
            bit += take;
            left -= take;
        }
    }

    /** The array a chunk of the given length must be read into before it is decoded: the decoder reads a little past the end. */
    public static byte[] padded(byte[] present, int length) {
        int needed = length + BitReader.PADDING;
        return present.length >= needed ? present : new byte[Math.max(needed, 1024)];
    }

    /** Where the bytes a chunk may take in a {@link #padded} array end. */
    public static int end(byte[] padded) {
        return padded.length - BitReader.PADDING;
    }

    public static int samples(byte[] chunk) {
        return (chunk[0] & 0xff) << 8 | (chunk[1] & 0xff);
    }

    /**
     * Decodes samples within inclusive bounds and appends them to the buffer.
     *
     * @param bytes from {@link #padded}
     * @param first where the samples begin, after the header
     * @param end where the chunk ends
     * @param samples how many to decode; more may follow
     * @throws CorruptionException with an offset within the chunk
     */
    public static void decode(
            byte[] bytes, int first, int end, int samples, long minTimeMs, long maxTimeMs, SampleBuffer into)
            throws CorruptionException {
        if (samples == 0) {
            return;
        }
        into.ensureCapacity(into.size() + samples);
        long[] times = into.timestampsMs();
        double[] values = into.values();
        int n = into.size();
        BitReader in = new BitReader(bytes, first);
        int limit = end * 8;
        long t = in.varint();
        long v = in.bits(64);
        long delta = 0;
        int leading = 0;
        int trailing = 0;
        for (int i = 0; ; ) {
            if (in.position() > limit) {
                throw new CorruptionException("XOR chunk", end, "ends within sample " + i + " of " + samples);
            }
            if (t > maxTimeMs) {
                break;
            }
            if (t >= minTimeMs) {
                times[n] = t;
                values[n++] = Double.longBitsToDouble(v);
            }
            if (++i == samples) {
                break;
            }
            delta = i == 1 ? in.uvarint() : delta + deltaOfDelta(in);
            t += delta;
            long ahead = in.peek();
            if (ahead >= 0) {
                in.skip(1);
                continue;
            }
            if ((ahead & 1L << 62) == 0) {
                in.skip(2);
            } else {
                leading = (int) (ahead >>> 57) & 0x1f;
                int significant = (int) (ahead >>> 51) & 0x3f;
                trailing = significant == 0 ? 0 : 64 - leading - significant;
                if (trailing < 0 || (significant == 0 && leading != 0)) {
                    throw new CorruptionException(
                            "XOR chunk", in.position() / 8, "a window of " + leading + " + " + significant + " bits");
                }
                in.skip(13);
            }
            v ^= in.bits(64 - leading - trailing) << trailing;
        }
        into.size(n);
    }

    private static long deltaOfDelta(BitReader in) {
        long ahead = in.peek();
        if (ahead >= 0) {
            in.skip(1);
            return 0;
        }
        int ones = Math.min(Long.numberOfLeadingZeros(~ahead), 4);
        if (ones == 4) {
            in.skip(4);
            return in.bits(64);
        }
        int width = 11 + 3 * ones;
        in.skip(ones + 1);
        long value = in.bits(width);
        return value > 1L << (width - 1) ? value - (1L << width) : value;
    }
}
