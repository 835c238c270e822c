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

    /** Room past the end of the output, so that short runs may be moved eight bytes at a time. */
    private static final int SLACK = 16;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
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
        int worst = 32 + length + length / 6 + SLACK;
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
            int length = MIN_MATCH + common(in, candidate + MIN_MATCH, at + MIN_MATCH, end);
            copy(at - candidate, length);
            at += length;
            literal = at;
        }
        literal(in, literal, end - literal);
    }

    /** How many bytes from {@code a} on are the same as from {@code b} on, which comes later and goes on to {@code end}. */
    private static int common(byte[] in, int a, int b, int end) {
        int length = 0;
        while (b + length <= end - Long.BYTES) {
            long difference = (long) WORD.get(in, a + length) ^ (long) WORD.get(in, b + length);
            if (difference != 0) {
                return length + (Long.numberOfTrailingZeros(difference) >>> 3);
            }
            length += Long.BYTES;
        }
        while (b + length < end && in[a + length] == in[b + length]) {
            length++;
        }
        return length;
    }

    private void literal(byte[] in, int from, int length) {
        if (length == 0) {
            return;
        }
        if (length <= 16 && from + 16 <= in.length) {
            // Most are this short. What is written too much is overwritten by what follows.
            output[out++] = (byte) ((length - 1) << 2);
            WORD.set(output, out, (long) WORD.get(in, from));
            WORD.set(output, out + 8, (long) WORD.get(in, from + 8));
            out += length;
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
        return decompress(file, in, 0, length);
    }

    /** @return the decompressed length */
    int decompress(String file, byte[] in, int start, int length) throws CorruptionException {
        int end = start + length;
        long size = 0;
        int at = start;
        for (int shift = 0; ; shift += 7) {
            if (at == end || shift > 28) {
                throw new CorruptionException(file, at - start, "snappy: bad length");
            }
            int b = in[at++];
            size |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                break;
            }
        }
        // Snappy cannot shrink more than about 21 to 1; a length beyond that is a lie and would only cost memory.
        if (size > Math.min(64L * length, WalReader.LONGEST_RECORD)) {
            throw new CorruptionException(file, 0, "snappy: " + length + " bytes cannot hold " + size);
        }
        if (output.length < size + SLACK) {
            output = new byte[(int) size + SLACK];
        }
        try {
            expand(in, at, end, (int) size);
        } catch (Damage e) {
            throw new CorruptionException(file, e.at - start, "snappy: " + e.getMessage());
        }
        return (int) size;
    }

    /** A fault where the file's name is not known. */
    private static final class Damage extends Exception {
        private static final long serialVersionUID = 1;
        final int at;

        Damage(int at, String why) {
            super(why);
            this.at = at;
        }
    }

    private void expand(byte[] in, int from, int end, int size) throws Damage {
        byte[] output = this.output;
        int at = from;
        int out = 0;
        while (at < end) {
            int tag = in[at++] & 0xff;
            int kind = tag & 3;
            if (kind == 0) {
                int run = 1 + (tag >>> 2);
                if (run <= 16 && end - at >= 16 && run <= size - out) {
                    // Most literals are this short. What is written too much is overwritten by what follows.
                    WORD.set(output, out, (long) WORD.get(in, at));
                    WORD.set(output, out + 8, (long) WORD.get(in, at + 8));
                } else {
                    if (run > 60) {
                        int extra = run - 60;
                        run = 1 + length(in, at, extra, end);
                        at += extra;
                    }
                    if (run > end - at || run > size - out || run <= 0) {
                        throw new Damage(at, "a literal of " + run + " bytes runs over the end");
                    }
                    System.arraycopy(in, at, output, out, run);
                }
                at += run;
                out += run;
                continue;
            }
            int run;
            int offset;
            if (kind == 1) {
                run = 4 + ((tag >>> 2) & 7);
                offset = (tag >>> 5) << 8 | length(in, at, 1, end);
                at += 1;
            } else {
                int extra = kind == 2 ? 2 : 4;
                run = 1 + (tag >>> 2);
                offset = length(in, at, extra, end);
                at += extra;
            }
            if (offset <= 0 || offset > out || run > size - out) {
                throw new Damage(at, "a copy of " + run + " from " + offset + " back");
            }
            if (offset >= 8) {
                // Eight bytes at a time even where the copy overlaps itself; the last step may write seven too many.
                for (int i = 0; i < run; i += 8) {
                    WORD.set(output, out + i, (long) WORD.get(output, out + i - offset));
                }
            } else {
                for (int i = 0; i < run; i++) {
                    output[out + i] = output[out + i - offset];
                }
            }
            out += run;
        }
        if (out != size) {
            throw new Damage(at, out + " bytes instead of " + size);
        }
    }

    /** A little-endian number of one to four bytes; negative if it is beyond 31 bits. */
    private static int length(byte[] in, int at, int bytes, int end) throws Damage {
        if (end - at < bytes) {
            throw new Damage(at, "ends within a tag");
        }
        int number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (in[at + i] & 0xff) << (8 * i);
        }
        return number;
    }
}
