package org.narthex.remote;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A cursor over protobuf messages in a byte array. Messages within messages are read by the same cursor: {@link #messageEnd} gives the end of one,
 * and the reader goes on until {@link #pos} is there. Not thread-safe.
 */
final class Wire {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int FIXED32 = 5;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    byte[] bytes = {};
    /** The next byte. */
    int pos;
    /** Where the outermost message begins; positions in errors count from there. */
    private int start;
    /** Where the outermost message ends. */
    private int limit;

    void reset(byte[] newBytes, int newStart, int newLimit) {
        bytes = newBytes;
        pos = newStart;
        start = newStart;
        limit = newLimit;
    }

    int limit() {
        return limit;
    }

    /** Field number and wire type. */
    int tag() throws BadRequestException {
        if (pos < limit) {
            int b = bytes[pos];
            if (b > 7) {
                pos++;
                return b;
            }
        }
        long tag = varint();
        if (tag >>> 3 == 0 || tag >>> 32 != 0) {
            throw malformed("no field has the tag " + Long.toUnsignedString(tag));
        }
        return (int) tag;
    }

    long varint() throws BadRequestException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (pos >= limit) {
                throw malformed("the message ends within a number");
            }
            byte b = bytes[pos++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw malformed("a number of more than ten bytes");
    }

    long zigzag() throws BadRequestException {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    /** Eight bytes, as the bits of a double. */
    long fixed64() throws BadRequestException {
        if (limit - pos < Long.BYTES) {
            throw malformed("the message ends within a double");
        }
        long bits = (long) LONGS.get(bytes, pos);
        pos += Long.BYTES;
        return bits;
    }

    double float64() throws BadRequestException {
        return Double.longBitsToDouble(fixed64());
    }

    /**
     * Reads the length of an embedded message or text.
     *
     * @param outerEnd the end of what it is in
     * @return where it ends
     */
    int messageEnd(int outerEnd) throws BadRequestException {
        long length = pos < limit && bytes[pos] >= 0 ? bytes[pos++] : varint();
        if (length < 0 || length > outerEnd - pos) {
            throw malformed("a part of " + Long.toUnsignedString(length) + " bytes where " + Math.max(0, outerEnd - pos)
                    + " are left");
        }
        return pos + (int) length;
    }

    /** Passes over a field whose tag was just read. */
    void skip(int tag, int outerEnd) throws BadRequestException {
        switch (tag & 7) {
            case VARINT -> varint();
            case FIXED64 -> pos += Long.BYTES;
            case LENGTH -> pos = messageEnd(outerEnd);
            case FIXED32 -> pos += Integer.BYTES;
            default -> throw malformed("field " + (tag >>> 3) + " has the wire type " + (tag & 7));
        }
        if (pos > outerEnd) {
            throw malformed("field " + (tag >>> 3) + " reaches beyond its message");
        }
    }

    /** Checks that a message was read exactly to its end. */
    void atEnd(int end) throws BadRequestException {
        if (pos != end) {
            throw malformed("a field reaches " + (pos - end) + " bytes beyond its message");
        }
    }

    BadRequestException malformed(String what) {
        return new BadRequestException("malformed protobuf at byte " + (pos - start) + ": " + what);
    }
}
