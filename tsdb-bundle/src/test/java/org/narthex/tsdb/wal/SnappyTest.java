package org.narthex.tsdb.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.narthex.tsdb.encoding.CorruptionException;

/** Against the reference implementation, both ways. */
class SnappyTest {
    private static final long SEED = 11;

    private final Snappy snappy = new Snappy();

    @Test
    void writesWhatTheReferenceReads() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            byte[] input = input(random);
            int length = snappy.compress(input, input.length);
            assertThat(org.xerial.snappy.Snappy.uncompress(Arrays.copyOf(snappy.output(), length)))
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(input);
        }
    }

    @Test
    void readsWhatTheReferenceWrites() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            byte[] input = input(random);
            byte[] compressed = org.xerial.snappy.Snappy.compress(input);
            int length = snappy.decompress("test", compressed, compressed.length);
            assertThat(Arrays.copyOf(snappy.output(), length))
                    .as("seed %d, round %d", SEED, round)
                    .isEqualTo(input);
        }
    }

    @Test
    void compressesRepetition() {
        byte[] input = new byte[100_000];
        assertThat(snappy.compress(input, input.length)).isLessThan(6000);
    }

    @Test
    void refusesDamagedBytesWithoutCrashing() throws IOException {
        Random random = new Random(SEED);
        byte[] compressed = org.xerial.snappy.Snappy.compress(input(random));
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = Arrays.copyOf(compressed, 1 + random.nextInt(compressed.length));
            for (int i = 0; i < 3; i++) {
                damaged[random.nextInt(Math.min(damaged.length, 60))] = (byte) random.nextInt();
            }
            try {
                snappy.decompress("test", damaged, damaged.length);
            } catch (CorruptionException e) {
                assertThat(e).hasMessageContaining("snappy");
            }
        }
    }

    @Test
    void refusesALengthThatCannotBe() {
        byte[] lie = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x07, 0};
        assertThatThrownBy(() -> snappy.decompress("test", lie, lie.length)).isInstanceOf(CorruptionException.class);
    }

    private static byte[] input(Random random) {
        byte[] input = new byte[random.nextInt(random.nextInt(10) == 0 ? 200_000 : 3000)];
        int kind = random.nextInt(4);
        for (int i = 0; i < input.length; i++) {
            input[i] = (byte)
                    switch (kind) {
                        case 0 -> 0;
                        case 1 -> random.nextInt();
                        case 2 ->
                            i > 50 && random.nextInt(8) != 0 ? input[i - 1 - random.nextInt(40)] : random.nextInt(4);
                        default -> i % 17;
                    };
        }
        return input;
    }
}
