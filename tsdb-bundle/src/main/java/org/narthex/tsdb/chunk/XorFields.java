package org.narthex.tsdb.chunk;

import java.util.Arrays;

import org.narthex.tsdb.encoding.CorruptionException;

/**
 * Doubles that each change from sample to sample, every one xored with its own last value and with a window of its own: 0 = same | 10 + bits of the
 * window used last | 11 + 5 bits leading zeros, 6 bits length (0 = 64), bits. For writing or for reading, not both.
 */
final class XorFields {
    private final long[] values;
    private final byte[] leading;
    private final byte[] trailing;

    XorFields(int fields) {
        values = new long[fields];
        leading = new byte[fields];
        trailing = new byte[fields];
        Arrays.fill(leading, (byte) XorWindow.NONE);
    }

    long bits(int field) {
        return values[field];
    }

    void writeFirst(int field, long bits, BitSink sink) {
        values[field] = bits;
        sink.bits(bits, 64);
    }

    void write(int field, long bits, BitSink sink) {
        long xor = values[field] ^ bits;
        if (xor == 0) {
            sink.bits(0, 1);
            return;
        }
        values[field] = bits;
        int last = XorWindow.of(leading[field] & 0xff, trailing[field]);
        int window = XorWindow.choose(leading[field] & 0xff, trailing[field], xor);
        if (window == last) {
            sink.bits(0b10, 2);
        } else {
            sink.bits(0b11L << 11 | XorWindow.description(window), 13);
            leading[field] = (byte) XorWindow.leading(window);
            trailing[field] = (byte) XorWindow.trailing(window);
        }
        sink.bits(xor >>> XorWindow.trailing(window), XorWindow.width(window));
    }

    void readFirst(int field, BitReader in) {
        values[field] = in.bits(64);
        leading[field] = 0;
    }

    void read(int field, BitReader in, String chunk) throws CorruptionException {
        long ahead = in.peek();
        if (ahead >= 0) {
            in.skip(1);
            return;
        }
        int width = 64 - leading[field] - trailing[field];
        if ((ahead & 1L << 62) == 0) {
            in.skip(2);
        } else {
            int lead = (int) (ahead >>> 57) & 0x1f;
            int described = (int) (ahead >>> 51) & 0x3f;
            width = described == 0 ? 64 : described;
            if (lead + width > 64) {
                throw XorChunk.badWindow(chunk, in.position(), lead, described);
            }
            leading[field] = (byte) lead;
            trailing[field] = (byte) (64 - lead - width);
            in.skip(13);
        }
        values[field] ^= in.bits(width) << trailing[field];
    }
}
