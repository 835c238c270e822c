package org.narthex.remote;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;

/**
 * A hash of 128 bits that stands for a label set. Two lanes of 64 bits, each a chain of 128-bit products folded to 64 bits as in wyhash, with keys of
 * their own that are drawn at random for each process: nobody outside can prepare label sets that collide, and by chance two of a thousand million
 * do with a probability below 10<sup>-18</sup>. Holds the last result. Not thread-safe, but for the keys.
 */
final class SeriesHash {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The random part, made once and shared. */
    record Keys(long a0, long a1, long a2, long b0, long b1, long b2) {
        static Keys random(RandomGenerator random) {
            return new Keys(
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong(),
                    random.nextLong());
        }
    }

    private final Keys keys;
    private long high;
    private long low;

    SeriesHash(Keys keys) {
        this.keys = keys;
    }

    long high() {
        return high;
    }

    /** Never 0, which marks an empty place in {@link SeriesRefs}. */
    long low() {
        return low;
    }

    /** Hashes the bytes of {@code [from, to)}. */
    void bytes(byte[] bytes, int from, int to) {
        int length = to - from;
        long a = keys.a2;
        long b = keys.b2;
        int at = from;
        for (; to - at > 16; at += 16) {
            long x = (long) LONGS.get(bytes, at);
            long y = (long) LONGS.get(bytes, at + 8);
            a = fold(a ^ x ^ keys.a0, y ^ keys.a1);
            b = fold(b ^ y ^ keys.b0, x ^ keys.b1);
        }
        long x;
        long y;
        if (length >= 16) {
            // The last 16 bytes, some of them for the second time: no loop over single bytes.
            x = (long) LONGS.get(bytes, to - 16);
            y = (long) LONGS.get(bytes, to - 8);
        } else if (length >= 8) {
            x = (long) LONGS.get(bytes, from);
            y = (long) LONGS.get(bytes, to - 8);
        } else {
            x = 0;
            y = 0;
            for (int i = 0; i < length; i++) {
                x |= (bytes[from + i] & 0xffL) << (8 * i);
            }
        }
        finish(fold(a ^ x ^ keys.a0, y ^ keys.a1), fold(b ^ y ^ keys.b0, x ^ keys.b1), length);
    }

    /**
     * Hashes the hashes of texts.
     *
     * @param indexes which texts, in order; the first {@code count} of them
     * @param highs high halves by index
     */
    void sequence(int[] indexes, int count, long[] highs, long[] lows) {
        long a = keys.a1;
        long b = keys.b1;
        for (int i = 0; i < count; i++) {
            long x = highs[indexes[i]];
            long y = lows[indexes[i]];
            a = fold(a ^ x ^ keys.a0, y ^ keys.a2);
            b = fold(b ^ y ^ keys.b0, x ^ keys.b2);
        }
        finish(a, b, ~count);
    }

    /** Takes up an earlier result. */
    void start(long newHigh, long newLow) {
        high = newHigh;
        low = newLow;
    }

    /** Hashes two more words into the last result. */
    void also(long x, long y) {
        finish(fold(high ^ x ^ keys.a0, y ^ keys.a1), fold(low ^ y ^ keys.b0, x ^ keys.b1), 0);
    }

    private void finish(long a, long b, int length) {
        high = fold(a ^ keys.a2, length ^ keys.a0);
        long last = fold(b ^ keys.b2, length ^ keys.b0);
        low = last == 0 ? 1 : last;
    }

    /** The two halves of the product, one upon the other. */
    private static long fold(long x, long y) {
        return (x * y) ^ Math.multiplyHigh(x, y);
    }
}
