package org.narthex.tsdb.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import org.narthex.tsdb.encoding.CorruptionException;

/**
 * Reads bits, the most significant first. The array must have {@link #PADDING} bytes more than hold bits, since reads are eight bytes wide and go past
 * the end unseen; the caller calls {@link #check} at least once for as many bits as the padding has. Not thread-safe.
 */
final class BitReader {
    /** More than one sample of floats can take: 5 + 64 bits of time, 14 + 64 of value, 72 of start, and a wide read. */
    static final int PADDING = 40;

    private static final VarHandle BE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final byte[] bytes;
    private final int limit;
    private int position;

    /** @param end exclusive, in bytes, like {@code firstByte} */
    BitReader(byte[] bytes, int firstByte, int end) {
        this.bytes = bytes;
        position = firstByte * 8;
        limit = end * 8;
    }

    /** In bits from the start of the array. */
    int position() {
        return position;
    }

    /** Bits that have not been read; negative past the end. */
    int left() {
        return limit - position;
    }

    /**
     * Makes sure that what was read was there.
     *
     * @throws CorruptionException saying that the chunk ends within the sample
     */
    void check(String chunk, int sample, int samples) throws CorruptionException {
        if (position > limit) {
            throw new CorruptionException(chunk, limit / 8, "ends within sample " + sample + " of " + samples);
        }
    }

    /** The coming bits, at least 57 of them, left-aligned. */
    long peek() {
        return peek(bytes, position);
    }

    /** The bits from a position on, which is in bits from the start of the array: at least 57 of them, left-aligned. */
    static long peek(byte[] bytes, int position) {
        return (long) BE64.get(bytes, position >>> 3) << (position & 7);
    }

    /** @param count 1 to 64 */
    static long bits(byte[] bytes, int position, int count) {
        if (count <= 56) {
            return peek(bytes, position) >>> (64 - count);
        }
        int low = count - 32;
        return peek(bytes, position) >>> 32 << low | peek(bytes, position + 32) >>> (64 - low);
    }

    void skip(int count) {
        position += count;
    }

    /** @param count 1 to 64 */
    long bits(int count) {
        long value = bits(bytes, position, count);
        position += count;
        return value;
    }

    long uvarint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            long b = bits(8);
            value |= (b & 0x7f) << shift;
            if (b < 0x80) {
                break;
            }
        }
        return value;
    }

    long varint() {
        long value = uvarint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** Written by {@link Varbit#writeUint}. */
    long varbitUint() {
        int width = varbitWidth();
        return width == 0 ? 0 : bits(width);
    }

    /** Written by {@link Varbit#writeInt}. */
    long varbitInt() {
        int width = varbitWidth();
        if (width == 0) {
            return 0;
        }
        long value = bits(width);
        return width < 64 && value > 1L << (width - 1) ? value - (1L << width) : value;
    }

    private int varbitWidth() {
        long ahead = peek();
        if (ahead >= 0) {
            position++;
            return 0;
        }
        int ones = Math.min(Long.numberOfLeadingZeros(~ahead), 8);
        position += Math.min(ones + 1, 8);
        return Varbit.width(ones);
    }
}
