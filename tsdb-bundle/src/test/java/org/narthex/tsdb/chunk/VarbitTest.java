package org.narthex.tsdb.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;

class VarbitTest {
    private static final long SEED = 3;

    @Test
    void writesTheBytesTheFormatDemands() {
        assertThat(hex(sink -> Varbit.writeInt(0, sink))).isEqualTo(Chunks.bits("0"));
        assertThat(hex(sink -> Varbit.writeInt(4, sink))).isEqualTo(Chunks.bits("10 100"));
        assertThat(hex(sink -> Varbit.writeInt(-3, sink))).isEqualTo(Chunks.bits("10 101"));
        assertThat(hex(sink -> Varbit.writeInt(5, sink))).isEqualTo(Chunks.bits("110 000101"));
        assertThat(hex(sink -> Varbit.writeInt(-4, sink))).isEqualTo(Chunks.bits("110 111100"));
        assertThat(hex(sink -> Varbit.writeInt(256, sink))).isEqualTo(Chunks.bits("1110 100000000"));
        assertThat(hex(sink -> Varbit.writeInt(2048, sink))).isEqualTo(Chunks.bits("11110 100000000000"));
        assertThat(hex(sink -> Varbit.writeInt(1 << 17, sink))).isEqualTo("fa0000");
        assertThat(hex(sink -> Varbit.writeInt(1 << 24, sink))).isEqualTo("fd000000");
        assertThat(hex(sink -> Varbit.writeInt(1L << 55, sink))).isEqualTo("fe80000000000000");
        assertThat(hex(sink -> Varbit.writeInt(-1L << 55, sink))).isEqualTo("ffff80000000000000");
        assertThat(hex(sink -> Varbit.writeInt(Long.MIN_VALUE, sink))).isEqualTo("ff8000000000000000");
        assertThat(hex(sink -> Varbit.writeUint(7, sink))).isEqualTo(Chunks.bits("10 111"));
        assertThat(hex(sink -> Varbit.writeUint(8, sink))).isEqualTo(Chunks.bits("110 001000"));
        assertThat(hex(sink -> Varbit.writeUint(-1, sink))).isEqualTo("ffffffffffffffffff");
    }

    private static String hex(Consumer<BitSink> writer) {
        BitBuffer bits = new BitBuffer(0, 0);
        writer.accept(bits);
        return Chunks.hex(bits.copy(0));
    }

    @Test
    void readsWhatItWroteAtAnyPosition() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            BitBuffer bits = new BitBuffer(3, 0);
            long[] values = new long[100];
            for (int i = 0; i < values.length; i++) {
                long power = 1L << random.nextInt(64);
                values[i] = random.nextBoolean() ? power + random.nextInt(3) - 1 : -power + random.nextInt(3) - 1;
                Varbit.writeInt(values[i], bits);
                Varbit.writeUint(values[i], bits);
                Varbit.writeBytes(values[i], bits);
                Varbit.writeZigZagBytes(values[i], bits);
            }
            byte[] written = bits.copy(BitReader.PADDING);
            BitReader in = new BitReader(written, 3, written.length - BitReader.PADDING);
            for (long value : values) {
                assertThat(in.varbitInt()).as("seed %d, round %d", SEED, round).isEqualTo(value);
                assertThat(in.varbitUint()).as("seed %d, round %d", SEED, round).isEqualTo(value);
                assertThat(in.uvarint()).as("seed %d, round %d", SEED, round).isEqualTo(value);
                assertThat(in.varint()).as("seed %d, round %d", SEED, round).isEqualTo(value);
            }
            assertThat(in.left()).isBetween(0, 7);
        }
    }
}
