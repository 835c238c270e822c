package org.narthex.tsdb.chunk;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bits in a growing array behind some bytes of header, gathered in a word and written eight bytes at a time. Used again for chunk after chunk. */
final class BitBuffer implements BitSink {
    private static final VarHandle BE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final int headerBytes;
    private byte[] bytes;
    /** Where {@link #word} goes, in bytes. */
    private int position;
    /** Bits not yet in the array, left-aligned, zeros below. */
    private long word;
    /** How many bits of the word are taken, 0 to 63. */
    private int used;

    BitBuffer(int headerBytes, int capacity) {
        this.headerBytes = headerBytes;
        bytes = new byte[headerBytes + capacity];
        position = headerBytes;
    }

    @Override
    public void bits(long value, int count) {
        long left = value << (64 - count);
        word |= left >>> used;
        int taken = used + count;
        if (taken >= 64) {
            store();
            position += 8;
            word = used == 0 ? 0 : left << (64 - used);
            taken -= 64;
        }
        used = taken;
    }

    private void store() {
        if (position + 8 > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, position + 8));
        }
        BE64.set(bytes, position, word);
    }

    /** Header and bits so far, in bytes; the last one may be begun. */
    int size() {
        return position + (used + 7) / 8;
    }

    /** A copy of header and bits, the last byte filled up with zeros, and so many bytes of zeros more. */
    byte[] copy(int padding) {
        if (used > 0) {
            store();
        }
        int size = size();
        byte[] copy = new byte[size + padding];
        System.arraycopy(bytes, 0, copy, 0, size);
        return copy;
    }

    void clear() {
        position = headerBytes;
        word = 0;
        used = 0;
    }
}
