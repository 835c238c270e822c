package org.narthex.tsdb.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** A growing byte array to encode into; cleared and used again, it allocates nothing. Not thread-safe. */
public final class Encbuf {
    private static final VarHandle BE64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle BE32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final CRC32C crc = new CRC32C();
    private byte[] bytes;
    private int size;

    public Encbuf(int capacity) {
        bytes = new byte[capacity];
    }

    /** The present array; only the first {@link #size()} bytes count, and it is replaced when it grows. */
    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return size;
    }

    public void clear() {
        size = 0;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
        }
    }

    public void u8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    public void be16(int value) {
        reserve(2);
        bytes[size++] = (byte) (value >>> 8);
        bytes[size++] = (byte) value;
    }

    public void be32(int value) {
        reserve(4);
        BE32.set(bytes, size, value);
        size += 4;
    }

    public void be64(long value) {
        reserve(8);
        BE64.set(bytes, size, value);
        size += 8;
    }

    /** Unsigned LEB128. */
    public void uvarint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** Signed, zig-zag. */
    public void varint(long value) {
        uvarint((value << 1) ^ (value >> 63));
    }

    /** Length in UTF-8 bytes, then the bytes. */
    public void str(String text) {
        int length = text.length();
        reserve(10 + length);
        int start = size;
        uvarint(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                size = start;
                strBeyondAscii(text);
                return;
            }
            bytes[size++] = (byte) c;
        }
    }

    private void strBeyondAscii(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        uvarint(utf8.length);
        raw(utf8, 0, utf8.length);
    }

    public void raw(byte[] from, int offset, int length) {
        reserve(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    public void zeros(int count) {
        reserve(count);
        Arrays.fill(bytes, size, size + count, (byte) 0);
        size += count;
    }

    /** Overwrites four bytes written before. */
    public void be32At(int position, int value) {
        BE32.set(bytes, position, value);
    }

    /** Appends the CRC-32C (Castagnoli) of everything from the given position on. */
    public void crcFrom(int position) {
        crc.reset();
        crc.update(bytes, position, size - position);
        be32((int) crc.getValue());
    }
}
