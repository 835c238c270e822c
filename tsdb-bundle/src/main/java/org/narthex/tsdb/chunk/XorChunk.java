package org.narthex.tsdb.chunk;

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
 * <p>An n-bit delta of delta lies in -(2^(n-1)-1) to 2^(n-1). When to open a new window is the writer's choice: {@link XorState} decides sample by
 * sample, the encoder here for the whole chunk.
 */
public final class XorChunk {
    public static final int ENCODING = 1;
    public static final int HEADER_BYTES = 2;
    public static final int MAX_SAMPLES = 0xffff;

    private static final String NAME = "XOR chunk";

    private final XorState state = new XorState();
    private final WindowPlan plan = new WindowPlan();
    private final BitBuffer bits = new BitBuffer(HEADER_BYTES, 1024);

    /** Encodes samples from index {@code from} (inclusive) to {@code to} (exclusive); their times ascend, at most {@link #MAX_SAMPLES}. */
    byte[] encode(long[] timestampsMs, double[] values, int from, int to) {
        plan.clear();
        for (int i = from + 1; i < to; i++) {
            long xor = Double.doubleToRawLongBits(values[i]) ^ Double.doubleToRawLongBits(values[i - 1]);
            if (xor != 0) {
                plan.add(xor);
            }
        }
        plan.solve();
        state.reset();
        bits.clear();
        int xors = 0;
        for (int i = from; i < to; i++) {
            xors = state.append(timestampsMs[i], Double.doubleToRawLongBits(values[i]), plan, xors, bits);
        }
        byte[] chunk = bits.copy(0);
        chunk[0] = (byte) ((to - from) >>> 8);
        chunk[1] = (byte) (to - from);
        return chunk;
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
        BitReader in = new BitReader(bytes, first, end);
        if (samples - 1 > in.left() / 2) {
            throw new CorruptionException(NAME, 0, samples + " samples in " + in.left() + " bits");
        }
        into.ensureCapacity(into.size() + samples);
        long[] times = into.timestampsMs();
        double[] values = into.values();
        int n = into.size();
        long t = in.varint();
        long v = in.bits(64);
        long delta = samples == 1 ? 0 : in.uvarint();
        in.check(NAME, Math.min(1, samples - 1), samples);
        // From here on without the reader: a position in a field would be written and read again for each piece of a
        // sample.
        int position = in.position();
        int limit = end * 8;
        // One window in two numbers: of its bits, how many are written, and by how much they are shifted.
        int width = 64;
        int trailing = 0;
        for (int i = 0; ; ) {
            if (position > limit) {
                throw new CorruptionException(NAME, end, "ends within sample " + i + " of " + samples);
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
            long ahead = BitReader.peek(bytes, position);
            if (i > 1) {
                if (ahead >= 0) {
                    // The common case in one read: no change of pace, and after that one bit the value.
                    position++;
                    ahead <<= 1;
                } else {
                    int ones = Math.min(Long.numberOfLeadingZeros(~ahead), 4);
                    int digits = ones == 4 ? 64 : 11 + 3 * ones;
                    position += Math.min(ones + 1, 4);
                    delta += signed(BitReader.bits(bytes, position, digits), digits);
                    position += digits;
                    ahead = BitReader.peek(bytes, position);
                }
            }
            t += delta;
            if (ahead >= 0) {
                position++;
                continue;
            }
            if ((ahead & 1L << 62) == 0) {
                position += 2;
                if (width <= 54) {
                    // 57 bits less the one of the time and these two are at hand.
                    position += width;
                    v ^= ahead << 2 >>> (64 - width) << trailing;
                    continue;
                }
            } else {
                int leading = (int) (ahead >>> 57) & 0x1f;
                int described = (int) (ahead >>> 51) & 0x3f;
                width = described == 0 ? 64 : described;
                trailing = 64 - leading - width;
                if (trailing < 0) {
                    throw badWindow(NAME, position, leading, described);
                }
                position += 13;
            }
            v ^= BitReader.bits(bytes, position, width) << trailing;
            position += width;
        }
        into.size(n);
    }

    static CorruptionException badWindow(String chunk, int position, int leading, int described) {
        return new CorruptionException(
                chunk, position / 8, "a window of " + leading + " leading zeros and " + described + " bits");
    }

    /** A number from its lowest bits: the upper half of all patterns but its first is negative. */
    private static long signed(long value, int digits) {
        return digits < 64 && value > 1L << (digits - 1) ? value - (1L << digits) : value;
    }
}
