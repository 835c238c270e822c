package org.narthex.scrape.proto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import org.narthex.scrape.text.PageFormatException;

/** A position in protobuf bytes, bounded by the message that is read. Not thread-safe. */
final class ProtoReader {
    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    private static final int GROUP = 3;
    private static final int END_GROUP = 4;
    private static final int FIXED32 = 5;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] buf = new byte[0];
    private int pos;
    private int end;
    private int field;
    private int wire;

    void reset(byte[] bytes, int from, int to) {
        buf = bytes;
        pos = from;
        end = to;
    }

    byte[] bytes() {
        return buf;
    }

    int position() {
        return pos;
    }

    void position(int position) {
        pos = position;
    }

    int end() {
        return end;
    }

    /** Moves to the next field of the message; false at its end. */
    boolean next() throws PageFormatException {
        if (pos >= end) {
            return false;
        }
        long tag = varint();
        field = (int) (tag >>> 3);
        wire = (int) (tag & 7);
        if (tag >>> 3 == 0 || tag >>> 32 != 0) {
            throw error("illegal tag " + tag);
        }
        return true;
    }

    int field() {
        return field;
    }

    long varint() throws PageFormatException {
        if (pos < end && buf[pos] >= 0) {
            return buf[pos++];
        }
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (pos >= end) {
                throw error("unexpected end of a number");
            }
            byte b = buf[pos++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw error("a number of more than 64 bits");
    }

    /** A number of the present field. */
    long number() throws PageFormatException {
        expect(VARINT);
        return varint();
    }

    long zigzag() throws PageFormatException {
        long value = varint();
        return (value >>> 1) ^ -(value & 1);
    }

    double fixed64() throws PageFormatException {
        if (end - pos < 8) {
            throw error("unexpected end of a double");
        }
        double value = Double.longBitsToDouble((long) LONGS.get(buf, pos));
        pos += 8;
        return value;
    }

    /** A double of the present field. */
    double real() throws PageFormatException {
        expect(FIXED64);
        return fixed64();
    }

    /** Reads the length of the present field; its bytes begin at {@link #position()}. Returns where they end. */
    int length() throws PageFormatException {
        expect(LENGTH);
        return delimited();
    }

    /** Reads a length; what it counts must be there. */
    int delimited() throws PageFormatException {
        long length = varint();
        if (length < 0 || length > end - pos) {
            throw error("a length of " + Long.toUnsignedString(length) + " bytes, where " + (end - pos) + " are left");
        }
        return pos + (int) length;
    }

    boolean isPacked() {
        return wire == LENGTH;
    }

    private void expect(int wanted) throws PageFormatException {
        if (wire != wanted) {
            throw error("wrong wire type " + wire + " for field " + field);
        }
    }

    /** Enters a message that ends there; returns the end of the one around, for {@link #leave}. */
    int enter(int messageEnd) {
        int outer = end;
        end = messageEnd;
        return outer;
    }

    void leave(int outer) {
        pos = end;
        end = outer;
    }

    void skip() throws PageFormatException {
        switch (wire) {
            case VARINT -> varint();
            case FIXED64 -> advance(8);
            case LENGTH -> pos = delimited();
            case FIXED32 -> advance(4);
            case GROUP -> skipGroup();
            default -> throw error("illegal wire type " + wire);
        }
    }

    private void skipGroup() throws PageFormatException {
        int depth = 1;
        while (depth > 0) {
            if (!next()) {
                throw error("unexpected end of a group");
            }
            if (wire == GROUP) {
                depth++;
            } else if (wire == END_GROUP) {
                depth--;
            } else {
                skip();
            }
        }
    }

    private void advance(int bytes) throws PageFormatException {
        if (end - pos < bytes) {
            throw error("unexpected end of a field");
        }
        pos += bytes;
    }

    PageFormatException error(String what) {
        return new PageFormatException("byte " + pos + ": " + what);
    }
}
