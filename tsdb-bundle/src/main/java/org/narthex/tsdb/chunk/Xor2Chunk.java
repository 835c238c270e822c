package org.narthex.tsdb.chunk;

import org.narthex.api.model.StaleNaN;
import org.narthex.api.storage.SampleBuffer;
import org.narthex.tsdb.encoding.CorruptionException;

/**
 * The XOR2 encoding (encoding byte 4): a change of pace and of value in one prefix, staleness markers in a few bits, and start timestamps.
 *
 * <pre>
 * be16 number of samples, byte of {@link StartTimes}; each sample ends with its start as that says
 * sample 0   varint t, 64 bits v
 * sample 1   uvarint t1-t0, value
 * sample n   by the delta of delta of t:
 *            0                 0, and the same value
 *            10                0, another value: 0 + bits of the window used last | 1 + window
 *            110 + 13 bits     value
 *            1110 + 20         value
 *            11110 + 64        value
 *            11111             0, and a staleness marker
 * value      0 = same | 10 + bits of the window used last | 110 + window | 111 = staleness marker
 * window     5 bits leading zeros, 6 bits length (0 = 64), bits
 * </pre>
 *
 * <p>Deltas of deltas are in two's complement here. A staleness marker does not count as the value the next one is xored with; before any other value
 * that is 0.
 */
final class Xor2Chunk {
    static final int ENCODING = 4;
    static final int HEADER_BYTES = 3;

    private static final String NAME = "XOR2 chunk";

    private final WindowPlan plan = new WindowPlan();
    private final StartTimes starts = new StartTimes();
    private final BitBuffer bits = new BitBuffer(HEADER_BYTES, 1024);

    /** Value bits the next ones are xored with. */
    private long baseline;

    private int xors;

    /** Encodes samples from index {@code from} (inclusive) to {@code to} (exclusive), which are floats; at most {@link XorChunk#MAX_SAMPLES}. */
    byte[] encode(SampleBuffer samples, int from, int to, boolean withStarts) {
        long[] times = samples.timestampsMs();
        double[] values = samples.values();
        plan(values, from, to);
        int lastChange = withStarts ? lastChange(samples, from, to) : from;
        bits.clear();
        starts.begin(0);
        xors = 0;
        baseline = 0;
        long delta = 0;
        for (int i = from; i < to; i++) {
            long v = Double.doubleToRawLongBits(values[i]);
            long previous = i == from ? 0 : times[i - 1];
            if (i == from) {
                Varbit.writeZigZagBytes(times[i], bits);
                bits.bits(v, 64);
                baseline = v == StaleNaN.BITS ? 0 : v;
            } else {
                long change = times[i] - previous - delta;
                delta = times[i] - previous;
                if (i == from + 1) {
                    Varbit.writeBytes(delta, bits);
                    value(v);
                } else {
                    sample(change, v);
                }
            }
            if (withStarts) {
                starts.write(i - from, times[i], previous, samples.startTimestampMs(i), i < lastChange, bits);
            }
        }
        byte[] chunk = bits.copy(0);
        chunk[0] = (byte) ((to - from) >>> 8);
        chunk[1] = (byte) (to - from);
        chunk[2] = (byte) starts.header();
        return chunk;
    }

    private void plan(double[] values, int from, int to) {
        plan.clear();
        long before = 0;
        for (int i = from; i < to; i++) {
            long v = Double.doubleToRawLongBits(values[i]);
            if (v != StaleNaN.BITS) {
                if (i > from && v != before) {
                    plan.add(v ^ before);
                }
                before = v;
            }
        }
        plan.solve();
    }

    /** The last sample whose start is not that of the one before it; {@code from} if there is none. */
    private static int lastChange(SampleBuffer samples, int from, int to) {
        for (int i = to - 1; i > from; i--) {
            if (samples.startTimestampMs(i) != samples.startTimestampMs(i - 1)) {
                return i;
            }
        }
        return from;
    }

    private void sample(long change, long v) {
        if (change == 0) {
            if (v == StaleNaN.BITS) {
                bits.bits(0b11111, 5);
            } else if (v == baseline) {
                bits.bits(0, 1);
            } else {
                bits.bits(0b10, 2);
                xor(v, 0b0, 0b1, 1, 1);
            }
            return;
        }
        if (change >= -(1 << 12) && change < 1 << 12) {
            bits.bits(0b110L << 13 | (change & 0x1fff), 16);
        } else if (change >= -(1 << 19) && change < 1 << 19) {
            bits.bits(0b1110L << 20 | (change & 0xfffff), 24);
        } else {
            bits.bits(0b11110, 5);
            bits.bits(change, 64);
        }
        value(v);
    }

    private void value(long v) {
        if (v == StaleNaN.BITS) {
            bits.bits(0b111, 3);
        } else if (v == baseline) {
            bits.bits(0, 1);
        } else {
            xor(v, 0b10, 0b110, 2, 3);
        }
    }

    private void xor(long v, long again, long anew, int againBits, int anewBits) {
        int window = plan.window(xors);
        if (plan.opens(xors++)) {
            bits.bits(anew << 11 | XorWindow.description(window), anewBits + 11);
        } else {
            bits.bits(again, againBits);
        }
        bits.bits((v ^ baseline) >>> XorWindow.trailing(window), XorWindow.width(window));
        baseline = v;
    }

    /**
     * Decodes samples within inclusive bounds and appends them to the buffer.
     *
     * @param chunk from {@link XorChunk#padded}, at least its header
     * @throws CorruptionException with an offset within the chunk
     */
    static void decode(byte[] chunk, int length, long minTimeMs, long maxTimeMs, SampleBuffer into)
            throws CorruptionException {
        int samples = XorChunk.samples(chunk);
        if (samples == 0) {
            return;
        }
        BitReader in = new BitReader(chunk, HEADER_BYTES, length);
        StartTimes starts = new StartTimes();
        starts.begin(chunk[2] & 0xff);
        boolean withStarts = chunk[2] != 0;
        Values values = new Values(in);
        long t = in.varint();
        values.first(in.bits(64));
        long start = starts.read(0, t, 0, in);
        long delta = 0;
        for (int i = 0; ; ) {
            in.check(NAME, i, samples);
            if (t > maxTimeMs) {
                return;
            }
            if (t >= minTimeMs) {
                into.add(t, Double.longBitsToDouble(values.present));
                if (withStarts) {
                    into.startTimestampMs(into.size() - 1, start);
                }
            }
            if (++i == samples) {
                return;
            }
            long previous = t;
            if (i == 1) {
                delta = in.uvarint();
                values.next();
            } else {
                delta += values.joint();
            }
            t += delta;
            if (withStarts) {
                start = starts.read(i, t, previous, in);
            }
        }
    }

    /** The values of a chunk being read. */
    private static final class Values {
        private final BitReader in;
        private long baseline;
        private int width = 64;
        private int trailing;
        /** Bits of the value read last, which may be a staleness marker. */
        private long present;

        Values(BitReader in) {
            this.in = in;
        }

        void first(long v) {
            present = v;
            baseline = v == StaleNaN.BITS ? 0 : v;
        }

        /** Reads time and value of a sample and answers the delta of delta. */
        long joint() throws CorruptionException {
            long ahead = in.peek();
            int ones = Math.min(Long.numberOfLeadingZeros(~ahead), 5);
            in.skip(Math.min(ones + 1, 5));
            switch (ones) {
                case 0:
                    present = baseline;
                    return 0;
                case 1:
                    boolean opens = in.bits(1) == 1;
                    if (opens) {
                        open();
                    }
                    xor();
                    return 0;
                case 5:
                    present = StaleNaN.BITS;
                    return 0;
                default:
                    int bits = ones == 2 ? 13 : ones == 3 ? 20 : 64;
                    // Two's complement, by shifting the sign up and down again.
                    long change = in.bits(bits) << (64 - bits) >> (64 - bits);
                    next();
                    return change;
            }
        }

        /** Reads a value with a prefix of its own. */
        void next() throws CorruptionException {
            int ones = Math.min(Long.numberOfLeadingZeros(~in.peek()), 3);
            in.skip(Math.min(ones + 1, 3));
            switch (ones) {
                case 0:
                    present = baseline;
                    return;
                case 3:
                    present = StaleNaN.BITS;
                    return;
                case 2:
                    open();
                    break;
                default:
                    break;
            }
            xor();
        }

        private void open() throws CorruptionException {
            int leading = (int) in.bits(5);
            int described = (int) in.bits(6);
            width = described == 0 ? 64 : described;
            trailing = 64 - leading - width;
            if (trailing < 0) {
                throw XorChunk.badWindow(NAME, in.position(), leading, described);
            }
        }

        private void xor() {
            baseline ^= in.bits(width) << trailing;
            present = baseline;
        }
    }
}
