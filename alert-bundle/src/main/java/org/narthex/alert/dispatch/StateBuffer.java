package org.narthex.alert.dispatch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of the dispatcher's state as they are written; integers are big-endian. May be used again and again, by one thread at a time. */
final class StateBuffer {
    private static final int MOST_KEPT = 1 << 20;

    private final int capacity;
    private byte[] bytes;
    private int size;

    StateBuffer(int capacity) {
        this.capacity = capacity;
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    void reset() {
        size = 0;
        // What one large value needed is not kept for ever.
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[capacity];
        }
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    private void makeRoom(int more) {
        if (more > bytes.length - size) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, Math.addExact(bytes.length, bytes.length)));
        }
    }

    void writeByte(int value) {
        makeRoom(1);
        bytes[size++] = (byte) value;
    }

    void writeInt(int value) {
        makeRoom(Integer.BYTES);
        setInt(size, value);
        size += Integer.BYTES;
    }

    /** Replaces one that was written at the place. */
    void setInt(int at, int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
    }

    void writeLong(long value) {
        writeInt((int) (value >> Integer.SIZE));
        writeInt((int) value);
    }

    /** The number of its bytes, then the bytes of UTF-8. */
    void writeText(String text) {
        int length = text.length();
        makeRoom(Integer.BYTES + length);
        if (isAscii(text)) {
            writeInt(length);
            ascii(text, length);
        } else {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            writeInt(utf8.length);
            makeRoom(utf8.length);
            System.arraycopy(utf8, 0, bytes, size, utf8.length);
            size += utf8.length;
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("deprecation") // the only copy of ASCII text that goes without an array in between
    private void ascii(String text, int length) {
        text.getBytes(0, length, bytes, size);
        size += length;
    }
}
