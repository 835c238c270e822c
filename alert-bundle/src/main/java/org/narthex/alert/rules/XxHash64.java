package org.narthex.alert.rules;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The hash XXH64 with seed 0, by which Prometheus spreads rule groups; see the xxHash specification. */
final class XxHash64 {
    private static final long PRIME_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME_3 = 0x165667B19E3779F9L;
    private static final long PRIME_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME_5 = 0x27D4EB2F165667C5L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private XxHash64() {}

    static long of(byte[] input) {
        int at = 0;
        long hash = PRIME_5;
        if (input.length >= 32) {
            long[] lanes = {PRIME_2, PRIME_2, 0, -PRIME_1};
            lanes[0] += PRIME_1;
            for (; at + 32 <= input.length; at += 32) {
                for (int lane = 0; lane < 4; lane++) {
                    lanes[lane] = round(lanes[lane], (long) LONGS.get(input, at + 8 * lane));
                }
            }
            hash = Long.rotateLeft(lanes[0], 1)
                    + Long.rotateLeft(lanes[1], 7)
                    + Long.rotateLeft(lanes[2], 12)
                    + Long.rotateLeft(lanes[3], 18);
            for (long lane : lanes) {
                hash = (hash ^ round(0, lane)) * PRIME_1 + PRIME_4;
            }
        }
        return mixed(rest(hash + input.length, input, at));
    }

    private static long round(long lane, long input) {
        return Long.rotateLeft(lane + input * PRIME_2, 31) * PRIME_1;
    }

    /** Takes in what is less than a stripe of 32 bytes. */
    private static long rest(long start, byte[] input, int from) {
        long hash = start;
        int at = from;
        for (; at + 8 <= input.length; at += 8) {
            hash = Long.rotateLeft(hash ^ round(0, (long) LONGS.get(input, at)), 27) * PRIME_1 + PRIME_4;
        }
        if (at + 4 <= input.length) {
            hash ^= Integer.toUnsignedLong((int) INTS.get(input, at)) * PRIME_1;
            hash = Long.rotateLeft(hash, 23) * PRIME_2 + PRIME_3;
            at += 4;
        }
        for (; at < input.length; at++) {
            hash = Long.rotateLeft(hash ^ (input[at] & 0xff) * PRIME_5, 11) * PRIME_1;
        }
        return hash;
    }

    private static long mixed(long hash) {
        long mixed = (hash ^ (hash >>> 33)) * PRIME_2;
        mixed = (mixed ^ (mixed >>> 29)) * PRIME_3;
        return mixed ^ (mixed >>> 32);
    }
}
