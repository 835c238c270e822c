package org.narthex.tsdb.chunk;

/**
 * Writes whole numbers in as many bits as their size asks for; {@link BitReader} reads them. As many ones and a zero as stand in front of the width:
 * 0 is 0 | 10 + 3 bits | 110 + 6 | 1110 + 9 | 11110 + 12 | 111110 + 18 | 1111110 + 25 | 11111110 + 56 | 11111111 + 64.
 */
final class Varbit {
    /** By the number of leading ones. */
    private static final int[] WIDTHS = {0, 3, 6, 9, 12, 18, 25, 56, 64};

    private Varbit() {}

    static int width(int ones) {
        return WIDTHS[ones];
    }

    /** Signed, n bits holding -(2^(n-1)-1) to 2^(n-1): shifted by one against two's complement. */
    static void writeInt(long value, BitSink sink) {
        // What is asked of the width: 2^(n-1) >= value and 2^(n-1) > -value.
        write(
                value,
                value > 0 ? 65 - Long.numberOfLeadingZeros(value - 1) : 65 - Long.numberOfLeadingZeros(-value),
                sink);
    }

    static void writeUint(long value, BitSink sink) {
        write(value, 64 - Long.numberOfLeadingZeros(value), sink);
    }

    private static void write(long value, int needed, BitSink sink) {
        if (value == 0) {
            sink.bits(0, 1);
            return;
        }
        int ones = 1;
        while (ones < 8 && WIDTHS[ones] < needed) {
            ones++;
        }
        int width = WIDTHS[ones];
        // Ones and the zero that ends them; eight ones need none.
        int prefixBits = Math.min(ones + 1, 8);
        long prefix = ((1L << ones) - 1) << (prefixBits - ones);
        if (prefixBits + width <= 64) {
            sink.bits(prefix << width | (value & (-1L >>> (64 - width))), prefixBits + width);
        } else {
            sink.bits(prefix, prefixBits);
            sink.bits(value, width);
        }
    }

    /** Unsigned LEB128, at any bit position. */
    static void writeBytes(long value, BitSink sink) {
        long rest = value;
        // Gathered, since each call of the sink costs.
        long word = 0;
        int count = 0;
        while ((rest & ~0x7fL) != 0) {
            word = word << 8 | (rest & 0x7f) | 0x80;
            count += 8;
            rest >>>= 7;
            if (count == 56) {
                sink.bits(word, count);
                word = 0;
                count = 0;
            }
        }
        sink.bits(word << 8 | rest, count + 8);
    }

    static void writeZigZagBytes(long value, BitSink sink) {
        writeBytes((value << 1) ^ (value >> 63), sink);
    }
}
