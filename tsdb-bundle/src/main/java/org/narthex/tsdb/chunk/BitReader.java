package org.narthex.tsdb.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads bits, the most significant first. The array must have {@link #PADDING} bytes more than hold bits, since reads are eight bytes wide; the
 * caller compares {@link #position()} with its limit once per sample. Not thread-safe.
 */
final class BitReader {
    /** More than one sample can take: 4 + 64 bits of time, 13 + 64 of value, and a wide read. */
    static final int PADDING = 40;

    private static final VarHandle BE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final byte[] bytes;
    private int position;

    BitReader(byte[] bytes, int firstByte) {
        this.bytes = bytes;
        this.position = firstByte * 8;
    }

    /** In bits from the start of the array. */
    int position() {
        return position;
    }

    /** The coming bits, at least 57 of them, left-aligned. */
    long peek() {
        return (long) BE64.get(bytes, position >>> 3) << (position & 7);
    }

    void skip(int count) {
        position += count;
    }

    /** @param count 1 to 64 */
    long bits(int count) {
        if (count <= 56) {
            long value = peek() >>> (64 - count);
            position += count;
            return value;
        }
        long high = bits(count - 32);
        return high << 32 | bits(32);
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
}
