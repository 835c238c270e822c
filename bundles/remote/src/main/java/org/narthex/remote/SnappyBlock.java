package org.narthex.remote;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads a snappy block (not the framed format): a varint with the plain length, then literals and copies; {@code format_description.txt} of snappy.
 * Keeps its output for the next block. Not thread-safe.
 */
final class SnappyBlock {
    /** No copy makes more of its bytes: 64 of 3. */
    private static final int MAX_RATIO = 22;

    private static final int LITERAL = 0;
    private static final int COPY_1 = 1;
    private static final int COPY_2 = 2;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] own = {};
    private byte[] plain = own;
    private int start;
    private int end;
    private int at;

    /** The array with the plain bytes; valid until the next block, or a change of the input. */
    byte[] plain() {
        return plain;
    }

    /** The first plain byte. */
    int start() {
        return start;
    }

    /** Behind the last plain byte. */
    int end() {
        return end;
    }

    /** Lets the memory go if it is more than the given number of bytes. */
    void shrink(int maxBytes) {
        if (own.length > maxBytes) {
            own = new byte[0];
        }
        plain = own;
    }

    /** @param maxPlain the greatest plain length to accept, in bytes */
    void decode(byte[] in, int length, int maxPlain) throws BadRequestException {
        at = 0;
        long claimed = plainLength(in, length);
        if (claimed > maxPlain) {
            throw new BadRequestException("the request has " + claimed + " bytes uncompressed, more than " + maxPlain);
        }
        if (claimed > (long) MAX_RATIO * length) {
            throw corrupt(claimed + " bytes cannot come of " + length);
        }
        int size = (int) claimed;
        if (isOneLiteral(in, length, size)) {
            // Nothing was compressed: the plain bytes stand in the input as they are.
            plain = in;
            start = at;
            end = at + size;
            return;
        }
        if (own.length < size) {
            own = new byte[Math.max(size, (int) Math.min(maxPlain, own.length * 2L))];
        }
        plain = own;
        start = 0;
        end = size;
        expand(in, length, own, size);
    }

    private long plainLength(byte[] in, int length) throws BadRequestException {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at >= length) {
                throw corrupt("no length");
            }
            byte b = in[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                if (value >>> 32 != 0) {
                    break;
                }
                return value;
            }
        }
        throw corrupt("the length is more than 32 bits");
    }

    private boolean isOneLiteral(byte[] in, int length, int size) throws BadRequestException {
        int before = at;
        if (size > 0 && at < length && (in[at] & 3) == LITERAL) {
            int tag = in[at++] & 0xff;
            long literal = literalLength(in, length, tag);
            if (literal == size && at + literal == length) {
                return true;
            }
        }
        at = before;
        return false;
    }

    private long literalLength(byte[] in, int length, int tag) throws BadRequestException {
        int code = tag >>> 2;
        return code < 60 ? code + 1L : littleEndian(in, length, code - 59) + 1;
    }

    private long littleEndian(byte[] in, int length, int bytes) throws BadRequestException {
        if (bytes > length - at) {
            throw corrupt("the block ends within an element");
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (in[at++] & 0xffL) << (8 * i);
        }
        return value;
    }

    private void expand(byte[] in, int length, byte[] out, int size) throws BadRequestException {
        int to = 0;
        while (at < length) {
            int tag = in[at++] & 0xff;
            if ((tag & 3) == LITERAL) {
                long literal = literalLength(in, length, tag);
                if (literal > length - at || literal > size - to) {
                    throw corrupt("a literal of " + literal + " bytes where " + Math.min(length - at, size - to)
                            + " are left");
                }
                System.arraycopy(in, at, out, to, (int) literal);
                at += (int) literal;
                to += (int) literal;
                continue;
            }
            int copied;
            long offset;
            if ((tag & 3) == COPY_1) {
                copied = 4 + ((tag >>> 2) & 7);
                offset = ((tag >>> 5) << 8) | littleEndian(in, length, 1);
            } else {
                copied = 1 + (tag >>> 2);
                offset = littleEndian(in, length, (tag & 3) == COPY_2 ? 2 : 4);
            }
            if (offset == 0 || offset > to) {
                throw corrupt("a copy from " + offset + " bytes before byte " + to);
            }
            if (copied > size - to) {
                throw corrupt("a copy of " + copied + " bytes where " + (size - to) + " are left");
            }
            copy(out, to, (int) offset, copied);
            to += copied;
        }
        if (to != size) {
            throw corrupt("the block ends after " + to + " of " + size + " bytes");
        }
    }

    /** The source may reach into what is being written: then it repeats. */
    private static void copy(byte[] out, int to, int offset, int count) {
        int from = to - offset;
        if (offset >= Long.BYTES && to + count + Long.BYTES <= out.length) {
            // Words may write a little beyond the end; what comes next overwrites that.
            for (int i = 0; i < count; i += Long.BYTES) {
                LONGS.set(out, to + i, (long) LONGS.get(out, from + i));
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            out[to + i] = out[from + i];
        }
    }

    private BadRequestException corrupt(String what) {
        return new BadRequestException("snappy: corrupt input at byte " + at + ": " + what);
    }
}
