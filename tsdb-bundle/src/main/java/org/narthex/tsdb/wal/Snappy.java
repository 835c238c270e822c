package org.narthex.tsdb.wal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.narthex.tsdb.encoding.CorruptionException;

/**
 * Snappy's block format, both ways: uvarint length, then literals and copies. Written here because the native library costs more at start-up than
 * it gives on records of a few kilobytes. Not thread-safe: it keeps its table between calls.
 */
final class Snappy {
    private static final int TABLE_BITS = 12;
    /** Copies reach back at most this far, so that an offset fits into two bytes. */
    private static final int FRAGMENT = 1 << 16;

    private static final int MIN_MATCH = 4;
    /** Below this many bytes left no match is looked for: reads are eight bytes wide. */
    private static final int MARGIN = 15;

    private static final VarHandle LE32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();

    private final int[] table = new int[1 << TABLE_BITS];
    private byte[] output = new byte[1024];
    private int out;

    /** The result of the last call; only as many bytes count as it returned. */
    byte[] output() {
        return output;
    }

    /** @return the compressed length */
    int compress(byte[] input, int length) {
        int worst = 32 + length + length / 6;
        if (output.length < worst) {
            output = new byte[worst];
        }
        out = 0;
        int rest = length;
        while (rest >= 0x80) {
            output[out++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        output[out++] = (byte) rest;
        for (int from = 0; from < length; from += FRAGMENT) {
            fragment(input, from, Math.min(length, from + FRAGMENT));
        }
        return out;
    }

    private void fragment(byte[] in, int from, int end) {
        Arrays.fill(table, from - 1);
        int literal = from;
        int at = from;
        int searchEnd = end - MARGIN;
        // The longer nothing is found, the bigger the steps: incompressible bytes pass quickly.
        int misses = 32;
        while (at < searchEnd) {
            int word = (int) LE32.get(in, at);
            int slot = (word * 0x1e35a7bd) >>> (32 - TABLE_BITS);
            int candidate = table[slot];
            table[slot] = at;
            if (candidate < from || (int) LE32.get(in, candidate) != word) {
                at += misses++ >> 5;
                continue;
            }
            misses = 32;
            literal(in, literal, at - literal);
            int length = MIN_MATCH;
            while (at + length < end && in[candidate + length] == in[at + length]) {
                length++;
            }
            copy(at - candidate, length);
            at += length;
            literal = at;
        }
        literal(in, literal, end - literal);
    }

    private void literal(byte[] in, int from, int length) {
        if (length == 0) {
            return;
        }
        int n = length - 1;
        if (n < 60) {
            output[out++] = (byte) (n << 2);
        } else if (n < 1 << 8) {
            output[out++] = (byte) (60 << 2);
            output[out++] = (byte) n;
        } else {
            output[out++] = (byte) (61 << 2);
            output[out++] = (byte) n;
            output[out++] = (byte) (n >>> 8);
        }
        System.arraycopy(in, from, output, out, length);
        out += length;
    }

    private void copy(int offset, int length) {
        int left = length;
        while (left >= 68) {
            copy2(offset, 64);
            left -= 64;
        }
        if (left > 64) {
            // Leaves at least four, the least a short copy can say.
            copy2(offset, 60);
            left -= 60;
        }
        if (left >= 12 || offset >= 2048) {
            copy2(offset, left);
        } else {
            output[out++] = (byte) ((offset >>> 8) << 5 | (left - 4) << 2 | 1);
            output[out++] = (byte) offset;
        }
    }

    private void copy2(int offset, int length) {
        output[out++] = (byte) ((length - 1) << 2 | 2);
        output[out++] = (byte) offset;
        output[out++] = (byte) (offset >>> 8);
    }

    /** @return the decompressed length */
    int decompress(String file, byte[] in, int length) throws CorruptionException {
        long size = 0;
        int at = 0;
        for (int shift = 0; ; shift += 7) {
            if (at == length || shift > 28) {
                throw new CorruptionException(file, at, "snappy: bad length");
            }
            int b = in[at++];
            size |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                break;
            }
        }
        // Snappy cannot shrink more than about 21 to 1; a length beyond that is a lie and would only cost memory.
        if (size > 64L * length) {
            throw new CorruptionException(file, 0, "snappy: " + length + " bytes cannot hold " + size);
        }
        if (output.length < size) {
            output = new byte[(int) size];
        }
        expand(file, in, at, length, (int) size);
        return (int) size;
    }

    private void expand(String file, byte[] in, int from, int length, int size) throws CorruptionException {
        int at = from;
        out = 0;
        while (at < length) {
            int tag = in[at++] & 0xff;
            int kind = tag & 3;
            int extra = kind == 0 ? Math.max(0, (tag >>> 2) - 59) : kind == 3 ? 4 : kind;
            if (length - at < extra) {
                throw new CorruptionException(file, at, "snappy: ends within a tag");
            }
            long number = 0;
            for (int i = 0; i < extra; i++) {
                number |= (in[at++] & 0xffL) << (8 * i);
            }
            if (kind == 0) {
                long run = 1 + (extra == 0 ? tag >>> 2 : number);
                if (run > length - at || run > size - out) {
                    throw new CorruptionException(file, at, "snappy: a literal of " + run + " bytes runs over the end");
                }
                System.arraycopy(in, at, output, out, (int) run);
                at += (int) run;
                out += (int) run;
            } else {
                int run = kind == 1 ? 4 + ((tag >>> 2) & 7) : 1 + (tag >>> 2);
                long offset = kind == 1 ? (tag >>> 5) << 8 | number : number;
                if (offset == 0 || offset > out || run > size - out) {
                    throw new CorruptionException(file, at, "snappy: a copy of " + run + " from " + offset + " back");
                }
                repeat((int) offset, run);
            }
        }
        if (out != size) {
            throw new CorruptionException(file, at, "snappy: " + out + " bytes instead of " + size);
        }
    }

    private void repeat(int offset, int run) {
        if (offset >= run) {
            System.arraycopy(output, out - offset, output, out, run);
            out += run;
            return;
        }
        // The copy overlaps itself: that is how runs are written.
        for (int i = 0; i < run; i++) {
            output[out] = output[out - offset];
            out++;
        }
    }
}
